//! What staff make of announced goods: too many are put aside, counting comes before stowing, orders are split.

use serde_json::{Value, json};
use simulated_shipbob::HttpRequest;

use crate::bench::{Bench, parsed};

fn announced(bench: &mut Bench, quantity: u64) -> u64 {
    let boxes = json!([{ "items": [{ "sku": "MUG", "quantity": quantity }] }]);
    let made = bench.does("receiving", &json!({ "purchase_order_number": "PO1", "boxes": boxes }));
    made["id"].as_u64().unwrap()
}

fn pieces(sku: &str, quantity: u64) -> Value {
    json!({ "boxes": [{ "items": [{ "sku": sku, "quantity": quantity }] }] })
}

fn aside(bench: &mut Bench) -> Vec<Value> {
    let token = format!("Bearer {}", bench.simulator.credentials().access_token);
    let request = HttpRequest::new("GET", "/2026-07/unidentified-receiving-order");
    parsed(&bench.send(&request.header("authorization", &token))).as_array().unwrap().clone()
}

fn stowed(bench: &mut Bench, id: u64) -> Value {
    bench.get(&format!("receiving/{id}"))["inventory_quantities"][0]["stowed_quantity"].clone()
}

#[test]
fn what_is_a_tenth_or_25_pieces_over_is_put_aside_and_less_is_not() {
    // Expected, stowed: what stays with the order, and what is put aside.
    for (expected, came, stays, over) in [
        (100, 100, 100, 0),
        (100, 109, 109, 0),
        (100, 110, 100, 10),
        (400, 424, 424, 0),
        (400, 425, 400, 25),
        (5, 6, 5, 1),
        (10, 4, 4, 0),
    ] {
        let mut bench = Bench::new();
        let id = announced(&mut bench, expected);
        bench.does(&format!("receiving/{id}/stow"), &pieces("MUG", came));
        assert_eq!(stowed(&mut bench, id), stays, "{came} of {expected}");
        let aside = aside(&mut bench);
        let found: u64 =
            aside.iter().map(|one| one["inventory_quantities"][0]["quantity"].as_u64().unwrap()).sum();
        assert_eq!((found, aside.len()), (over, usize::from(over > 0)), "{came} of {expected}");
        assert_eq!(bench.totals()["stock"][0]["stowed"], stays, "what is put aside is in no stock");
    }
}

#[test]
fn goods_that_nobody_announced_name_no_order() {
    let mut bench = Bench::new();
    let id = announced(&mut bench, 10);
    bench.does(&format!("receiving/{id}/stow"), &pieces("TEA", 2));
    let aside = aside(&mut bench).remove(0);
    let text = aside.to_string();
    assert!(!text.contains("PO1") && !text.contains(&id.to_string()), "{text}");
    assert_eq!(aside["inventory_quantities"][0]["sku"], "TEA");
}

#[test]
fn what_was_put_aside_can_be_given_to_an_order_once_even_when_it_is_closed() {
    let mut bench = Bench::new();
    let id = announced(&mut bench, 10);
    bench.does(&format!("receiving/{id}/stow"), &pieces("MUG", 15));
    bench.does(&format!("receiving/{id}/complete"), &Value::Null);
    bench.subscribe(&["wro.updated"]);
    let uro = aside(&mut bench)[0]["id"].clone();
    bench.does(&format!("unidentified/{uro}/associate"), &json!({ "receiving_id": id }));
    assert_eq!(stowed(&mut bench, id), 15);
    assert_eq!(aside(&mut bench)[0]["status"], "Associated");
    assert_eq!(bench.deliver(200).len(), 1);
    assert_eq!(bench.tries(&format!("unidentified/{uro}/associate"), &json!({ "receiving_id": id })).0, 400);
}

#[test]
fn older_versions_do_not_know_what_was_put_aside() {
    let mut bench = Bench::new();
    assert_eq!(bench.call("GET", "unidentified-receiving-order", &Value::Null).status, 404);
}

#[test]
fn pieces_are_counted_before_they_are_stowed_and_the_order_shows_neither_until_later() {
    let mut bench = Bench::new();
    let id = announced(&mut bench, 100);
    bench.does(&format!("receiving/{id}/count"), &pieces("MUG", 100));
    let quantities = |bench: &mut Bench| {
        let shown = bench.get(&format!("receiving/{id}/boxes"))[0]["box_items"][0].clone();
        (shown["received_quantity"].clone(), shown["stowed_quantity"].clone(), stowed(bench, id))
    };
    assert_eq!(quantities(&mut bench), (json!(100), json!(0), json!(0)));
    assert_eq!(bench.get(&format!("receiving/{id}/boxes"))[0]["box_status"], "Counting");
    bench.does(&format!("receiving/{id}/stow"), &pieces("MUG", 50));
    // As in the answers that the SDK's tests keep: 100 received and 50 stowed in the box, 0 received in the order.
    assert_eq!(quantities(&mut bench), (json!(100), json!(50), json!(50)));
    let order = bench.get(&format!("receiving/{id}"));
    assert_eq!(order["inventory_quantities"][0]["received_quantity"], 0);
}

#[test]
fn staff_split_an_order_and_nothing_links_the_parts() {
    let mut bench = Bench::new();
    let one = json!({ "items": [{ "sku": "MUG", "quantity": 5 }] });
    let made = bench.does("receiving", &json!({ "purchase_order_number": "PO1", "boxes": [one, one, one] }));
    let (id, boxes) = (made["id"].clone(), made["boxes"].clone());
    bench.subscribe(&["wro.created", "wro.updated"]);
    let split = bench.does(&format!("receiving/{id}/split"), &json!({ "boxes": [[boxes[1]], [boxes[2]]] }));
    let topics: Vec<_> = bench.deliver(200).into_iter().map(|one| one.topic).collect();
    assert_eq!(topics, ["wro.created", "wro.created", "wro.updated"]);
    for part in split["ids"].as_array().unwrap() {
        let part = bench.get(&format!("receiving/{part}"));
        assert_eq!(part["purchase_order_number"], Value::Null);
        assert_eq!(part["inventory_quantities"][0]["expected_quantity"], 5);
        assert!(!part.to_string().contains(&id.to_string()));
    }
    let rest = bench.get(&format!("receiving/{id}"));
    assert_eq!(rest["inventory_quantities"][0]["expected_quantity"], 5);
    assert_eq!(bench.tries(&format!("receiving/{id}/split"), &json!({ "boxes": [[boxes[1]]] })).0, 400);
}

#[test]
fn a_box_of_which_something_is_stowed_stays_where_it_is() {
    let mut bench = Bench::new();
    let boxes = json!([{ "items": [{ "sku": "MUG", "quantity": 5 }] }]);
    let made = bench.does("receiving", &json!({ "boxes": boxes }));
    let id = made["id"].clone();
    bench.does(&format!("receiving/{id}/stow"), &pieces("MUG", 1));
    let before = bench.get(&format!("receiving/{id}"));
    assert_eq!(
        bench.tries(&format!("receiving/{id}/split"), &json!({ "boxes": [[made["boxes"][0]]] })).0,
        400
    );
    assert_eq!(bench.get(&format!("receiving/{id}")), before);
}
