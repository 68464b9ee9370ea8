//! The cases: each a sentence about what must hold from the outside.

use std::{sync::Arc, time::Duration};

use domain::{Event, Kind, Record, RecordKey, Reference, Source};
use jiff::Timestamp;
use libtest_mimic::{Failed, Trial};
use ops::{Delivery, Sender};
use serde_json::{Value, value::RawValue};
use shopify::Shop;
use stack::{Sample, Stack, load, table};
use tokio::runtime::Handle;

use crate::{Shared, privacy, shop, trial, warehouse};

/// The id of the order that is delivered again and again.
pub(crate) const REPEATED: u64 = 7_700_000_000_001;
/// The order that nobody here wrote, among the fixtures.
pub(crate) const FOREIGN: &str = "shopify/rest-2026-07/order_discounted_partially_refunded_po_number.json";
/// The id of the order that must never make a record.
const REFUSED: u64 = 7_700_000_000_002;
/// The poller confirms once a minute.
pub(crate) const SETTLE: Duration = Duration::from_mins(5);

/// The cases that run side by side.
pub(crate) fn first(stack: &Shared, runtime: &Handle, ignored: bool) -> Vec<Trial> {
    vec![
        trial("every_sample_ends_as_its_file_expects", stack, runtime, ignored, samples),
        trial("a_repeated_delivery_posts_nothing_twice", stack, runtime, ignored, repeated),
        trial("what_is_of_somebody_else_is_refused", stack, runtime, ignored, refused),
        trial("what_lacks_a_header_or_a_body_is_refused", stack, runtime, ignored, incomplete),
        trial("an_order_that_nobody_here_wrote_is_confirmed", stack, runtime, ignored, foreign),
        trial("an_edit_that_names_no_prices_is_fetched_and_amended", stack, runtime, ignored, shop::edited),
        trial("an_order_that_no_delivery_told_of_is_found", stack, runtime, ignored, shop::missed),
        trial("each_parcel_of_an_order_is_issued_once", stack, runtime, ignored, warehouse::shipped),
        trial("a_receipt_in_two_parts_comes_to_what_is_stowed", stack, runtime, ignored, warehouse::received),
        trial("what_shipbob_did_not_tell_of_is_found", stack, runtime, ignored, warehouse::missed),
        trial("the_statement_of_a_day_ties_what_happened", stack, runtime, ignored, warehouse::stated),
    ]
}

/// The cases that look back on all others.
pub(crate) fn last(stack: &Shared, runtime: &Handle, ignored: bool) -> Vec<Trial> {
    let name = "the_logs_of_all_this_hold_no_personal_data";
    vec![trial(name, stack, runtime, ignored, privacy::logs_hold_no_personal_data)]
}

fn all_samples() -> Result<Vec<Sample>, Failed> {
    Ok(load(&testkit::root().join("events"))?)
}

async fn samples(stack: Arc<Stack>) -> Result<(), Failed> {
    let played = stack.play(&all_samples()?, |line| eprintln!("{line}")).await?;
    eprintln!("{}", table(&played));
    let differing: Vec<String> = played
        .iter()
        .filter(|played| !played.differences.is_empty())
        .map(|played| format!("{}: {}", played.name, played.differences.join("; ")))
        .collect();
    expect(differing.is_empty(), &differing.join("\n"))?;
    let ended = |state: &str| played.iter().any(|played| played.state.as_deref() == Some(state));
    expect(ended("confirmed") && ended("rejected"), "no sample was confirmed, or none was rejected")
}

/// The confirmed sample with the most lines, as an order of its own with another id and name.
fn fresh_order(id: u64) -> Result<Vec<u8>, Failed> {
    let samples = all_samples()?;
    let fits = |sample: &&Sample| {
        sample.expected.state.as_deref() == Some("confirmed") && sample.expected.topic == "orders/create"
    };
    let sample = samples.iter().filter(fits).max_by_key(|sample| sample.expected.cloudsuite.map(|c| c.lines));
    let mut order: Value = serde_json::from_slice(&sample.ok_or("no sample is confirmed")?.body)?;
    order["id"] = id.into();
    order["name"] = format!("#{id}").into();
    Ok(serde_json::to_vec(&order)?)
}

fn creation(body: impl Into<Vec<u8>>) -> Delivery {
    Delivery::new("orders/create", body, Timestamp::now())
}

