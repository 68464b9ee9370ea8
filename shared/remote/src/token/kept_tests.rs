use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn secret(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}

/// With a token of an hour that was received at second 0.
fn fresh() -> Kept {
    Kept::beginning(secret("refresh-0")).received(
        at(0),
        Token::new(secret("access-1"), HOUR, at(0)),
        Some(secret("refresh-1")),
    )
}

fn lease(kept: &Kept, now: Timestamp) -> (Kept, Timestamp) {
    match kept.next(now) {
        Step::Refresh { kept, lease, .. } => (kept, lease),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_is_used_until_shortly_before_its_end_and_replaced_before_that() {
    let kept = fresh();
    for (second, expected) in
        [(0, "use"), (3_239, "use"), (3_240, "refresh early"), (3_539, "refresh early"), (3_540, "refresh")]
    {
        let found = match kept.next(at(second)) {
            Step::Use(_) => "use",
            Step::Refresh { fallback: Some(_), .. } => "refresh early",
            Step::Refresh { fallback: None, .. } => "refresh",
            other => panic!("{other:?}"),
        };
        assert_eq!(found, expected, "{second}");
    }
}

#[test]
fn while_one_refreshes_the_others_go_on_with_the_old_token_and_wait_only_when_it_ended() {
    let (kept, _) = lease(&fresh(), at(3_530));
    assert!(matches!(kept.next(at(3_535)), Step::Use(_)));
    assert_eq!(kept.next(at(3_541)), Step::Wait);
    assert!(matches!(kept.next(at(3_561)), Step::Refresh { .. }), "a holder that vanished is passed over");
}

#[test]
fn a_received_refresh_token_replaces_the_one_that_was_used() {
    let (kept, held) = lease(&fresh(), at(3_400));
    let token = Token::new(secret("access-2"), HOUR, at(3_401));
    let next = kept.received(held, token.clone(), Some(secret("refresh-2")));
    assert_eq!(
        (next.refresh_token(), next.next(at(3_402))),
        (&secret("refresh-2"), Step::Use(token.clone()))
    );
    let without = kept.received(held, token, None);
    assert_eq!(without.refresh_token(), &secret("refresh-1"));
}

/// Shopify keeps a used refresh token until its replacement is used, so a lost answer is no reason to give it up.
#[test]
fn after_a_lost_answer_the_same_refresh_token_is_tried_again_after_a_pause_that_grows() {
    let mut kept = Kept::beginning(secret("refresh-0"));
    let mut now = 0;
    for pause in [2, 4, 8, 16] {
        let (leased, held) = lease(&kept, at(now));
        assert_eq!(leased.refresh_token(), &secret("refresh-0"));
        kept = leased.failed(held, None, at(now));
        assert_eq!(kept.next(at(now + pause - 1)), Step::Failed(Duration::from_secs(1)));
        now += pause;
    }
    assert!(matches!(kept.next(at(now)), Step::Refresh { .. }));
}

#[test]
fn a_refused_refresh_token_is_told_and_the_old_access_token_used_to_its_end() {
    let (kept, held) = lease(&fresh(), at(3_400));
    let refusal = Refusal::Refresh("HTTP 400 invalid_grant".into());
    let kept = kept.failed(held, Some(refusal.clone()), at(3_539));
    assert!(matches!(kept.next(at(3_539)), Step::Use(_)));
    assert_eq!(kept.next(at(3_540)), Step::Refused(refusal));
}

#[test]
fn a_token_is_dropped_once_and_not_its_successor_right_after() {
    let dropped = fresh().without_token(at(100)).unwrap();
    let (kept, held) = lease(&dropped, at(100));
    let next = kept.received(held, Token::new(secret("access-2"), HOUR, at(101)), None);
    assert_eq!(next.without_token(at(102)), None);
    assert!(next.without_token(at(161)).is_some());
}

#[test]
fn a_time_that_a_wrong_clock_wrote_stops_nobody() {
    let (kept, _) = lease(&fresh(), at(3_540 + 86_400));
    assert!(matches!(kept.next(at(3_541)), Step::Refresh { .. }));
}

#[test]
fn debug_shows_no_token() {
    let shown = format!("{:?}", fresh());
    assert!(!shown.contains("access-1") && !shown.contains("refresh-1"), "{shown}");
}
