//! Faults on request.

use serde_json::json;
use simulated_shopify::{Answer, Effect, Fault, HttpRequest};

use crate::bench::{Bench, GRAPHQL};

fn request(bench: &Bench, query: &str) -> HttpRequest {
    HttpRequest::new("POST", GRAPHQL)
        .header("content-type", "application/json")
        .header("x-shopify-access-token", &bench.token)
        .body(json!({ "query": query }).to_string())
}

fn status(bench: &mut Bench, query: &str) -> u16 {
    let request = request(bench, query);
    bench.simulator.handle(&request, bench.now).response().map_or(0, |response| response.status)
}

const SHOP: &str = "{ shop { name } }";

#[test]
fn a_fault_strikes_as_often_and_as_late_as_asked_and_where_asked() {
    let mut bench = Bench::new();
    let down = Effect::Status { status: 503, retry_after: Some(3) };
    bench.simulator.add_fault(Fault::once(down).times(2).after(1).only("ordersCount"));
    let count = "{ ordersCount { count } }";
    let answers: Vec<u16> =
        [count, SHOP, count, count, count].into_iter().map(|query| status(&mut bench, query)).collect();
    assert_eq!(answers, [200, 200, 503, 503, 200]);
}

#[test]
fn a_dropped_answer_is_none_and_the_work_is_done_or_not() {
    let make = "mutation { webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: { uri: \"https://a.example\" }) { userErrors { message } } }";
    for (effect, done) in [(Effect::DropBefore, 0), (Effect::DropAfter, 1)] {
        let mut bench = Bench::new();
        bench.simulator.add_fault(Fault::once(effect));
        assert_eq!(status(&mut bench, make), 0);
        let count = bench.data("{ webhookSubscriptionsCount { count } }");
        assert_eq!(count["webhookSubscriptionsCount"]["count"], done);
    }
}

#[test]
fn tokens_are_revoked_and_errors_of_graphql_come_with_200() {
    let mut bench = Bench::new();
    bench.simulator.add_fault(Fault::once(Effect::Graphql { code: "THROTTLED".to_owned() }));
    assert_eq!(bench.refused(SHOP).0, "THROTTLED");
    bench.simulator.add_fault(Fault::once(Effect::Latency { milliseconds: 700 }));
    let request = request(&bench, SHOP);
    let Answer::Respond { after, .. } = bench.simulator.handle(&request, bench.now) else {
        panic!("dropped")
    };
    assert_eq!(after.as_millis(), 700);
    bench.simulator.add_fault(Fault::once(Effect::RevokeTokens));
    assert_eq!((status(&mut bench, SHOP), status(&mut bench, SHOP)), (401, 401));
}
