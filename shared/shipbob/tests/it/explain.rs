//! Why a delivery was rejected: each cause is made, found, and tells nothing that is secret.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use shipbob::{Cause, DeliveryHeaders, Secret, explain, sign};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const ID: &str = "msg_31eW7bWRi16lL0Ajjik68kfyeUh";
const BODY: &str = r#"{"id":1,"order_id":2,"recipient":{"name":"Ada Lovelace"},"tags":["a, b",{}]}"#;

fn now() -> Timestamp {
    Timestamp::from_second(1_755_884_852).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::parse(text).unwrap()
}

fn headers(timestamp: &str, signature: &str) -> DeliveryHeaders {
    DeliveryHeaders::Signed {
        topic: "order.shipped".into(),
        id: ID.into(),
        timestamp: timestamp.into(),
        signature: signature.into(),
    }
}

/// The header that a sender with another key, or another idea of what is signed, makes.
fn signed_with(key: &[u8], content: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(content);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The cause found for a body that was signed as `signed` and came as `received`.
fn changed(signed: &str, received: &str) -> Cause {
    let header = sign(&secret(SECRET), ID, now(), signed.as_bytes());
    explain(&[secret(OTHER), secret(SECRET)], &headers("1755884852", &header), received.as_bytes(), now())
}

/// The cause found for the usual body with another header.
fn with(timestamp: &str, signature: &str) -> Cause {
    explain(&[secret(SECRET)], &headers(timestamp, signature), BODY.as_bytes(), now())
}

#[test]
fn a_changed_body_is_told_by_what_was_done_to_it() {
    let value: serde_json::Value = serde_json::from_str(BODY).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let spaced = BODY.replace("\":", "\": ").replace(",\"", ", \"").replace(",{", ", {");
    for (signed, received, expected) in [
        (BODY, BODY, Cause::Fits),
        (BODY, &format!("{BODY}\n"), Cause::NewlineAdded),
        (&format!("{BODY}\n"), BODY, Cause::NewlineRemoved),
        (&format!("{BODY}\r\n"), BODY, Cause::NewlineRemoved),
        (BODY, &pretty, Cause::Reserialised),
        (BODY, &spaced, Cause::Reserialised),
        (&spaced, BODY, Cause::Reserialised),
        (BODY, &BODY.replace("Ada", "Eve"), Cause::AnotherSecret),
        (BODY, "", Cause::AnotherSecret),
    ] {
        assert_eq!(changed(signed, received), expected, "{received}");
    }
}

#[test]
fn a_wrong_sender_is_told_by_what_it_signed_with() {
    let content = format!("{ID}.1755884852.{BODY}");
    let key = STANDARD.decode(&SECRET[6..]).unwrap();
    for (signature, expected) in [
        (signed_with(&key, &content), Cause::Fits),
        (signed_with(SECRET.as_bytes(), &content), Cause::SecretAsText),
        (signed_with(&SECRET.as_bytes()[6..], &content), Cause::SecretAsText),
        (signed_with(&key, BODY), Cause::BodyAlone),
        (sign(&secret(OTHER), ID, now(), BODY.as_bytes()), Cause::AnotherSecret),
    ] {
        assert_eq!(with("1755884852", &signature), expected);
    }
}

#[test]
fn a_wrong_clock_is_told_with_how_wrong_it_is() {
    for (ahead, expected) in
        [(300, Cause::Fits), (301, Cause::Clock { seconds: 301 }), (-3600, Cause::Clock { seconds: -3600 })]
    {
        let header = sign(&secret(SECRET), ID, now(), BODY.as_bytes());
        let clock = now() + SignedDuration::from_secs(ahead);
        let found = explain(&[secret(SECRET)], &headers("1755884852", &header), BODY.as_bytes(), clock);
        assert_eq!(found, expected, "{ahead}");
    }
    let other = sign(&secret(OTHER), ID, now(), BODY.as_bytes());
    assert_eq!(with("1755880000", &other), Cause::ClockAndSignature { seconds: 4852 });
}

#[test]
fn unusable_headers_are_told_apart() {
    let right = sign(&secret(SECRET), ID, now(), BODY.as_bytes());
    for (timestamp, signature, expected) in [
        ("soon", right.as_str(), Cause::Time),
        ("1755884852", " ", Cause::HeaderMissing),
        ("1755884852", &right[..right.len() - 9], Cause::HeaderCut),
        ("1755884852", "v1a,AAAA", Cause::OtherVersion),
    ] {
        assert_eq!(with(timestamp, signature), expected);
    }
    let legacy = DeliveryHeaders::Legacy { topic: "order_shipped".into(), subscription_id: "1582".into() };
    assert_eq!(explain(&[secret(SECRET)], &legacy, b"{}", now()), Cause::LegacyUnsigned);
    assert_eq!(explain(&[], &headers("1755884852", &right), b"{}", now()), Cause::NoSecret);
}

/// Each try costs a signature, and anybody may send a body.
#[test]
fn a_very_long_body_is_not_tried() {
    let long = format!("{{\"id\":\"{}\"}}", "a".repeat(70_000));
    assert_eq!(changed(&long, &format!("{long}\n")), Cause::AnotherSecret);
}

#[test]
fn no_cause_holds_what_is_secret() {
    let causes =
        [changed(BODY, &format!("{BODY}\n")), with("1755884852", &signed_with(SECRET.as_bytes(), BODY))];
    for cause in causes {
        let shown = format!("{cause} {cause:?} {}", cause.as_str());
        assert!(!shown.contains(&SECRET[6..]) && !shown.contains("Lovelace"), "{shown}");
    }
}
