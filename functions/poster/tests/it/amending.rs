//! Orders that CloudSuite has and that change at the source: brought to the new content, cancelled, or shown to a person.

use domain::{Event, FindingCode, State, Step};
use platform::Envelope;
use serde_json::{Value, json};
use simulated_cloudsuite::{Effect, Fault};

use crate::support::{QUIET, World, message, order, world};

/// An order that M3 has confirmed, of three lines.
async fn posted() -> World {
    let world = world().await;
    assert!(world.post(&[order(1, 3)]).await.is_empty());
    assert_eq!(world.confirm_after(60).await.confirmed, 1);
    world
}

/// The order as it is so many seconds later, with a change.
fn later(seconds: u64, change: impl Fn(&mut Value)) -> Value {
    let mut order = order(1, 3);
    order["updated_at"] = json!(format!("2026-11-20T10:01:{seconds:02}+01:00"));
    change(&mut order);
    order
}

/// The only customer order of M3.
fn content(world: &World) -> Value {
    let state = world.state();
    let orders = state["orders"].as_object().unwrap();
    assert_eq!(orders.len(), 1, "one order only");
    orders.values().next().unwrap()["content"].clone()
}

/// What M3 has of each line: item and quantity.
fn lines(world: &World) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let content = content(world);
    let lines = content["lines"].as_array().unwrap().iter();
    lines.map(|line| (text(&line["fields"]["ITNO"]), text(&line["fields"]["ORQT"]))).collect()
}

fn number(world: &World) -> String {
    world.state()["orders"].as_object().unwrap().keys().next().unwrap().clone()
}

fn advance(world: &World, to: &str) {
    let number = number(world);
    world.m3.simulator().advance_order(&number, None, Some(to)).unwrap();
}

async fn last_event(world: &World) -> Event {
    world.record(1).await.trail.last().unwrap().event
}

#[tokio::test]
async fn quantities_lines_and_charges_are_brought_to_what_the_source_has() {
    let world = posted().await;
    let changed = later(1, |order| {
        order["line_items"][0]["current_quantity"] = json!(1);
        order["line_items"][0]["quantity"] = json!(1);
        order["line_items"].as_array_mut().unwrap().push(json!({
            "id": 199, "sku": "SOCK-42", "quantity": 4, "current_quantity": 4, "price": "3.00",
            "discount_allocations": [] }));
        order["shipping_lines"][0]["price"] = json!("9.90");
    });
    assert!(world.post(&[changed]).await.is_empty());
    let expected = [("MUG-BLUE-12", "1"), ("TEE-BLK-M", "2"), ("CAP-RED", "2"), ("SOCK-42", "4")];
    assert_eq!(lines(&world), expected.map(|(item, quantity)| (item.to_owned(), quantity.to_owned())));
    assert_eq!(content(&world)["charges"][0]["CRAM"], "9.9");
    assert_eq!(world.record(1).await.state, State::Confirmed);
    assert_eq!(last_event(&world).await, Event::Amended);
}

/// Money is given back for what was delivered, and the buyer keeps it: CloudSuite sold it all the same.
#[tokio::test]
async fn what_is_refunded_after_delivery_stays_in_the_order_and_what_is_refunded_before_does_not() {
    for (is_delivered, event) in [(true, Event::Unchanged), (false, Event::Amended)] {
        let world = posted().await;
        let before = lines(&world);
        let changed = later(1, |order| {
            let (id, quantity) =
                (order["line_items"][1]["id"].clone(), order["line_items"][1]["quantity"].clone());
            order["line_items"][1]["current_quantity"] = json!(0);
            let kept = json!({"line_item_id": id, "quantity": quantity, "restock_type": "no_restock"});
            order["refunds"] =
                json!([{"id": 2, "created_at": "2026-11-20T10:01:00+01:00", "refund_line_items": [kept]}]);
            if is_delivered {
                order["fulfillments"] = json!([{
                    "status": "success", "created_at": "2026-11-20T10:00:30+01:00",
                    "line_items": [{"id": id, "quantity": quantity}],
                }]);
            }
        });
        assert!(world.post(&[changed]).await.is_empty());
        assert_eq!(last_event(&world).await, event);
        assert_eq!(lines(&world) == before, is_delivered, "{:?}", lines(&world));
    }
}

#[tokio::test]
async fn a_line_that_is_gone_is_taken_out() {
    let world = posted().await;
    let changed = later(1, |order| order["line_items"][1]["current_quantity"] = json!(0));
    assert!(world.post(&[changed]).await.is_empty());
    assert_eq!(lines(&world).len(), 2);
    assert_eq!(last_event(&world).await, Event::Amended);
}

