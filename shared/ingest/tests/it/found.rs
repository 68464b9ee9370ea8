//! What is found, and what is not sent again.

use crate::world::{minutes_pass, names, shipment_of, world};

#[tokio::test(start_paused = true)]
async fn new_orders_come_with_their_shipments_byte_for_byte() {
    let world = world();
    world.order(1, 20, &[11, 12]);
    world.order(2, 90, &[21]);
    let sent = world.run_whole().await;
    assert_eq!(names(&sent), ["order.polled 1", "shipment.polled 11", "shipment.polled 12"]);
    assert_eq!(sent[0].2, world.shelf().orders[&1].json);
    assert_eq!(sent[2].2, shipment_of(12, "Processing"), "blanks and digits stay as ShipBob wrote them");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_run_sends_nothing_and_writes_its_place_once() {
    let world = world();
    world.order(1, 20, &[11]);
    world.receipt(3, "Processing", 4);
    world.returned(4, 5);
    world.fee("01A");
    assert_eq!(world.run_whole().await.len(), 5);
    for _ in 0..3 {
        minutes_pass(15).await;
        let before = world.writes().await;
        let report = world.run().await;
        assert_eq!(world.writes().await, before + 1);
        assert_eq!((report.counts.sent(), report.counts.failed()), (0, 0), "{:?}", report.counts);
        assert!(report.counts.receipts.known > 0);
    }
    assert!(world.events.messages().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_change_that_no_webhook_told_of_is_found() {
    let world = world();
    world.order(1, 5, &[11, 12]);
    world.run_whole().await;
    minutes_pass(60 * 24 * 3).await;
    world.run_whole().await;
    minutes_pass(15).await;
    world.ship(1, 12);
    let sent = world.run_whole().await;
    assert_eq!(names(&sent), ["order.polled 1", "shipment.polled 12"], "the other parcel is as it was");
    assert_eq!(sent[1].2, shipment_of(12, "Completed"));
}

#[tokio::test(start_paused = true)]
async fn what_a_webhook_told_in_the_same_bytes_is_not_sent() {
    let world = world();
    world.order(1, 5, &[11]);
    world.ship(1, 11);
    let body = world.shelf().orders[&1].json.clone();
    world.take_in(world.key(domain::Kind::Order, 1.into()), body.as_bytes(), "msg_1").await;
    let shipment = shipment_of(11, "Completed");
    world.take_in(world.key(domain::Kind::Shipment, 11.into()), shipment.as_bytes(), "msg_1").await;
    assert_eq!(world.run_whole().await, []);
}

/// A record keeps the body that it took in, not the one that was compared with it: each run sent it again.
#[tokio::test(start_paused = true)]
async fn what_changed_nothing_is_sent_once_and_not_in_every_run() {
    let world = world();
    world.order(1, 5, &[11]);
    let key = world.key(domain::Kind::Shipment, 11.into());
    assert!(world.take_in(key, b"the whole order, as order.shipped has it", "msg_1").await);
    assert_eq!(names(&world.run_whole().await), ["order.polled 1", "shipment.polled 11"]);
    for _ in 0..3 {
        minutes_pass(10).await;
        assert_eq!(world.run_whole().await, []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_that_came_back_is_sent_again() {
    let world = world();
    world.take_in(world.key(domain::Kind::Receipt, 3.into()), b"as wro.updated has it", "msg_1").await;
    for stowed in [4, 3, 4] {
        minutes_pass(15).await;
        world.receipt(3, "Processing", stowed);
        assert_eq!(names(&world.run_whole().await), ["wro.fetched 3"], "{stowed}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_stands_in_two_lists_and_on_two_pages_is_sent_once() {
    let world = world();
    for id in 1..=9 {
        world.order(id, 5, &[id * 10]);
        world.ship(id, id * 10);
    }
    {
        let mut shelf = world.shelf();
        (shelf.page_size, shelf.is_untidy) = (2, true);
    }
    let report = world.run().await;
    assert_eq!((report.counts.orders.sent, report.counts.shipments.sent), (9, 9));
    assert!(report.counts.orders.listed > 18, "{:?}", report.counts);
    let mut ids: Vec<_> = world.work_off().await.into_iter().map(|(_, id, _)| id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 18);
}

#[tokio::test(start_paused = true)]
async fn what_is_committed_late_comes_with_the_overlap() {
    let world = world();
    world.run_whole().await;
    minutes_pass(15).await;
    world.order(1, 40, &[]);
    assert_eq!(names(&world.run_whole().await), ["order.polled 1"]);
}

#[tokio::test(start_paused = true)]
async fn receiving_orders_are_fetched_with_their_boxes_as_long_as_they_are_in_work() {
    let world = world();
    world.receipt(3, "Awaiting", 0);
    assert_eq!(world.run_whole().await, [], "made days ago, and nothing of it is there");
    world.receipt(3, "Processing", 4);
    let sent = world.run_whole().await;
    let expected = r#"{"receipt":{"id":3,"status":"Processing","inventory_quantities":[]},"boxes":[{"box_id":39, "box_items":[{"inventory_id":7,"stowed_quantity":4}]}]}"#;
    assert_eq!(sent, [("wro.fetched".to_owned(), "3".to_owned(), expected.to_owned())]);
    world.receipt(3, "Processing", 6);
    assert_eq!(names(&world.run_whole().await), ["wro.fetched 3"], "its boxes alone changed");
    world.receipt(3, "Completed", 8);
    assert_eq!(names(&world.run_whole().await), ["wro.fetched 3"]);
    world.receipt(4, "Incomplete", 8);
    assert_eq!(world.run_whole().await, [], "these are listed once an hour");
    minutes_pass(60).await;
    assert_eq!(names(&world.run_whole().await), ["wro.fetched 4"]);
}

#[tokio::test(start_paused = true)]
async fn a_receiving_order_whose_boxes_are_not_known_is_sent_without_them() {
    let world = world();
    world.receipt(3, "Processing", 4);
    world.shelf().boxes.clear();
    let sent = world.run_whole().await;
    assert_eq!(sent[0].2, r#"{"receipt":{"id":3,"status":"Processing","inventory_quantities":[]}}"#);
}

#[tokio::test(start_paused = true)]
async fn fees_are_listed_once_an_hour_and_days_back() {
    let world = world();
    world.fee("01A");
    assert_eq!(names(&world.run_whole().await), ["transaction.polled 01A"]);
    world.fee("01B");
    minutes_pass(15).await;
    assert_eq!(world.run_whole().await, []);
    minutes_pass(45).await;
    assert_eq!(names(&world.run_whole().await), ["transaction.polled 01B"]);
    let asked = world.shelf().asked.iter().filter(|asked| asked.starts_with("/transactions")).count();
    assert_eq!(asked, 2);
}
