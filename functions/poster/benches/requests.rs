//! How many CloudSuite requests a batch of ten orders of five lines costs, and one of ten shipments, counted by the
//! simulated CloudSuite.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a count that cannot go on ends by panicking")]

use support::{World, ten_orders, world};

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/it/support.rs"]
mod support;

#[allow(dead_code, unused_imports, reason = "shared with the tests")]
#[path = "../tests/it/shipbob.rs"]
mod shipbob;

async fn cost(world: &World, first: u64) -> u64 {
    let before = world.gateway_requests();
    assert!(world.post(&ten_orders(first)).await.is_empty());
    world.gateway_requests() - before
}

/// What it costs to post ten shipments, and to confirm them.
async fn cost_of_shipments(world: &World, first: u64) -> (u64, u64) {
    let before = world.gateway_requests();
    let ten = (first..first + 10).map(|id| {
        let body = shipbob::shipment(id, "Completed", 1, &shipbob::candles(2));
        shipbob::delivery("shipment.polled", &format!("p-{id}"), &body)
    });
    assert!(world.post_messages(ten.collect()).await.is_empty());
    let posted = world.gateway_requests();
    assert_eq!(world.confirm_after(60).await.confirmed, 10);
    (posted - before, world.gateway_requests() - posted)
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let world = world().await;
        println!("poster: {} requests for ten orders, nothing known, ten new customers", cost(&world, 100).await);
        let known = cost(&world, 200).await;
        let verdict = if known <= 4 { "met" } else { "MISSED" };
        println!("poster: {known} requests for ten orders of known lines from known customers (at most 4: {verdict})");
        let confirming = world.gateway_requests();
        let confirmed = world.confirm_after(30).await.confirmed;
        println!("poller: {} request for {confirmed} confirmations", world.gateway_requests() - confirming);
        let world = shipbob::world().await;
        let (posting, confirming) = cost_of_shipments(&world, 100).await;
        println!("poster: {posting} requests for ten shipments of items not yet known, {confirming} to confirm them");
        let (posting, confirming) = cost_of_shipments(&world, 200).await;
        let verdict = if posting + confirming <= 6 { "met" } else { "MISSED" };
        println!("poster: {posting} requests for ten shipments of known items, {confirming} to confirm them (at most 6: {verdict})");
    });
}
