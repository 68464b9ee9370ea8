//! The cases: each a sentence about what must hold from the outside.

use std::{path::PathBuf, sync::Arc};

use domain::{Event, RecordKey, Reference};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, value::RawValue};
use stack::{Delivery, Sample, Stack, load, table};
use tokio::runtime::Handle;

use crate::{Shared, privacy, trial};

/// The cases that run side by side.
pub(crate) fn first(stack: &Shared, runtime: &Handle, ignored: bool) -> Vec<Trial> {
    vec![
        trial("every_sample_ends_as_its_file_expects", stack, runtime, ignored, samples),
        trial("a_repeated_delivery_posts_nothing_twice", stack, runtime, ignored, repeated),
        trial("what_is_not_authentic_or_complete_is_refused", stack, runtime, ignored, refused),
        trial("an_order_that_nobody_here_wrote_is_confirmed", stack, runtime, ignored, foreign),
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

fn quiet(_: &str, _: &str) {}

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

/// The sample that is confirmed and has the most lines, as an order of its own with another id and name.
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

async fn repeated(stack: Arc<Stack>) -> Result<(), Failed> {
    let id = 7_700_000_000_001;
    let key = stack.order_key(&id.to_string())?;
    let delivery = Delivery::new("orders/create", fresh_order(id)?);
    // Three times the very same delivery at once, then the same bytes under another delivery's id.
    for answer in futures::future::join_all((0..3).map(|_| stack.post(&delivery))).await {
        expect(answer?.status == 200, "a repeated delivery was not answered with 200")?;
    }
    let record = stack.follow(&key, None, quiet).await?;
    expect(record.state.word() == "confirmed", &format!("it ended as {:?}", record.state))?;
    let again = Delivery { id: "another-delivery".to_owned(), ..delivery };
    stack.post(&again).await?;
    let record = stack.follow(&key, Some(&record), quiet).await?;
    let trail = stack.ledger().trail(&record).await?;
    let times = |event| trail.iter().filter(|entry| entry.event == event).count();
    expect(times(Event::Posted) == 1, "it was posted more than once")?;
    expect(times(Event::Duplicate) >= 1, "the repetition is not in the trail")?;
    expect(orders_of(&stack, &key).await? == 1, "CloudSuite has not exactly one order of it")
}

async fn orders_of(stack: &Stack, key: &RecordKey) -> Result<usize, Failed> {
    let reference = Reference::of(key);
    let orders = stack.cloudsuite().orders().await?;
    Ok(orders.iter().filter(|order| order.names(reference.as_str())).count())
}

async fn refused(stack: Arc<Stack>) -> Result<(), Failed> {
    let good = Delivery::new("orders/create", fresh_order(7_700_000_000_002)?);
    let unknown = Delivery { tenant: "nobody".to_owned(), ..good.clone() };
    let other_shop = Delivery { shop: "other.myshopify.com".to_owned(), ..good.clone() };
    let no_topic = Delivery { topic: None, ..good.clone() };
    let empty = Delivery { body: Vec::new(), ..good.clone() };
    let unneeded = Delivery { topic: Some("themes/publish".to_owned()), ..good.clone() };
    for (what, expected, delivery) in [
        ("an unknown tenant", 404, unknown),
        ("another shop", 403, other_shop),
        ("no topic", 400, no_topic),
        ("no body", 400, empty),
        ("a topic that is not needed", 200, unneeded),
    ] {
        let status = stack.post(&delivery).await?.status;
        expect(status == expected, &format!("{what}: expected {expected}, got {status}"))?;
    }
    let status = stack.post_signed_with("another secret", &good).await?.status;
    expect(status == 401, &format!("a bad signature: expected 401, got {status}"))?;
    let record = stack.ledger().record(&stack.order_key("7700000000002")?).await?;
    expect(record.is_none(), "a refused delivery made a record")
}

#[derive(serde::Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    order: &'a RawValue,
}

async fn foreign(stack: Arc<Stack>) -> Result<(), Failed> {
    // Without the fixtures beside the project, testkit has said so and the project's own samples must do.
    let Some(folder) = testkit::fixtures() else { return Ok(()) };
    let path: PathBuf =
        folder.join("shopify/rest-2026-07/order_discounted_partially_refunded_po_number.json");
    let file = std::fs::read_to_string(path)?;
    let order = serde_json::from_str::<Wrapped<'_>>(&file)?.order.get();
    stack.cloudsuite().add_items(&["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"]).await?;
    stack.post(&Delivery::new("orders/create", order)).await?;
    let key = stack.order_key("450789469")?;
    let record = stack.follow(&key, None, quiet).await?;
    expect(record.state.word() == "confirmed", &format!("it ended as {:?}", record.state))?;
    expect(orders_of(&stack, &key).await? == 1, "CloudSuite has not exactly one order of it")
}

/// A failure with a reason, unless something holds.
pub(crate) fn expect(holds: bool, reason: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(reason.into()) }
}
