//! Faults that are asked for: each is met once, by the request that it names, and by no other.

use serde_json::{Value, json};
use simulated_shipbob::{DeliveryState, HttpRequest};

use crate::bench::Bench;

#[test]
fn a_429_carries_the_seconds_that_were_asked_for_and_comes_as_often_as_asked() {
    let mut bench = Bench::new();
    bench.does("faults", &json!([{ "path": "order", "times": 2, "status": 429, "retry_after": 7 }]));
    assert_eq!(bench.call("GET", "channel", &Value::Null).status, 200);
    for _ in 0..2 {
        let refused = bench.call("GET", "order?Page=1", &Value::Null);
        assert_eq!((refused.status, refused.header("x-retry-after")), (429, Some("7")));
        assert_eq!(serde_json::from_slice::<Value>(&refused.body).unwrap()["statusCode"], 429);
    }
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
}

#[test]
fn each_shape_of_a_refusal_can_be_asked_for() {
    let said = "This was asked for.";
    let cases = [
        ("field", json!({ "Field": [said] }).to_string()),
        ("no_field", json!({ "": [said] }).to_string()),
        (
            "problem",
            json!({ "type": "about:blank", "title": said, "status": 400, "detail": said }).to_string(),
        ),
        ("message", json!({ "statusCode": 400, "message": said }).to_string()),
        (
            "detailed",
            json!({ "message": said, "errors": [said], "details": null, "stack_trace": null }).to_string(),
        ),
        ("text", json!(said).to_string()),
        ("empty", String::new()),
        ("html", "<html><body>Bad gateway</body></html>".to_owned()),
    ];
    for (shape, body) in cases {
        let mut bench = Bench::new();
        bench.does("faults", &json!([{ "status": 400, "shape": shape }]));
        let answer = bench.call("GET", "order", &Value::Null);
        assert_eq!((answer.status, String::from_utf8(answer.body).unwrap()), (400, body), "{shape}");
    }
    assert_eq!(Bench::new().tries("faults", &json!([{ "status": 400, "shape": "other" }])).0, 400);
}

#[test]
fn a_request_without_an_answer_may_or_may_not_have_been_carried_out() {
    for carried_out in [false, true] {
        let mut bench = Bench::new();
        let id = bench.does("receiving", &json!({ "boxes": [] }))["id"].clone();
        let fault = json!([{ "method": "POST", "no_answer": true, "carried_out": carried_out, "after_milliseconds": 9 }]);
        bench.does("faults", &fault);
        let mark = json!({ "ids": [id], "is_external_sync": true });
        let answer = bench.call("POST", "receiving:setExternalSync", &mark);
        assert!(answer.is_none() && answer.after_milliseconds == 9);
        let found = bench.get("receiving?ExternalSync=true");
        assert_eq!(found.as_array().unwrap().len(), usize::from(carried_out));
    }
}

#[test]
fn an_answer_may_only_be_slow() {
    let mut bench = Bench::new();
    bench.does("faults", &json!([{ "after_milliseconds": 20_000 }]));
    let answer = bench.call("GET", "order", &Value::Null);
    assert_eq!((answer.status, answer.after_milliseconds), (200, 20_000));
}

#[test]
fn faults_can_be_seen_and_taken_back() {
    let mut bench = Bench::new();
    bench.does("faults", &json!([{ "status": 500, "times": 9 }]));
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 500);
    let seen = bench.send(&HttpRequest::new("GET", "/_simulated/faults"));
    assert_eq!(crate::bench::parsed(&seen)["requests"][0]["times"], 8);
    bench.send(&HttpRequest::new("DELETE", "/_simulated/faults"));
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
}

#[test]
fn the_next_webhook_of_a_topic_is_lost_doubled_or_late_as_asked() {
    let mut bench = Bench::new();
    bench.subscribe(&["billing.charge.created", "billing.credit.created"]);
    let faults = json!([
        { "topic": "billing.charge.created", "kind": "lost" },
        { "topic": "billing.charge.created", "kind": "doubled" },
        { "topic": "billing.charge.created", "kind": "late", "seconds": 3600 },
    ]);
    bench.does("webhook-faults", &faults);
    let charge = json!({ "amount": 1, "transaction_fee": "Shipping" });
    let credit = json!({ "amount": -1, "transaction_fee": "Credit", "transaction_type": "Credit" });
    bench.does("transactions", &json!([credit, charge, charge, charge, charge]));
    let came: Vec<_> =
        bench.deliver(200).iter().map(|one| one.header("webhook-id").unwrap().to_owned()).collect();
    // The credit, the second charge twice, the fourth; the third is late.
    assert_eq!(came.len(), 4);
    assert_eq!(came[1], came[2]);
    assert_eq!(bench.simulator.deliveries()[1].state, DeliveryState::Lost);
    bench.pass(3599);
    assert!(bench.deliver(200).is_empty());
    bench.pass(1);
    assert_eq!(bench.deliver(200).len(), 1);
}
