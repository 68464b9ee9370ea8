//! The gateway's policies: access tokens a day, and rate smoothing.

use std::time::Duration;

use serde_json::json;
use simulated_cloudsuite::{Answer, HttpResponse, RateSmoothing};

use crate::bench::{Bench, body, bulk_body, token_request};

fn ask(bench: &mut Bench) -> HttpResponse {
    let request = token_request(&bench.simulator);
    bench.send(&request).response().unwrap()
}

#[test]
fn a_client_gets_a_hundred_access_tokens_a_day() {
    let mut bench = Bench::new();
    for number in 2..=100 {
        assert_eq!(ask(&mut bench).status, 200, "token {number}");
    }
    bench.pass(3600);
    let refused = ask(&mut bench);
    assert_eq!((refused.status, body(&refused)["error"].as_str()), (429, Some("quota_exceeded")));
    assert!(refused.headers.contains(&("retry-after".to_owned(), "82800".to_owned())));
    bench.simulator.settings.retry_after = false;
    assert!(ask(&mut bench).headers.iter().all(|(name, _)| name != "retry-after"));
    let ping = bulk_body("GENERAL", &[("GetUserInfo", json!({}))]);
    assert_eq!(bench.post_json(&ping).0, 200, "the tokens it has stay in force");
    bench.pass(82_800);
    assert_eq!(ask(&mut bench).status, 200, "a day after the first one");
}

#[test]
fn the_tokens_a_day_can_be_set_and_a_refused_request_counts_for_none() {
    let mut bench = Bench::new();
    bench.simulator.settings.tokens_per_day = Some(2);
    let mut wrong = token_request(&bench.simulator);
    wrong.body = b"grant_type=password&username=x&password=y".to_vec();
    for _ in 0..3 {
        assert_eq!(bench.send(&wrong).response().unwrap().status, 400);
    }
    assert_eq!((ask(&mut bench).status, ask(&mut bench).status), (200, 429));
    bench.simulator.settings.tokens_per_day = None;
    assert_eq!(ask(&mut bench).status, 200);
}

#[test]
fn rate_smoothing_delays_what_comes_too_fast() {
    let mut bench = Bench::new();
    let policy = RateSmoothing { requests: 2, seconds: 1, delay_milliseconds: 250 };
    bench.simulator.settings.rate_smoothing = Some(policy);
    let ping = bulk_body("GENERAL", &[("GetUserInfo", json!({}))]);
    let delay = |bench: &mut Bench| match bench.post(&ping) {
        Answer::Respond { response, after } => {
            assert_eq!(response.status, 200, "it delays, it does not refuse");
            after
        }
        Answer::Drop { .. } => panic!("dropped"),
    };
    let seen = [(); 4].map(|()| delay(&mut bench));
    let held = Duration::from_millis(250);
    assert_eq!(seen, [Duration::ZERO, Duration::ZERO, held, held]);
    bench.pass(1);
    assert_eq!(delay(&mut bench), Duration::ZERO);
}
