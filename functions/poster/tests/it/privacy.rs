//! The topics about privacy: what is erased is gone, does not come back, and the proof names nobody.

mod faulty;

use std::sync::Arc;

use domain::{Event, FindingCode, Kind, Record, RecordKey, Source, SourceId, State};
use jiff::SignedDuration;
use ledger::Ledger as _;
use platform::{Body, Envelope, Mailbox as _, Outgoing};
use poster::Poster;
use serde_json::{Value, json};
use tenants::installation;

use self::faulty::Faulty;
use crate::support::{World, order, world};

/// All that the orders of `support::order` say of their buyer.
const PERSONAL: [&str; 6] = ["ada@example.com", "Ada", "Lovelace", "Unter den Linden", "901820", "10117"];

/// When what is erased was accepted at the latest.
const UNTIL: &str = "2026-11-22T10:00:00Z";

fn delivery(id: &str, topic: &str, body: &Value, received_at: &str) -> String {
    let body = Body::compress(body.to_string().as_bytes());
    let (tenant, received_at) = ("demo".parse().unwrap(), received_at.parse().unwrap());
    Envelope::new(tenant, Source::Shopify, topic.into(), id.into(), received_at, body).to_message()
}

fn ordered(id: u64, received_at: &str) -> String {
    delivery(&format!("o-{id}"), "orders/create", &order(id, 1), received_at)
}

fn redact(id: &str, orders: &[u64]) -> String {
    let customer = json!({ "id": 7, "email": "Ada@Example.com", "phone": "+49 30 901820" });
    let body = json!({ "shop_id": 5, "customer": customer, "orders_to_redact": orders });
    delivery(id, "customers/redact", &body, UNTIL)
}

fn data_request() -> String {
    let customer = json!({ "id": 7, "email": "ada@example.com", "phone": null });
    let body =
        json!({ "shop_id": 5, "customer": customer, "orders_requested": [1], "data_request": { "id": 99 } });
    delivery("dr-1", "customers/data_request", &body, UNTIL)
}

fn shop_redact() -> String {
    delivery("sr-1", "shop/redact", &json!({ "shop_id": 5, "shop_domain": "demo.myshopify.com" }), UNTIL)
}

fn key(kind: Kind, id: impl std::fmt::Display) -> RecordKey {
    format!("demo/shopify/{kind}/{id}").parse().unwrap()
}

async fn record(world: &World, kind: Kind, id: impl std::fmt::Display) -> Record {
    let key = key(kind, id);
    world.ledger.record(&key).await.unwrap().unwrap_or_else(|| panic!("no record {key}"))
}

fn opened(compressed: Vec<u8>) -> String {
    String::from_utf8_lossy(&Body::from_compressed(compressed).bytes().unwrap()).into_owned()
}

/// Everything that is kept anywhere, unpacked.
fn everything(world: &World) -> String {
    let mut all: Vec<String> = world.ledger.records().iter().map(|record| format!("{record:?}")).collect();
    all.extend(world.ledger.shared_values());
    all.extend(
        world
            .ledger
            .archived()
            .into_iter()
            .map(|(key, payload)| format!("{key} {}", opened(payload.compressed))),
    );
    for message in world.events.messages().into_iter().chain(world.dead_letters.messages()) {
        let body =
            Envelope::from_message(&message.body).map(|envelope| opened(envelope.body.into_compressed()));
        all.push(format!("{:?} {}", message.attributes, body.unwrap_or(message.body)));
    }
    all.join("\n")
}

fn assert_nothing_of_ada(world: &World) {
    let everything = everything(world);
    let map = SourceId::of_email("ada@example.com").to_string();
    for personal in PERSONAL.into_iter().chain([map.as_str()]) {
        let found = everything.lines().find(|line| holds(line, personal));
        assert!(found.is_none(), "{personal}: {found:?}");
    }
}

