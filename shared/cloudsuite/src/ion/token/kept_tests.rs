use super::*;

const OWN: &str = "own";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn token(life: u64, now: i64) -> Token {
    Token::new("sealed".into(), Duration::from_secs(life), at(now), Duration::ZERO)
}

/// The lease that is taken and what is stored then; panics if the step is another.
fn asked(kept: &Kept, now: i64) -> (Kept, Timestamp) {
    match kept.next(OWN, at(now)) {
        Step::Ask { kept, lease, .. } => (kept, lease),
        step => panic!("at {now}: {step:?}"),
    }
}

fn with_token(life: u64, now: i64) -> Kept {
    let (kept, lease) = asked(&Kept::default(), now);
    kept.received(OWN, lease, token(life, now))
}

fn seconds(time: Timestamp) -> i64 {
    time.as_second() - at(0).as_second()
}

#[test]
fn a_token_is_replaced_early_and_never_used_to_its_end() {
    for (life, refresh, end) in
        [(7_200, 6_900, 7_140), (900, 756, 840), (120, 54, 60), (90, 40, 45), (0, 0, 0)]
    {
        let token = token(life, 0);
        assert_eq!((seconds(token.refresh_at), seconds(token.good_until)), (refresh, end), "{life} s");
    }
    let late = Token::new(String::new(), Duration::from_secs(7_200), at(0), Duration::from_secs(60));
    assert_eq!(seconds(late.refresh_at), 6_840);
}

#[test]
fn one_asks_and_the_others_wait() {
    let (kept, lease) = asked(&Kept::default(), 0);
    assert_eq!(kept.next(OWN, at(0)), Step::Wait);
    assert_eq!(kept.next(OWN, at(29)), Step::Wait);
    assert!(matches!(kept.next("other", at(0)), Step::Ask { .. }), "another account asks for itself");
    let kept = kept.received(OWN, lease, token(7_200, 1));
    assert_eq!(kept.next(OWN, at(1)), Step::Use(token(7_200, 1)));
}

#[test]
fn a_holder_that_vanished_is_passed_over() {
    let (kept, first) = asked(&Kept::default(), 0);
    let (kept, second) = asked(&kept, 30);
    let late = kept.received(OWN, first, token(7_200, 31));
    assert_eq!(late.next(OWN, at(31)), Step::Use(token(7_200, 31)), "a late token is as good as any");
    assert_eq!(late.accounts[OWN].lease, Some(second), "the lease is its holder's to end");
}

#[test]
fn while_one_replaces_a_due_token_the_others_use_it() {
    let kept = with_token(7_200, 0);
    assert_eq!(kept.next(OWN, at(6_899)), Step::Use(token(7_200, 0)));
    let Step::Ask { kept, fallback, .. } = kept.next(OWN, at(6_900)) else { panic!() };
    assert_eq!(fallback, Some(token(7_200, 0)));
    assert_eq!(kept.next(OWN, at(6_901)), Step::Use(token(7_200, 0)));
    assert!(matches!(kept.next(OWN, at(7_140)), Step::Ask { fallback: None, .. }));
}

#[test]
fn after_failures_nobody_asks_for_a_while_that_grows() {
    let (mut kept, mut now) = (Kept::default(), 0);
    for pause in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_800, 1_800] {
        let (leased, lease) = asked(&kept, now);
        kept = leased.failed(OWN, lease, None, at(now));
        assert_eq!(kept.next(OWN, at(now)), Step::Failed(at(now + pause)));
        now += pause;
    }
    let (leased, lease) = asked(&kept, now);
    let kept = leased.failed(OWN, lease, Some("invalid_grant".into()), at(now));
    assert_eq!(kept.next(OWN, at(now)), Step::Refused(at(now + 1_800), "invalid_grant".into()));
    let (leased, lease) = asked(&kept, now + 1_800);
    let kept = leased.received(OWN, lease, token(0, now + 1_800));
    assert!(matches!(kept.next(OWN, at(now + 1_800)), Step::Ask { .. }), "a success ends the row");
}

#[test]
fn a_failure_to_replace_a_token_leaves_it_in_use() {
    let (kept, lease) = asked(&with_token(7_200, 0), 6_900);
    let kept = kept.failed(OWN, lease, Some("invalid_grant".into()), at(6_901));
    assert_eq!(kept.next(OWN, at(6_901)), Step::Use(token(7_200, 0)));
}

#[test]
fn a_day_has_eighty_tokens_for_all_accounts_together() {
    let mut kept = Kept::default();
    for n in 0..80 {
        let account = ["own", "other"][usize::from(n % 2 == 0)];
        let Step::Ask { kept: leased, lease, .. } = kept.next(account, at(n * 60)) else { panic!("{n}") };
        kept = leased.received(account, lease, token(0, n * 60));
    }
    assert_eq!(kept.next(OWN, at(80 * 60)), Step::Spent(at(86_400), 80));
    assert_eq!(kept.next(OWN, at(86_399)), Step::Spent(at(86_400), 80));
    let (kept, _) = asked(&kept, 86_400);
    assert_eq!(kept.asked.len(), 80);
}

/// A gateway that refuses every token must not use the budget of the day up.
#[test]
fn what_replaced_a_refused_token_is_trusted_for_a_while_that_grows() {
    let (mut kept, mut now, mut drops) = (with_token(7_200, 0), 1, 0);
    while now < 86_400 {
        if let Some(dropped) = kept.dropped(OWN, at(now)) {
            assert_eq!(dropped.token(OWN), None);
            let (leased, lease) = asked(&dropped, now);
            kept = leased.received(OWN, lease, token(7_200, now));
            drops += 1;
        }
        now += 1;
    }
    assert!((45..60).contains(&drops), "{drops}");
    let first = with_token(7_200, 0).dropped(OWN, at(1)).unwrap();
    assert_eq!((first.dropped(OWN, at(60)), first.dropped(OWN, at(61)).is_some()), (None, true));
}

#[test]
fn what_is_stored_stays_small() {
    let mut kept = Kept::default();
    for n in 0..80 {
        let account = format!("{n:032}");
        let Step::Ask { kept: leased, lease, .. } = kept.next(&account, at(n)) else { panic!("{n}") };
        let sealed = Token { sealed: "x".repeat(1_500), ..token(7_200, n) };
        kept = leased.received(&account, lease, sealed);
    }
    assert_eq!(kept.accounts.len(), 6);
    let json = serde_json::to_string(&kept).unwrap();
    assert!(json.len() < 16_000, "{} bytes", json.len());
    assert_eq!(serde_json::from_str::<Kept>(&json).unwrap(), kept);
    let (later, _) = asked(&kept, 90_000);
    assert_eq!((later.accounts.len(), later.asked.len()), (1, 1), "what is over is forgotten");
}

#[test]
fn a_clock_that_is_a_day_ahead_keeps_nobody_from_asking() {
    let (kept, lease) = asked(&Kept::default(), 90_000);
    asked(&kept, 0);
    asked(&kept.failed(OWN, lease, None, at(90_000)), 0);
}