#[tokio::test]
async fn what_is_delivered_is_not_changed_and_a_person_sees_what_differs_field_by_field() {
    let world = posted().await;
    advance(&world, "66");
    let changed = later(1, |order| {
        order["line_items"][0]["quantity"] = json!(7);
        order["line_items"][0]["current_quantity"] = json!(7);
    });
    assert!(world.post(std::slice::from_ref(&changed)).await.is_empty());
    let record = world.record(1).await;
    let State::NeedsReview { findings } = &record.state else { panic!("{:?}", record.state) };
    let told: Vec<_> = findings.iter().map(|finding| (finding.code, finding.field.as_str())).collect();
    assert_eq!(told, [(FindingCode::Differs, "line_items[0].quantity")]);
    assert!(findings[0].message.contains('2') && findings[0].message.contains('7'), "{}", findings[0]);
    assert!(world.reasons().is_empty(), "there is nothing to redrive: the order is in CloudSuite");
    let before = world.gateway_requests();
    let tagged = later(2, |order| {
        order["line_items"][0]["quantity"] = json!(7);
        order["line_items"][0]["current_quantity"] = json!(7);
        order["tags"] = json!("vip");
    });
    assert!(world.post(&[tagged]).await.is_empty());
    assert_eq!(world.gateway_requests(), before, "nothing new is asked for");
    assert!(world.post(&[later(3, |_| ())]).await.is_empty());
    assert_eq!(world.record(1).await.state, State::Confirmed, "the source has it as CloudSuite again");
}

#[tokio::test]
async fn a_cancelled_order_is_cancelled_in_cloudsuite_once() {
    let world = posted().await;
    let cancel = |second| later(second, |order| order["cancelled_at"] = json!("2026-11-20T10:01:00+01:00"));
    assert!(world.post(&[cancel(1)]).await.is_empty());
    assert_eq!(world.state()["orders"].as_object().unwrap().len(), 0);
    assert_eq!(world.record(1).await.state, State::Cancelled);
    let before = world.gateway_requests();
    assert!(world.post(&[cancel(2)]).await.is_empty());
    assert_eq!((world.gateway_requests(), last_event(&world).await), (before, Event::Unchanged));
    let revived = later(3, |order| order["note"] = json!("please"));
    assert!(world.post(&[revived]).await.is_empty());
    assert!(matches!(world.record(1).await.state, State::NeedsReview { .. }), "it is not entered again");
    assert_eq!(world.state()["orders"].as_object().unwrap().len(), 0);
}

#[tokio::test]
async fn a_delivered_order_that_is_cancelled_needs_a_person() {
    let world = posted().await;
    advance(&world, "66");
    let cancelled = later(1, |order| order["cancelled_at"] = json!("2026-11-20T10:01:00+01:00"));
    assert!(world.post(&[cancelled]).await.is_empty());
    assert!(matches!(world.record(1).await.state, State::NeedsReview { .. }));
}

#[tokio::test]
async fn an_order_that_is_deleted_in_shopify_is_cancelled() {
    let world = posted().await;
    let body = json!({ "id": 1 }).to_string();
    assert!(world.post_messages(vec![message(&body, "orders/delete")]).await.is_empty());
    assert_eq!(world.record(1).await.state, State::Cancelled);
}

#[tokio::test]
async fn one_that_was_cancelled_before_it_was_posted_never_reaches_cloudsuite() {
    let world = world().await;
    let cancelled = later(1, |order| order["cancelled_at"] = json!("2026-11-20T10:01:00+01:00"));
    assert!(world.post(&[cancelled]).await.is_empty());
    assert!(matches!(world.record(1).await.state, State::Skipped { .. }));
}

/// The answer to a change is lost: once the quiet time is over the order is compared again, and nothing is done twice.
#[tokio::test]
async fn an_amendment_whose_answer_was_lost_settles_itself() {
    let world = posted().await;
    let changed = later(1, |order| {
        order["line_items"].as_array_mut().unwrap().push(json!({
            "id": 199, "sku": "SOCK-42", "quantity": 4, "current_quantity": 4, "price": "3.00",
            "discount_allocations": [] }));
    });
    world.fault(Fault::once(Effect::DropAfter).only("OIS100MI", "AddLineBatchEnt"));
    assert_eq!(world.post(std::slice::from_ref(&changed)).await, ["m-0"]);
    assert!(matches!(world.record(1).await.state, State::InDoubt { step: Step::Amend, .. }));
    assert_eq!(
        world.post(std::slice::from_ref(&changed)).await,
        ["m-0"],
        "not before the quiet time is over"
    );
    world.clock.advance(QUIET + 1);
    assert!(world.post(&[changed]).await.is_empty());
    assert_eq!(lines(&world).len(), 4, "the line is there once");
    assert_eq!(world.record(1).await.state, State::Confirmed);
    assert_eq!(world.transactions("OIS100MI/AddLineBatchEnt"), 1);
}