async fn repeated(stack: Arc<Stack>) -> Result<(), Failed> {
    let delivery = creation(fresh_order(REPEATED)?);
    let key = key(&stack, REPEATED);
    // Three times the very same delivery at once, then the same bytes under another delivery's id.
    for answer in
        futures::future::join_all((0..3).map(|_| stack.deliver(Source::Shopify, delivery.clone()))).await
    {
        expect(answer?.status == 200, "a repeated delivery was not answered with 200")?;
    }
    let record = confirmed(&stack, &key).await?;
    let again = Delivery { webhook_id: "another-delivery".to_owned(), ..delivery };
    stack.deliver(Source::Shopify, again).await?;
    let record = ops::follow(stack.ledger(), &key, Some(&record), SETTLE, |_| ()).await?;
    let trail = stack.ledger().trail(&record).await?;
    let times = |event| trail.iter().filter(|entry| entry.event == event).count();
    expect(times(Event::Posted) == 1, "it was not posted exactly once")?;
    expect(times(Event::Duplicate) >= 1, "the repetition is not in the trail")?;
    expect(orders_of(&stack, &key).await? == 1, "CloudSuite has not exactly one order of it")
}

pub(crate) async fn confirmed(stack: &Stack, key: &RecordKey) -> Result<Record, Failed> {
    let record = ops::follow(stack.ledger(), key, None, SETTLE, |_| ()).await?;
    expect(record.state.word() == "confirmed", &format!("it ended as {:?}", record.state))?;
    Ok(record)
}

pub(crate) async fn orders_of(stack: &Stack, key: &RecordKey) -> Result<usize, Failed> {
    let reference = Reference::of(key);
    let orders = stack.cloudsuite().orders().await?;
    Ok(orders.iter().filter(|order| order.names(reference.as_str())).count())
}

async fn refused(stack: Arc<Stack>) -> Result<(), Failed> {
    let (http, shop) = (reqwest::Client::new(), stack.shop());
    let other_secret = Shop::new(&shop.domain, "another secret");
    let other_shop = Shop { domain: "other.myshopify.com".to_owned(), ..shop.clone() };
    for (what, expected, tenant, shop) in [
        ("an unknown tenant", 404, "nobody", shop),
        ("a bad signature", 401, "demo", &other_secret),
        ("another shop", 403, "demo", &other_shop),
    ] {
        let delivery = creation(fresh_order(REFUSED)?);
        let sender = Sender::Shopify(shop.clone());
        let answer = ops::deliver(&http, stack.api_url(), &tenant.parse()?, &sender, delivery).await?;
        expect(answer.status == expected, &format!("{what}: expected {expected}, got {}", answer.status))?;
    }
    let unneeded = Delivery { topic: "themes/publish".to_owned(), ..creation(fresh_order(REFUSED)?) };
    expect(
        stack.deliver(Source::Shopify, unneeded).await?.status == 200,
        "a topic that is not needed was refused",
    )?;
    let record = stack.ledger().record(&key(&stack, REFUSED)).await?;
    expect(record.is_none(), "a delivery that was not accepted made a record")
}

async fn incomplete(stack: Arc<Stack>) -> Result<(), Failed> {
    let body = fresh_order(REFUSED)?;
    let signature = stack.shop().sign(&body);
    let all = [
        (shopify::TOPIC, "orders/create"),
        (shopify::SIGNATURE, &signature),
        (shopify::SHOP_DOMAIN, &stack.shop().domain),
        (shopify::WEBHOOK_ID, "an-incomplete-delivery"),
    ];
    let http = reqwest::Client::new();
    for missing in [shopify::TOPIC, shopify::SIGNATURE] {
        let mut request = http.post(format!("{}/webhooks/shopify/demo", stack.api_url())).body(body.clone());
        for (name, value) in all.iter().filter(|(name, _)| *name != missing) {
            request = request.header(*name, *value);
        }
        let status = request.send().await?.status().as_u16();
        expect(status == 400, &format!("without {missing}: expected 400, got {status}"))?;
    }
    let status = stack.deliver(Source::Shopify, creation("")).await?.status;
    expect(status == 400, &format!("without a body: expected 400, got {status}"))
}

#[derive(serde::Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    order: &'a RawValue,
}

async fn foreign(stack: Arc<Stack>) -> Result<(), Failed> {
    // Where the fixtures are absent, testkit says so and the project's own samples must do.
    let Some(folder) = testkit::fixtures() else { return Ok(()) };
    let file = std::fs::read_to_string(folder.join(FOREIGN))?;
    let order = serde_json::from_str::<Wrapped<'_>>(&file)?.order.get();
    stack.cloudsuite().add_items(&["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"]).await?;
    stack.deliver(Source::Shopify, creation(order)).await?;
    let key = identify::record_of(stack.tenant(), Source::Shopify, "orders/create", order.as_bytes());
    confirmed(&stack, &key).await?;
    expect(orders_of(&stack, &key).await? == 1, "CloudSuite has not exactly one order of it")
}

/// The record of an order of the demo tenant's shop.
pub(crate) fn key(stack: &Stack, id: u64) -> RecordKey {
    RecordKey { tenant: stack.tenant().clone(), source: Source::Shopify, kind: Kind::Order, id: id.into() }
}

/// A failure with a reason, unless something holds.
pub(crate) fn expect(holds: bool, reason: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(reason.into()) }
}
