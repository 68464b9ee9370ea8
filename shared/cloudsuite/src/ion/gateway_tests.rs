use super::*;

#[test]
fn a_status_says_what_may_follow() {
    let class = |status| classify(status, None);
    assert_eq!((class(200), class(400)), (None, None));
    assert!(matches!(class(429), Some(CallError::Throttled { .. })));
    for status in [500, 502, 503, 504] {
        assert!(matches!(class(status), Some(CallError::Unknown(_))), "{status}");
    }
    for status in [302, 404, 405, 413] {
        assert!(matches!(class(status), Some(CallError::Refused(_))), "{status}");
    }
    assert!(matches!(class(403), Some(CallError::Credentials(_))));
}

#[test]
fn a_broken_exchange_says_whether_anything_was_sent() {
    for nothing_sent in [Broken::NoConnection, Broken::NotMade] {
        assert!(matches!(broken(nothing_sent), CallError::NotSent(_)), "{nothing_sent:?}");
    }
    for nobody_knows in [Broken::TimedOut, Broken::BrokenOff, Broken::TooLong { most: 1 }] {
        assert!(matches!(broken(nobody_knows), CallError::Unknown(_)), "{nobody_knows:?}");
    }
}

fn answer(status: u16, retry_after: Option<&str>) -> HttpAnswer {
    HttpAnswer { status, retry_after: retry_after.map(str::to_owned), body: Private::default() }
}

#[test]
fn retry_after_is_read_in_seconds_and_as_a_date() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let read = |text, now| retry_after(&answer(429, Some(text)), Timestamp::from_second(now).unwrap());
    assert_eq!(read("12", 0), Some(Duration::from_secs(12)));
    assert_eq!(read(date, 784_111_747), Some(Duration::from_secs(30)));
    assert_eq!(read(date, 784_111_800), Some(Duration::ZERO));
    assert_eq!(read("soon", 0), None);
}

#[test]
fn only_what_the_gateway_did_not_answer_counts_against_it() {
    let now = Timestamp::UNIX_EPOCH;
    let pause = Some(Duration::from_secs(3));
    assert_eq!(observed(&Ok(answer(429, Some("3"))), now), Some(Observed::Throttled(pause)));
    for status in [200, 302, 400, 401, 403, 404] {
        assert_eq!(observed(&Ok(answer(status, None)), now), Some(Observed::Answered), "{status}");
    }
    for status in [500, 502, 503, 504] {
        assert_eq!(observed(&Ok(answer(status, None)), now), Some(Observed::Failed), "{status}");
    }
    for broken in [Broken::NoConnection, Broken::TimedOut, Broken::BrokenOff] {
        assert_eq!(observed(&Err(broken), now), Some(Observed::Failed), "{broken:?}");
    }
    assert_eq!(observed(&Err(Broken::NotMade), now), None);
}
