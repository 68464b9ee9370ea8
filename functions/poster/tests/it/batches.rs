//! What a batch costs: requests are counted by the simulated CloudSuite, not by the client.

use crate::support::{order, ten_orders, world};

/// Ten orders of five known lines from ten known customers: heads, lines in two bulks, confirmations.
#[tokio::test]
async fn ten_orders_of_known_lines_from_known_customers_cost_at_most_four_requests() {
    let world = world().await;
    world.post(&ten_orders(100)).await;
    let before = world.gateway_requests();
    assert!(world.post(&ten_orders(200)).await.is_empty());
    let requests = world.gateway_requests() - before;
    assert!(requests <= 4, "{requests} requests");
    assert_eq!(world.orders_in_m3(), (20, 0));
    assert_eq!(world.transactions("CRS610MI/Add"), 10);
    assert_eq!(world.state()["counters"]["token_requests"], 1);
}

#[tokio::test]
async fn confirmations_of_a_batch_are_asked_for_in_two_requests() {
    let world = world().await;
    world.post(&(1..=10).map(|id| order(id, 1)).collect::<Vec<_>>()).await;
    let before = world.gateway_requests();
    assert_eq!(world.confirm_after(30).await.confirmed, 10);
    assert_eq!(world.gateway_requests() - before, 2, "their statuses, their lines");
}

#[tokio::test]
async fn an_order_of_two_hundred_lines_is_posted_whole() {
    let world = world().await;
    assert!(world.post(&[order(1, 200)]).await.is_empty());
    assert_eq!(world.transactions("OIS100MI/AddBatchLine"), 200);
    assert_eq!(world.confirm_after(30).await.confirmed, 1);
}
