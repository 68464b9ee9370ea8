use proptest::prelude::*;

use super::*;

/// Ten a second, five at once.
const LIMITS: Limits = Limits { requests_per_minute: 600, burst: 5 };

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_790_000_000_000 + milliseconds).unwrap()
}

/// The gate after a grant, or how many milliseconds to wait.
fn admit(gate: &Gate, now: i64) -> Result<Gate, u128> {
    match gate.admit(at(now), LIMITS) {
        Decision::Go(gate) => Ok(gate),
        Decision::Wait(wait) => Err(wait.as_millis()),
    }
}

fn wait(gate: &Gate, now: i64) -> u128 {
    admit(gate, now).err().unwrap_or(0)
}

/// Takes everything that goes at this moment; how many went.
fn take_all(gate: &mut Gate, now: i64) -> usize {
    let mut taken = 0;
    while let Ok(next) = admit(gate, now) {
        *gate = next;
        taken += 1;
    }
    taken
}

fn failed(times: usize, now: i64) -> Gate {
    (0..times).fold(Gate::default(), |gate, _| gate.failed(at(now)))
}

#[test]
fn after_a_burst_the_rate_holds() {
    let mut gate = Gate::default();
    let cases = [(0, 5), (0, 0), (99, 0), (100, 1), (350, 2), (399, 0), (400, 1), (60_000, 5)];
    for (now, goes) in cases {
        assert_eq!(take_all(&mut gate, now), goes, "at {now} ms");
    }
    assert_eq!((wait(&gate, 60_000), wait(&gate, 60_040)), (100, 60));
}

#[test]
fn a_burst_of_one_keeps_them_apart() {
    let limits = Limits { burst: 1, ..LIMITS };
    let Decision::Go(gate) = Gate::default().admit(at(0), limits) else { panic!() };
    assert_eq!(gate.admit(at(30), limits), Decision::Wait(Duration::from_millis(70)));
    assert!(matches!(gate.admit(at(100), limits), Decision::Go(_)));
}

#[test]
fn a_pause_before_the_limit_halves_nothing() {
    let gate = Gate::default().paused(at(0), Some(Duration::from_secs(3)));
    assert_eq!((wait(&gate, 0), wait(&gate, 3_000)), (3_000, 0));
    assert_eq!(take_all(&mut gate.clone(), 3_000), 5, "the whole burst");
    assert_eq!(wait(&gate.paused(at(0), None), 0), 3_000, "the longer pause stays");
    assert_eq!(wait(&Gate::default().paused(at(0), None), 0), 1_000);
}

#[test]
fn a_clock_that_is_two_seconds_behind_gives_nothing_away() {
    let mut gate = Gate::default();
    assert_eq!(take_all(&mut gate, 2_000), 5);
    assert_eq!((take_all(&mut gate, 0), wait(&gate, 0)), (0, 2_100));
    assert_eq!(take_all(&mut gate, 2_100), 1);
    let paused = gate.throttled(at(5_000), None);
    assert_eq!(wait(&paused, 3_000), 3_000);
    let open = failed(5, 5_000);
    assert_eq!(wait(&open, 3_000), 17_000);
}

/// One instance whose clock is a day ahead must not stop all others for a day.
#[test]
fn a_clock_that_is_a_day_ahead_stops_nobody() {
    const DAY: i64 = 86_400_000;
    let mut gate = Gate::default();
    take_all(&mut gate, DAY);
    for gate in [&gate, &gate.throttled(at(DAY), None), &failed(5, DAY)] {
        assert_eq!(wait(gate, 0), 0);
    }
}

#[test]
fn a_429_stops_everything_for_as_long_as_the_gateway_says() {
    let cases = [(None, 1_000), (Some(0), 1_000), (Some(7), 7_000), (Some(86_400), 900_000)];
    for (retry_after, stops) in cases {
        let gate = Gate::default().throttled(at(0), retry_after.map(Duration::from_secs));
        assert_eq!(wait(&gate, 0), stops, "{retry_after:?}");
        assert_eq!((wait(&gate, i64::try_from(stops).unwrap())), 0, "{retry_after:?}");
    }
}

#[test]
fn without_retry_after_the_pauses_grow() {
    let mut gate = Gate::default();
    let mut now = 0;
    for pause in [1_000, 2_000, 4_000, 8_000, 8_000] {
        gate = gate.throttled(at(now), None);
        assert_eq!(wait(&gate, now), pause);
        now += i64::try_from(pause).unwrap();
    }
}

#[test]
fn each_429_halves_the_rate_and_quiet_time_brings_it_back() {
    let mut gate = Gate::default();
    for (now, goes, interval) in [(0, 2, 200), (10_000, 1, 400), (20_000, 1, 800), (30_000, 1, 1_600)] {
        gate = gate.throttled(at(now), None);
        let mut later = gate.clone();
        assert_eq!(take_all(&mut later, now + 9_000), goes, "after the 429 at {now}");
        assert_eq!(wait(&later, now + 9_000), interval, "after the 429 at {now}");
    }
    gate = gate.throttled(at(40_000), None);
    for (minutes, goes, interval) in [(1, 1, 1_600), (2, 1, 800), (4, 1, 400), (6, 2, 200), (8, 5, 100)] {
        let now = 40_000 + minutes * 60_000;
        let mut later = gate.clone();
        assert_eq!(take_all(&mut later, now), goes, "after {minutes} minutes");
        assert_eq!(wait(&later, now), interval, "after {minutes} minutes");
    }
}

