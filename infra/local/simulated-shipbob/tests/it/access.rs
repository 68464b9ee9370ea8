//! Who may ask, and how often.

use serde_json::{Value, json};
use simulated_shipbob::{HttpRequest, Settings};

use crate::bench::{Bench, parsed};

#[test]
fn without_the_token_the_answer_is_401_and_empty() {
    let mut bench = Bench::new();
    for request in [
        HttpRequest::new("GET", "/2026-01/order"),
        HttpRequest::new("GET", "/2026-01/order").header("Authorization", "Bearer wrong"),
        HttpRequest::new("GET", "/2026-01/order").header("Authorization", ""),
    ] {
        let answer = bench.send(&request);
        assert_eq!((answer.status, answer.body.len()), (401, 0));
    }
}

#[test]
fn a_token_without_the_scope_gets_403_and_nothing() {
    let mut bench = Bench::new();
    bench.simulator.settings.scopes.retain(|scope| scope != "billing_read");
    let answer = bench.call("POST", "transactions:query", &json!({}));
    assert_eq!((answer.status, answer.body.len()), (403, 0));
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
}

#[test]
fn a_version_that_has_run_out_is_not_found() {
    let mut bench = Bench::new();
    let token = format!("Bearer {}", bench.simulator.credentials().access_token);
    for (version, status) in
        [("1.0", 404), ("2.0", 404), ("2025-07", 200), ("2026-07", 200), ("2027-01", 404)]
    {
        let request = HttpRequest::new("GET", &format!("/{version}/order")).header("authorization", &token);
        assert_eq!(bench.send(&request).status, status, "{version}");
    }
}

#[test]
fn the_151st_request_within_a_minute_is_refused_until_the_first_is_a_minute_old() {
    let mut bench = Bench::with(Settings::default());
    for left in (0..150).rev() {
        let answer = bench.call("GET", "channel", &Value::Null);
        assert_eq!(
            (answer.status, answer.header("x-remaining-calls")),
            (200, Some(left.to_string().as_str()))
        );
        if left == 149 {
            bench.pass(20);
        }
    }
    let refused = bench.call("GET", "order", &Value::Null);
    assert_eq!(refused.status, 429);
    assert_eq!(
        (refused.header("x-retry-after"), refused.header("x-remaining-calls")),
        (Some("40"), Some("0"))
    );
    assert_eq!(refused.header("retry-after"), None);
    assert_eq!(parsed(&refused)["statusCode"], 429);
    bench.pass(39);
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 429);
    bench.pass(1);
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 429);
}
