use domain::Private;

use super::*;

fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> HttpAnswer {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    HttpAnswer { status, headers, body: Private::new(body.as_bytes().to_vec()) }
}

fn call(kind: Kind) -> Call {
    Call { kind, ..Call::get("orders", "/order") }
}

fn error(kind: Kind, status: u16, body: &str) -> ApiError {
    read(&call(kind), Ok(answer(status, &[], body))).unwrap_err()
}

#[test]
fn each_status_means_one_thing() {
    for status in [200, 201, 204, 207, 404] {
        assert!(read(&call(Kind::Once), Ok(answer(status, &[], ""))).is_ok(), "{status}");
    }
    assert!(matches!(error(Kind::Harmless, 401, ""), ApiError::Credentials(_)));
    assert!(matches!(error(Kind::Harmless, 403, ""), ApiError::Forbidden { what: "orders", .. }));
    for status in [301, 302, 400, 405, 409, 415, 422] {
        assert!(matches!(error(Kind::Harmless, status, ""), ApiError::Refused { .. }), "{status}");
    }
    for status in [408, 500, 502, 503, 504] {
        assert!(matches!(error(Kind::Harmless, status, ""), ApiError::Unreachable(_)), "{status}");
        assert!(matches!(error(Kind::Once, status, ""), ApiError::Unknown(_)), "{status}");
    }
    let taken = r#"{"":["Cannot insert order with existing ReferenceId"]}"#;
    assert!(matches!(error(Kind::Once, 422, taken), ApiError::Duplicate(_)));
}

#[test]
fn a_lost_answer_to_what_may_be_made_once_only_is_unknown() {
    for (broken, is_known) in [
        (Broken::NoConnection, true),
        (Broken::NotMade, true),
        (Broken::TimedOut, false),
        (Broken::BrokenOff, false),
        (Broken::TooLong { most: 1 }, false),
    ] {
        let once = read(&call(Kind::Once), Err(broken)).unwrap_err();
        assert_eq!(matches!(once, ApiError::Unreachable(_)), is_known, "{broken}");
        assert_eq!(matches!(once, ApiError::Unknown(_)), !is_known, "{broken}");
    }
    let long = read(&call(Kind::Harmless), Err(Broken::TooLong { most: 1 })).unwrap_err();
    assert!(matches!(long, ApiError::Unreadable { .. }), "the same again would be as long");
}

#[test]
fn the_pause_is_read_from_shipbobs_own_header_and_rounded_up() {
    for (text, seconds) in [
        ("25", Some(25)),
        (" 3 ", Some(3)),
        ("0.2", Some(1)),
        ("2.0", Some(2)),
        ("soon", None),
        ("-1", None),
        ("", None),
    ] {
        let answer = answer(429, &[("x-retry-after", text), ("retry-after", "900")], "");
        assert_eq!(pause(&answer).map(|pause| pause.as_secs()), seconds, "{text}");
    }
    let told = read(&call(Kind::Once), Ok(answer(429, &[("x-retry-after", "25")], ""))).unwrap_err();
    assert_eq!(told, ApiError::Throttled { wait: Duration::from_secs(25) });
}

#[test]
fn what_an_answer_says_of_the_rate_is_told_to_all() {
    let seconds = Duration::from_secs;
    let cases = [
        (answer(200, &[], ""), Observed::Answered),
        (answer(200, &[("x-remaining-calls", "17")], ""), Observed::Answered),
        (answer(200, &[("x-remaining-calls", "0")], ""), Observed::Exhausted(None)),
        (
            answer(200, &[("x-remaining-calls", "0"), ("x-retry-after", "4")], ""),
            Observed::Exhausted(Some(seconds(4))),
        ),
        (answer(429, &[("x-retry-after", "25")], ""), Observed::Throttled(Some(seconds(25)))),
        (answer(429, &[], ""), Observed::Throttled(None)),
        (answer(500, &[], ""), Observed::Answered),
        (answer(503, &[], ""), Observed::Failed),
    ];
    for (answer, expected) in cases {
        assert_eq!(observed(&Ok(answer.clone())), Some(expected), "{answer:?}");
    }
    assert_eq!(observed(&Err(Broken::TimedOut)), Some(Observed::Failed));
    assert_eq!(observed(&Err(Broken::NotMade)), None);
}