/// Ten requests under way that all come back with 429 are one reason to slow down and not ten.
#[test]
fn the_429s_of_one_wave_halve_the_rate_once() {
    let first = Gate::default().throttled(at(0), Some(Duration::from_secs(3)));
    let gate = (1..10).fold(first.clone(), |gate, n| gate.throttled(at(n), Some(Duration::from_secs(1))));
    assert_eq!(gate, first);
    let longer = gate.throttled(at(500), Some(Duration::from_secs(5)));
    assert_eq!(longer.halvings, 1);
    assert_eq!(wait(&longer, 500), 5_000);
}

#[test]
fn failures_in_a_row_open_the_breaker_and_a_success_between_them_does_not() {
    assert_eq!(wait(&failed(4, 0), 0), 0);
    assert_eq!(wait(&failed(5, 0), 0), 15_000);
    let gate = failed(4, 0).succeeded().unwrap();
    assert_eq!(wait(&gate.failed(at(0)), 0), 0);
    assert_eq!(gate.succeeded(), None, "nothing to write");
}

#[test]
fn exactly_one_probe_goes_and_closes_the_breaker_or_opens_it_again() {
    let probing = admit(&failed(5, 0), 15_000).unwrap();
    assert_eq!(wait(&probing, 15_000), 1_000, "the others look again");
    let closed = probing.succeeded().unwrap();
    assert_eq!(take_all(&mut closed.clone(), 16_000), 5);
    let open = probing.failed(at(16_000));
    assert_eq!(wait(&open, 16_000), 30_000);
    assert_eq!(open.failed(at(17_000)), open, "a late answer says nothing new");
    assert_eq!(wait(&probing.throttled(at(16_000), None), 17_000), 0, "a 429 is an answer too");
}

#[test]
fn the_breaker_stays_open_twice_as_long_each_time_up_to_five_minutes() {
    let mut gate = failed(5, 0);
    let mut now = 0;
    for seconds in [15, 30, 60, 120, 240, 300, 300] {
        assert_eq!(wait(&gate, now), seconds * 1_000);
        now += i64::try_from(seconds).unwrap() * 1_000;
        gate = admit(&gate, now).unwrap().failed(at(now));
    }
}

#[test]
fn a_probe_whose_holder_vanished_is_given_up() {
    let probing = admit(&failed(5, 0), 15_000).unwrap();
    assert_eq!(wait(&probing, 15_000 + 89_500), 500);
    let second = admit(&probing, 15_000 + 90_000).unwrap();
    assert_eq!(wait(&second, 15_000 + 90_000), 1_000);
}

#[test]
fn a_gate_reads_back_from_json() {
    let gate = admit(&failed(5, 0).throttled(at(0), None).failed(at(5)), 15_000).unwrap();
    let json = serde_json::to_string(&gate).unwrap();
    assert_eq!(serde_json::from_str::<Gate>(&json).unwrap(), gate);
    assert_eq!(serde_json::from_str::<Gate>("{}").unwrap(), Gate::default());
}

/// Callers that decide on what they saw last and lose the swap if it is no longer there.
fn grants(limits: Limits, steps: Vec<(i64, usize, bool)>) -> Vec<i64> {
    let mut stored = (0_u64, Gate::default());
    let mut seen = vec![stored.clone(); 4];
    let (mut now, mut granted) = (0, Vec::new());
    for (pause, caller, is_throttled) in steps {
        now += pause;
        let (version, gate) = seen[caller].clone();
        if let Decision::Go(next) = gate.admit(at(now), limits)
            && version == stored.0
        {
            stored = (version + 1, next);
            granted.push(now);
        }
        if is_throttled {
            stored = (stored.0 + 1, stored.1.throttled(at(now), None));
        }
        seen[caller] = stored.clone();
    }
    granted
}

proptest! {
    #[test]
    fn no_window_holds_more_than_burst_and_rate(
        requests_per_minute in 1_u32..=3000,
        burst in 1_u32..=100,
        steps in prop::collection::vec((0_i64..200, 0_usize..4, prop::bool::weighted(0.02)), 1..400),
    ) {
        let granted = grants(Limits { requests_per_minute, burst }, steps);
        for (first, start) in granted.iter().enumerate() {
            for (last, end) in granted.iter().enumerate().skip(first) {
                let most = u64::from(burst) + (end - start).unsigned_abs() * u64::from(requests_per_minute) / 60_000;
                prop_assert!((last - first + 1) as u64 <= most, "{} within {} ms", last - first + 1, end - start);
            }
        }
    }
}