/// Whether a text holds a value as words of its own: within a longer number or a sealed token it stands by chance.
fn holds(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// An order of somebody else's.
fn graces(id: u64) -> Value {
    let text = order(id, 1).to_string();
    let other = [
        ("ada@", "grace@"),
        ("Ada", "Grace"),
        ("Lovelace", "Hopper"),
        ("Unter den Linden", "Friedrichstraße"),
        ("901820", "555"),
        ("10117", "10969"),
    ];
    let text = other.iter().fold(text, |text, (ada, grace)| text.replace(ada, grace));
    let mut order: Value = serde_json::from_str(&text).unwrap();
    order["customer"]["id"] = json!(8);
    order
}

/// An order of Ada's in M3, one with findings, one of Grace's, and Ada's question what is stored of her.
async fn lived_in() -> World {
    let world = world().await;
    let mut unknown = order(2, 1);
    unknown["line_items"][0]["sku"] = json!("NOT-IN-M3");
    let grace = graces(3);
    world.post(&[order(1, 1), unknown, grace]).await;
    world.post_messages(vec![data_request()]).await;
    world.events.clear();
    assert!(everything(&world).contains("ada@example.com"));
    assert!(everything(&world).contains(&SourceId::of_email("ada@example.com").to_string()));
    world
}

/// Gives a message to a poster until it is done with; how often it was given.
async fn until_done(world: &World, poster: &Arc<Poster>, message: &str) -> usize {
    for turn in 1..=60 {
        if world.give(poster, message).await {
            return turn;
        }
        world.clock.advance(3_600);
    }
    panic!("it is never done with");
}

#[tokio::test]
async fn nothing_of_a_customer_is_found_anywhere_once_they_are_erased() {
    let world = lived_in().await;
    assert_eq!(world.reasons().len(), 1);
    assert!(world.post_messages(vec![redact("cr-1", &[1, 2])]).await.is_empty());
    world.events.clear();
    assert!(everything(&world).contains("grace@example.com"), "Grace asked for nothing");
    assert_nothing_of_ada(&world);
    assert!(world.reasons().is_empty(), "the dead letter is gone");
    let order = record(&world, Kind::Order, 1).await;
    assert_eq!((&order.state, order.name.as_str()), (&State::Posted, "#1"));
    assert!(matches!(record(&world, Kind::Order, 2).await.state, State::Skipped { .. }));
    assert_eq!(
        world.confirm_after(30).await.confirmed,
        2,
        "what CloudSuite has is confirmed without the delivery"
    );
}

#[tokio::test]
async fn the_proof_counts_and_names_nobody() {
    let world = lived_in().await;
    world.post_messages(vec![redact("cr-1", &[1, 2])]).await;
    let request = record(&world, Kind::Request, "customer-redact-7").await;
    assert_eq!(request.state, State::Confirmed);
    let proof = request.trail.last().unwrap();
    assert_eq!(proof.event, Event::Erased);
    // Two orders, their journals, the customer by id, and the question.
    assert_eq!(proof.detail, "done: 3 payloads of 6 records, 1 customers' records, 1 dead letters");
    for id in [1, 2] {
        let order = record(&world, Kind::Order, id).await;
        let entry = order.trail.last().unwrap();
        assert_eq!(entry.event, Event::Erased);
        assert_eq!(entry.detail, "1 payloads, for demo/shopify/request/customer-redact-7");
    }
    for record in world.ledger.records() {
        let trail = format!("{:?}", record.trail);
        assert!(PERSONAL.iter().all(|personal| !trail.contains(personal)), "{trail}");
    }
}

#[tokio::test]
async fn erasing_twice_does_nothing_the_second_time() {
    let world = lived_in().await;
    world.post_messages(vec![redact("cr-1", &[1, 2])]).await;
    let before = world.ledger.records();
    assert!(world.post_messages(vec![redact("cr-1", &[1, 2])]).await.is_empty());
    let request = key(Kind::Request, "customer-redact-7");
    let others =
        |records: Vec<Record>| records.into_iter().filter(|record| record.key != request).collect::<Vec<_>>();
    assert_eq!(others(world.ledger.records()), others(before));
    assert!(
        world.ledger.archived().iter().all(|(key, _)| *key != request),
        "its own body is not archived again"
    );
}

#[tokio::test]
async fn what_still_waits_on_the_queue_is_not_archived_afterwards() {
    let world = lived_in().await;
    let mut updated = order(1, 1);
    updated["updated_at"] = json!("2026-11-21T10:00:00+01:00");
    let mut customer = order(1, 1)["customer"].clone();
    customer["state"] = json!("enabled");
    let waiting = [
        delivery("w-1", "orders/updated", &updated, UNTIL),
        ordered(4, UNTIL),
        delivery("w-2", "customers/update", &customer, UNTIL),
        data_request(),
    ];
    world.post_messages(vec![redact("cr-1", &[1, 2, 4])]).await;
    for message in waiting {
        let before = world.ledger.archived().len();
        assert!(world.post_messages(vec![message]).await.is_empty());
        assert_eq!(world.ledger.archived().len(), before);
    }
    assert!(
        matches!(record(&world, Kind::Order, 4).await.state, State::Skipped { .. }),
        "never heard of before"
    );
    assert_eq!(world.orders_in_m3(), (2, 0));
    // What is accepted later is another matter: the shop may go on with the customer.
    world.post_messages(vec![ordered(4, "2026-11-22T10:00:01Z")]).await;
    assert_eq!(record(&world, Kind::Order, 4).await.state, State::Posted);
}

/// The ledger fails at each call, one after another, and the process does as if it had ended there.
#[tokio::test]
async fn an_erasure_that_fails_at_any_call_is_ended_by_a_later_delivery() {
    for message in [redact("cr-1", &[1, 2]), shop_redact()] {
        let mut calls = 0;
        for failing in 1.. {
            let world = lived_in().await;
            let faulty = Arc::new(Faulty::failing_at(world.ledger.clone(), failing));
            let poster = world.poster_with(faulty.clone());
            let turns = until_done(&world, &poster, &message).await;
            assert_nothing_of_ada(&world);
            if !faulty.has_failed() {
                break;
            }
            calls = failing;
            assert!(turns > 1 || failing > 1, "call {failing}");
        }
        assert!(calls > 20, "{calls} calls");
    }
}

#[tokio::test]
async fn what_is_being_worked_on_is_erased_once_that_ended() {
    let world = world().await;
    world.vanish_over(&order(1, 1)).await;
    assert_eq!(world.post_messages(vec![redact("cr-1", &[1])]).await, ["m-0"]);
    assert!(matches!(record(&world, Kind::Request, "customer-redact-7").await.state, State::Waiting { .. }));
    world.clock.advance(330);
    assert!(world.post_messages(vec![redact("cr-1", &[1])]).await.is_empty());
    assert!(record(&world, Kind::Order, 1).await.erased_at.is_some());
}

#[tokio::test]
async fn dead_letters_of_others_stay_and_can_be_seen_at_once() {
    let world = lived_in().await;
    let mut other = graces(30);
    other["line_items"][0]["sku"] = json!("NOT-IN-M3");
    world.post(&[other]).await;
    world.post_messages(vec![redact("cr-1", &[1, 2])]).await;
    assert_eq!(world.reasons().len(), 1);
    assert_eq!(world.dead_letters.receive(10, 1).await.unwrap().len(), 1);
}

/// SQS moves a message without saying anything of it.
#[tokio::test]
async fn a_dead_letter_that_says_nothing_is_opened() {
    let world = world().await;
    for body in [ordered(1, UNTIL), ordered(5, UNTIL), "no envelope".to_owned()] {
        world.dead_letters.send(Outgoing { body, ..Outgoing::default() }).await.unwrap();
    }
    world.post_messages(vec![redact("cr-1", &[1])]).await;
    assert_eq!(world.dead_letters.messages().len(), 2);
    world.post_messages(vec![shop_redact()]).await;
    assert_eq!(world.dead_letters.messages().len(), 1, "whose the last one is nobody can say");
}

#[tokio::test]
async fn a_shop_is_erased_whole_and_what_came_after_stays() {
    let world = lived_in().await;
    world.post_messages(vec![ordered(8, "2026-11-22T10:00:01Z")]).await;
    assert!(world.post_messages(vec![shop_redact()]).await.is_empty());
    let kept: Vec<_> = world.ledger.archived().into_iter().map(|(key, _)| key).collect();
    assert_eq!(kept, [key(Kind::Order, 8)]);
    assert!(world.reasons().is_empty());
    for id in [1, 2, 3] {
        assert!(record(&world, Kind::Order, id).await.erased_at.is_some(), "{id}");
    }
    let before = world.ledger.archived().len();
    world.post_messages(vec![ordered(9, UNTIL), data_request()]).await;
    assert_eq!(world.ledger.archived().len(), before, "also of what was never heard of");
    let tenant = "demo".parse().unwrap();
    assert!(installation::is_uninstalled(&*world.ledger, &tenant).await.unwrap());
}

/// Each call takes a second, so a turn of 20 s ends in between, again and again.
#[tokio::test]
async fn a_large_shop_is_erased_in_many_turns() {
    let world = world().await;
    for id in 1..=130 {
        let mut unknown = order(id, 1);
        unknown["line_items"][0]["sku"] = json!("NOT-IN-M3");
        let received_at = format!("2026-11-21T10:{:02}:{:02}Z", id / 60, id % 60);
        world.post_messages(vec![delivery("o", "orders/create", &unknown, &received_at)]).await;
    }
    let slow =
        Arc::new(Faulty::slow(world.ledger.clone(), world.clock.clone(), SignedDuration::from_secs(1)));
    let poster = world.poster_with(slow);
    let mut turns = 1;
    while !world.give(&poster, &shop_redact()).await {
        turns += 1;
        assert!(turns < 300, "it is never done with");
        world.clock.advance(30);
    }
    assert!(turns > 10, "{turns}");
    assert!(world.ledger.archived().is_empty() && world.reasons().is_empty());
    let request = record(&world, Kind::Request, "shop-redact-5").await;
    let proof = &request.trail.last().unwrap().detail;
    assert_eq!(proof, "done: 130 payloads of 130 records, 0 customers' records, 130 dead letters");
    assert_eq!(request.attempts, 0);
}

#[tokio::test]
async fn a_request_for_data_waits_for_a_person_and_says_until_when() {
    let world = world().await;
    assert!(world.post_messages(vec![data_request()]).await.is_empty());
    let request = record(&world, Kind::Request, "data-request-99").await;
    let State::NeedsReview { findings } = &request.state else { panic!("{:?}", request.state) };
    assert_eq!(findings[0].code, FindingCode::Request);
    assert!(findings[0].message.contains("2026-12-22T10:00:00Z"), "{findings:?}");
    assert!(
        findings[0].help.contains("ops privacy export --tenant demo --request data-request-99"),
        "{findings:?}"
    );
    assert!(world.reasons().is_empty());
    assert_eq!(
        world.ledger.payloads(&request.key).await.unwrap().len(),
        1,
        "what it asks for can be read later"
    );
}

#[tokio::test]
async fn a_removed_app_is_marked_and_a_removal_that_comes_late_is_not() {
    let world = world().await;
    let tenant = "demo".parse().unwrap();
    let removed = |id: &str, at: &str| {
        delivery(id, "app/uninstalled", &json!({ "id": 5, "myshopify_domain": "demo.myshopify.com" }), at)
    };
    assert!(world.post_messages(vec![removed("u-1", UNTIL)]).await.is_empty());
    assert!(installation::is_uninstalled(&*world.ledger, &tenant).await.unwrap());
    let request = record(&world, Kind::Request, "uninstalled-5").await;
    let entry = request.trail.last().unwrap();
    assert_eq!((&request.state, entry.event), (&State::Confirmed, Event::Uninstalled));
    assert!(entry.detail.contains("ops shop installed --tenant demo"), "{entry:?}");
    let later = "2026-11-22T11:00:00Z".parse().unwrap();
    installation::mark_installed(&*world.ledger, &tenant, later).await.unwrap();
    world.post_messages(vec![removed("u-2", "2026-11-22T10:30:00Z")]).await;
    assert!(!installation::is_uninstalled(&*world.ledger, &tenant).await.unwrap());
    world.post_messages(vec![removed("u-3", "2026-11-22T11:00:01Z")]).await;
    assert!(installation::is_uninstalled(&*world.ledger, &tenant).await.unwrap());
}
