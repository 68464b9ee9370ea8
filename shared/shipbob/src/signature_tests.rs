use proptest::prelude::*;

use super::*;

/// Published by the reference libraries of Standard Webhooks: not made with this code.
const VECTORS: [(&str, &str, &str, &str, &str); 3] = [
    (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        r#"{"test": 2432232314}"#,
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        "1649367553",
        r#"{"email":"test@example.com","username":"test_user"}"#,
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ),
    (
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        "1649367553",
        "{\"id\":1}\n",
        "v1,LI+fAsiX9Yoj27/5Xv5EmO81zxx4wzQzTRy1dq9VVhE=",
    ),
];

fn secret(text: &str) -> Secret {
    Secret::parse(text).unwrap()
}

fn at(second: &str) -> Timestamp {
    Timestamp::from_second(second.parse().unwrap()).unwrap()
}

/// The first vector with another header.
fn with_header(header: &str) -> Result<(), SignatureError> {
    let (key, id, time, body, _) = VECTORS[0];
    verify(&[secret(key)], id, time, header, body.as_bytes(), at(time))
}

/// The first vector, looked at so many milliseconds after it was signed.
fn looked_at_after(millis: i64) -> Result<(), SignatureError> {
    let (key, id, time, body, header) = VECTORS[0];
    let now = at(time) + SignedDuration::from_millis(millis);
    verify(&[secret(key)], id, time, header, body.as_bytes(), now)
}

#[test]
fn what_another_program_signed_is_accepted() {
    for (key, id, time, body, header) in VECTORS {
        assert_eq!(verify(&[secret(key)], id, time, header, body.as_bytes(), at(time)), Ok(()), "{body}");
        assert_eq!(sign(&secret(key), id, at(time), body.as_bytes()), header, "{body}");
    }
}

#[test]
fn exactly_300_seconds_either_way_are_accepted_and_a_millisecond_more_is_not() {
    for millis in [0, 999, -999, 299_999, 300_000, -300_000] {
        assert_eq!(looked_at_after(millis), Ok(()), "{millis}");
    }
    assert_eq!(looked_at_after(300_001), Err(SignatureError::TooOld { seconds: 300 }));
    assert_eq!(looked_at_after(-300_001), Err(SignatureError::TooNew { seconds: 300 }));
    assert_eq!(looked_at_after(86_400_000), Err(SignatureError::TooOld { seconds: 86_400 }));
}

#[test]
fn any_signature_under_any_live_secret_is_enough() {
    let (key, id, time, body, header) = VECTORS[0];
    let other = sign(&secret(VECTORS[1].0), id, at(time), body.as_bytes());
    let both = [secret(VECTORS[1].0), secret(key)];
    for header in [header.to_owned(), format!("{other} {header}"), format!("v1a,AAAA v2,x {header} v1,cut")] {
        assert_eq!(with_header(&header), Ok(()), "{header}");
    }
    assert_eq!(verify(&both, id, time, header, body.as_bytes(), at(time)), Ok(()));
    assert_eq!(
        verify(&both[..1], id, time, header, body.as_bytes(), at(time)),
        Err(SignatureError::Mismatch)
    );
    assert_eq!(verify(&[], id, time, header, body.as_bytes(), at(time)), Err(SignatureError::NoSecret));
}

#[test]
fn missing_padding_and_blanks_do_not_matter() {
    let header = VECTORS[0].4;
    for header in [header.trim_end_matches('='), &format!("  {header}\r\n"), &format!("{header}   {header}")]
    {
        assert_eq!(with_header(header), Ok(()), "{header}");
    }
}