#[tokio::test]
async fn a_throttled_amendment_waits_and_the_order_is_not_entered_again() {
    let world = posted().await;
    let changed = later(1, |order| order["shipping_lines"][0]["price"] = json!("9.90"));
    world.fault(Fault::once(Effect::Status { status: 429, retry_after: Some(120) }));
    assert_eq!(world.post(std::slice::from_ref(&changed)).await, ["m-0"]);
    assert!(matches!(world.record(1).await.state, State::Waiting { .. }));
    world.clock.advance(180);
    assert!(world.post(&[changed]).await.is_empty());
    assert_eq!(world.orders_in_m3(), (1, 0));
    assert_eq!(world.record(1).await.state, State::Confirmed);
}

/// An item that M3 does not know must not undo what M3 has, nor lead to a second order.
#[tokio::test]
async fn an_unknown_item_on_an_order_that_is_there_needs_a_person() {
    let world = posted().await;
    let changed = later(1, |order| order["line_items"][0]["sku"] = json!("GHOST-SKU"));
    assert!(world.post(&[changed]).await.is_empty());
    let State::NeedsReview { findings } = world.record(1).await.state else { panic!() };
    assert_eq!(findings[0].code, FindingCode::UnknownItem);
    assert_eq!(world.orders_in_m3(), (1, 0));
}

/// What a clerk changed in M3 stays, if the source did not change the same.
#[tokio::test]
async fn what_the_source_left_alone_is_left_alone() {
    let world = posted().await;
    let number = number(&world);
    world.m3.simulator().change_line(&number, 2, "ORQT", "5").unwrap();
    let changed = later(1, |order| {
        order["line_items"][0]["quantity"] = json!(3);
        order["line_items"][0]["current_quantity"] = json!(3);
    });
    assert!(world.post(&[changed]).await.is_empty());
    let quantities: Vec<_> = lines(&world).into_iter().map(|(_, quantity)| quantity).collect();
    assert_eq!(quantities, ["3", "5", "2"]);
}

/// Ten changed orders cost no more requests than a few bulks.
#[tokio::test]
async fn ten_changes_are_made_together() {
    let world = world().await;
    let orders: Vec<_> = (1..=10).map(|id| order(id, 2)).collect();
    assert!(world.post(&orders).await.is_empty());
    world.confirm_after(60).await;
    let changed = orders.into_iter().map(|mut order| {
        order["updated_at"] = json!("2026-11-20T10:01:00+01:00");
        order["line_items"][0]["quantity"] = json!(5);
        order["line_items"][0]["current_quantity"] = json!(5);
        order
    });
    let changed: Vec<_> = changed.collect();
    let before = world.gateway_requests();
    assert!(world.post(&changed).await.is_empty());
    assert_eq!(world.gateway_requests() - before, 3, "read, change, read again");
}

/// Shopify's update times are whole seconds; when it began to tell of a change is told more exactly.
#[tokio::test]
async fn of_two_changes_of_one_second_the_newer_one_stays() {
    let world = posted().await;
    let told = |quantity: u64, triggered_at: &str| {
        let changed = later(1, |order| {
            order["line_items"][0]["quantity"] = json!(quantity);
            order["line_items"][0]["current_quantity"] = json!(quantity);
        });
        let mut envelope = Envelope::from_message(&message(&changed.to_string(), "orders/updated")).unwrap();
        envelope.triggered_at = Some(triggered_at.parse().unwrap());
        envelope.to_message()
    };
    let (older, newer) = (told(5, "2026-11-20T09:01:01.100Z"), told(7, "2026-11-20T09:01:01.200Z"));
    assert!(world.post_messages(vec![newer]).await.is_empty());
    assert!(world.post_messages(vec![older]).await.is_empty());
    assert_eq!(lines(&world)[0].1, "7");
    assert_eq!(last_event(&world).await, Event::Stale);
}
