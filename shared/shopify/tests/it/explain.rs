//! For each way in which a delivery is known to be spoilt, the cause that is told.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Private;
use proptest::prelude::*;
use shopify::{Cause, Context, explain, sign};

const SIGNED: &str = r##"{"id":6201000001001,"name":"#1001","note":"Zoë \/ <3","total_price":"14.90"}"##;

fn secrets() -> Vec<Private<String>> {
    ["shpss_old", "shpss_live"].map(|secret| Private::new(secret.to_owned())).to_vec()
}

/// The cause for a body that arrived with the signature over another.
fn cause(signed: impl AsRef<[u8]>, arrived: impl AsRef<[u8]>) -> Cause {
    let header = sign(&secrets()[1], signed.as_ref());
    explain(&secrets(), arrived.as_ref(), &header, Context::default())
}

fn cause_of_header(header: &str) -> Cause {
    explain(&secrets(), SIGNED.as_bytes(), header, Context::default())
}

fn right_header() -> String {
    sign(&secrets()[1], SIGNED.as_bytes())
}

#[test]
fn what_was_done_to_the_body_is_told() {
    let value: serde_json::Value = serde_json::from_str(SIGNED).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let rewritten = value.to_string();
    let latin: String = SIGNED.bytes().map(char::from).collect();
    let cases = [
        (SIGNED.to_owned(), SIGNED.to_owned(), Cause::Fits),
        (SIGNED.to_owned(), STANDARD.encode(SIGNED), Cause::BodyBase64),
        (SIGNED.to_owned(), format!("{}\n", STANDARD.encode(SIGNED)), Cause::BodyBase64),
        (SIGNED.to_owned(), serde_json::to_string(SIGNED).unwrap(), Cause::BodyQuoted),
        (SIGNED.to_owned(), format!("{SIGNED}\n"), Cause::NewlineAdded),
        (SIGNED.to_owned(), format!("{SIGNED}\r\n"), Cause::NewlineAdded),
        (format!("{SIGNED}\n"), SIGNED.to_owned(), Cause::NewlineRemoved),
        (format!("{SIGNED}\r\n"), SIGNED.to_owned(), Cause::NewlineRemoved),
        (pretty.replace('\n', "\r\n"), pretty.clone(), Cause::NewlinesChanged),
        (pretty.clone(), pretty.replace('\n', "\r\n"), Cause::NewlinesChanged),
        (SIGNED.to_owned(), format!("\u{feff}{SIGNED}"), Cause::ByteOrderMark),
        (SIGNED.to_owned(), latin, Cause::CharacterSet),
        (SIGNED.to_owned(), rewritten.clone(), Cause::Reserialised),
        (SIGNED.to_owned(), rewritten.replace(':', ": "), Cause::Reserialised),
        (SIGNED.to_owned(), rewritten.replace('ë', "\\u00eb"), Cause::Reserialised),
        (format!("{rewritten}\n"), rewritten.replace(',', ", "), Cause::Reserialised),
        (pretty.clone(), rewritten.clone(), Cause::ReserialisedFromPretty),
        (SIGNED.to_owned(), SIGNED.replace('ë', "\u{fffd}"), Cause::CharactersLost),
        (SIGNED.to_owned(), SIGNED.replace("14.90", "1.00"), Cause::AnotherKey),
        (SIGNED.to_owned(), String::new(), Cause::EmptyBody),
    ];
    for (signed, arrived, expected) in cases {
        assert_eq!(cause(&signed, &arrived), expected, "{arrived}");
    }
    assert_eq!(cause(SIGNED, [0x1f, 0x8b, 8, 0]), Cause::BodyCompressed);
}