#[test]
fn each_unusable_header_has_its_own_error() {
    let long = format!("{} ", VECTORS[0].4).repeat(30);
    let right = VECTORS[0].4.trim_start_matches("v1,");
    let cases = [
        ("", SignatureError::Missing),
        (" \r\n", SignatureError::Missing),
        (right, SignatureError::Malformed),
        ("v1,", SignatureError::Malformed),
        ("v1", SignatureError::Malformed),
        ("v1,g0hM9", SignatureError::Malformed),
        (long.as_str(), SignatureError::Malformed),
        (&format!("v2,{right}"), SignatureError::OtherVersion),
        (&format!("v1a,{right}"), SignatureError::OtherVersion),
        (&format!("v1,{right},v1,{right}"), SignatureError::Malformed),
        ("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", SignatureError::Mismatch),
    ];
    for (header, expected) in cases {
        assert_eq!(with_header(header), Err(expected), "{header}");
    }
}

#[test]
fn an_id_or_a_time_of_another_shape_is_refused() {
    let (key, _, time, body, header) = VECTORS[0];
    let check =
        |id: &str, time: &str| verify(&[secret(key)], id, time, header, body.as_bytes(), at(VECTORS[0].2));
    for id in ["", "msg.1", "."] {
        assert_eq!(check(id, time), Err(SignatureError::Id), "{id}");
    }
    for time in
        ["", "hello", "1614265330.0", "+1614265330", "-1", " 1614265330", "1e9", "0x1", "9999999999999"]
    {
        assert_eq!(check("msg_1", time), Err(SignatureError::Time), "{time}");
    }
}

/// `id.1` with the time `2` and `id` with the time `1.2` would be signed alike.
#[test]
fn what_is_signed_cannot_be_cut_elsewhere() {
    let key = secret(VECTORS[0].0);
    let header = sign(&key, "msg", at("1614265330"), b"1614265331.{}");
    let moved = verify(&[key], "msg.1614265330", "1614265331", &header, b"{}", at("1614265330"));
    assert_eq!(moved, Err(SignatureError::Id));
}

#[test]
fn a_secret_may_come_without_prefix_or_padding_and_is_never_empty() {
    let full = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    for text in [&full[6..], &format!(" {full}\n"), full] {
        assert_eq!(Secret::parse(text), Ok(secret(full)), "{text}");
    }
    let padded = secret("whsec_AAECAwQFBgcICQoLDA0ODxA=");
    assert_eq!(Secret::parse("AAECAwQFBgcICQoLDA0ODxA"), Ok(padded));
    let cases = [
        ("", SecretError::Empty),
        (" ", SecretError::Empty),
        ("whsec_", SecretError::Empty),
        ("whsec_====", SecretError::NotBase64),
        ("\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"", SecretError::NotBase64),
        ("whsec_c2hvcnQ", SecretError::TooShort),
    ];
    for (text, expected) in cases {
        assert_eq!(Secret::parse(text), Err(expected), "{text}");
    }
}

#[test]
fn a_secret_is_not_printed() {
    assert_eq!(format!("{:?}", secret(VECTORS[0].0)), "Secret(***)");
}

proptest! {
    #[test]
    fn one_changed_bit_is_noticed(
        body in prop::collection::vec(any::<u8>(), 1..200), place: prop::sample::Index, bit in 0..8u8
    ) {
        let (live, now) = ([secret(VECTORS[0].0)], at("1614265330"));
        let header = sign(&live[0], "msg_1", now, &body);
        prop_assert_eq!(verify(&live, "msg_1", "1614265330", &header, &body, now), Ok(()));
        let mut changed = body.clone();
        changed[place.index(body.len())] ^= 1 << bit;
        let answer = verify(&live, "msg_1", "1614265330", &header, &changed, now);
        prop_assert_eq!(answer, Err(SignatureError::Mismatch));
    }

    #[test]
    fn no_header_is_a_panic(id in ".{0,20}", time in ".{0,20}", header in ".{0,80}", second in any::<i32>()) {
        let now = Timestamp::from_second(i64::from(second)).unwrap();
        let answer = verify(&[secret(VECTORS[0].0)], &id, &time, &header, b"{}", now);
        prop_assert!(answer.is_err());
    }

    #[test]
    fn an_accepted_secret_has_enough_bytes(text in "[A-Za-z0-9+/=]{0,40}") {
        if let Ok(secret) = Secret::parse(&text) {
            prop_assert!(secret.key().len() >= SHORTEST_SECRET);
        }
    }
}
