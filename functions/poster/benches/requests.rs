//! How many CloudSuite requests a batch of ten orders of five lines costs, counted by the simulated CloudSuite.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a count that cannot go on ends by panicking")]

use support::{World, ten_orders, world};

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/it/support.rs"]
mod support;

async fn cost(world: &World, first: u64) -> u64 {
    let before = world.gateway_requests();
    assert!(world.post(&ten_orders(first)).await.is_empty());
    world.gateway_requests() - before
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
    });
}