#[test]
fn what_was_done_to_the_header_is_told() {
    let right = right_header();
    let bytes = STANDARD.decode(&right).unwrap();
    let hex = bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02X}"));
    let cases = [
        (right.clone(), Cause::Fits),
        (String::new(), Cause::HeaderMissing),
        (" \n".to_owned(), Cause::HeaderMissing),
        (hex.clone(), Cause::HeaderHexFits),
        (hex.to_ascii_lowercase(), Cause::HeaderHexFits),
        ("0".repeat(64), Cause::HeaderHex),
        (right[..20].to_owned(), Cause::HeaderLength { bytes: 15 }),
        (right.trim_end_matches('=').to_owned(), Cause::HeaderLength { bytes: 32 }),
        (format!("{right}{right}"), Cause::HeaderNotBase64),
        ("A".repeat(88), Cause::HeaderLength { bytes: 66 }),
        ("not a signature".to_owned(), Cause::HeaderNotBase64),
    ];
    for (header, expected) in cases {
        assert_eq!(cause_of_header(&header), expected, "{header}");
    }
}

#[test]
fn a_key_that_is_not_known_is_told_as_such() {
    let header = sign(&Private::new("another app's".to_owned()), SIGNED.as_bytes());
    let told = explain(&secrets(), SIGNED.as_bytes(), &header, Context::default());
    assert_eq!(told, Cause::AnotherKey);
    assert!(told.to_string().contains("another app's") && told.to_string().contains("by hand"));
    assert_eq!(explain(&[], SIGNED.as_bytes(), &header, Context::default()), Cause::NoSecret);
}

#[test]
fn a_body_of_another_length_than_announced_was_changed() {
    let context = Context { content_length: Some(SIGNED.len()) };
    let cut = &SIGNED.as_bytes()[..20];
    let told = explain(&secrets(), cut, &right_header(), context);
    assert_eq!(told, Cause::BodyLength { announced: SIGNED.len(), received: 20 });
    // What explains the difference goes before it.
    let added = format!("{SIGNED}\n");
    assert_eq!(explain(&secrets(), added.as_bytes(), &right_header(), context), Cause::NewlineAdded);
}

#[test]
fn a_long_body_is_not_spelled_anew() {
    let signed = format!(r#"{{"note":"{}"}}"#, "n".repeat(70_000));
    assert_eq!(cause(&signed, signed.replace(':', ": ")), Cause::AnotherKey);
}

#[test]
fn every_cause_has_a_name_of_its_own_and_shows_nothing() {
    let length = Cause::HeaderLength { bytes: 1 };
    let causes = [
        Cause::Fits,
        Cause::NoSecret,
        Cause::HeaderMissing,
        Cause::HeaderHexFits,
        Cause::HeaderHex,
        length,
        Cause::HeaderNotBase64,
        Cause::EmptyBody,
        Cause::BodyLength { announced: 1, received: 2 },
        Cause::BodyBase64,
        Cause::BodyQuoted,
        Cause::BodyCompressed,
        Cause::NewlineAdded,
        Cause::NewlineRemoved,
        Cause::NewlinesChanged,
        Cause::ByteOrderMark,
        Cause::CharacterSet,
        Cause::CharactersLost,
        Cause::Reserialised,
        Cause::ReserialisedFromPretty,
        Cause::AnotherKey,
    ];
    let names: std::collections::BTreeSet<_> = causes.iter().map(|cause| cause.as_str()).collect();
    assert_eq!(names.len(), causes.len());
}

proptest! {
    #[test]
    fn no_body_and_no_header_is_a_panic(
        body in prop::collection::vec(any::<u8>(), 0..200), header in ".{0,90}", length in 0..300_usize,
    ) {
        let _ = explain(&secrets(), &body, &header, Context { content_length: Some(length) });
        let context = Context::default();
        prop_assert!(explain(&secrets(), &body, &right_header(), context) != Cause::Fits);
    }

    #[test]
    fn cut_json_is_no_panic(text in r#"[\[\]{}",:a-z0-9\\u é]{0,60}"#) {
        let _ = cause(SIGNED, text);
    }
}
