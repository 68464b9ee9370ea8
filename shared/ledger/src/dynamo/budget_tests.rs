//! What an order costs in write units, by the published rules and by an emulator's count.
//!
//! Sizes: DynamoDB developer guide, "DynamoDB item sizes and formats". Units: "DynamoDB on-demand capacity mode"
//! and "Using global secondary indexes", write capacity: a put or a delete of an index entry is one unit a
//! kilobyte, a change of its key both, and an entry whose attributes stay as they are costs nothing.

use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
    types::{AttributeValue, ReturnConsumedCapacity},
};
use aws_smithy_http_client::Builder;
use domain::{Claim, Delivery, Digest, Record, References, Step, Written};
use jiff::{SignedDuration, Timestamp};

use super::{Item, head};
use crate::{
    fit::fit,
    tables::{self, AWAITING, CARRIED, Index, PARTITION, SORT, STATUS},
};

/// The most that an order may cost, receipt to confirmation.
const BUDGET: usize = 10;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn written(customer: &str, lines: u32) -> Written {
    Written {
        document: domain::DocumentKind::SalesOrder,
        company: "780".parse().unwrap(),
        fingerprint: Digest::of(b"documents"),
        customer: customer.to_owned(),
        lines,
        movement: None,
    }
}

fn claim(key: domain::RecordKey, delivery: Delivery) -> Claim {
    let (lease, quiet) = (SignedDuration::from_secs(320), SignedDuration::from_secs(300));
    Claim { key, delivery, lease, quiet, alone: true }
}

/// The heads of an order that goes through without trouble, in the order of their writes.
fn happy_path(tenant: &str) -> Vec<Item> {
    let delivery = Delivery {
        id: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043".into(),
        topic: "orders/create".into(),
        received_at: at(0),
        updated_at: Some(at(-2)),
        triggered_at: None,
        body: Digest::of(b"body"),
        name: "#1001".into(),
        again: false,
    };
    let key = format!("{tenant}/shopify/order/820982911946154508").parse().unwrap();
    let claimed = Record::first(&claim(key, delivery), at(1));
    let posting = claimed.posting(at(2), &Digest::of(b"map").short(), &written("E00000001", 5)).unwrap();
    let references = References { temporary: Some("7000000123".into()), number: None };
    let lines = posting.step(at(3), Step::Lines, references.clone()).unwrap();
    let posted = lines.posted(at(4), references, at(34)).unwrap();
    let confirmed = posted.confirmed(at(40), "0010000123");
    let records = [claimed.record, posting.record, lines.record, posted, confirmed];
    records.into_iter().map(|record| head::encode(&fit(record).1, &[7; 16])).collect()
}

fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::N(digits) => digits.trim_start_matches('-').len().div_ceil(2) + 1,
        AttributeValue::L(values) => 3 + values.iter().map(|value| 1 + value_size(value)).sum::<usize>(),
        other => panic!("the ledger does not write {other:?}"),
    }
}

fn units(size: usize) -> usize {
    size.div_ceil(1024)
}

/// What an index keeps of a head, if it keeps anything.
fn entry(item: &Item, index: Index, carried: &'static [&'static str]) -> Option<Item> {
    let keys = [index.partition, index.sort];
    if !keys.iter().all(|key| item.contains_key(*key)) {
        return None;
    }
    let names = [PARTITION, SORT].into_iter().chain(keys).chain(carried.iter().copied());
    Some(names.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect())
}

fn index_units(before: Option<Item>, after: Option<Item>) -> usize {
    if before == after { 0 } else { [before, after].iter().flatten().map(|entry| units(size(entry))).sum() }
}

fn counted(heads: &[Item]) -> Vec<usize> {
    let mut before = Item::new();
    let mut costs = Vec::new();
    for head in heads {
        let entries = |item: &Item| (entry(item, AWAITING, &[]), entry(item, STATUS, &CARRIED));
        let ((awaiting, status), (next_awaiting, next_status)) = (entries(&before), entries(head));
        let indexes = index_units(awaiting, next_awaiting) + index_units(status, next_status);
        costs.push(units(size(&before).max(size(head))) + indexes);
        before.clone_from(head);
    }
    costs
}

#[test]
fn an_order_costs_ten_write_units() {
    for tenant in ["demo", "a-tenant-whose-name-is-as-long-as-can-be"] {
        let heads = happy_path(tenant);
        let sizes: Vec<_> = heads.iter().map(size).collect();
        println!("{tenant}: heads of {sizes:?} bytes cost {:?} units", counted(&heads));
        assert!(sizes.iter().all(|size| *size <= 1024), "{sizes:?}");
        assert_eq!(counted(&heads), [2, 1, 1, 2, 4]);
        assert_eq!(counted(&heads).iter().sum::<usize>(), BUDGET);
    }
}

/// A buyer's first order writes the buyer's record too: claimed, about to be written, done.
#[test]
fn a_new_customer_costs_six_more() {
    let delivery = Delivery {
        id: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043".into(),
        topic: "customer of an order".into(),
        received_at: at(0),
        updated_at: None,
        triggered_at: None,
        body: Digest::of(b"customer"),
        name: String::new(),
        again: false,
    };
    let key = "demo/shopify/customer/email-0123456789abcdef0123456789abcdef".parse().unwrap();
    let claimed = Record::first(&claim(key, delivery), at(1));
    let posting = claimed.posting(at(2), &Digest::of(b"map").short(), &written("", 0)).unwrap();
    let done = posting.done(at(3), References { temporary: None, number: Some("E00000001".into()) }).unwrap();
    let heads = [claimed.record, posting.record, done].map(|record| head::encode(&fit(record).1, &[7; 16]));
    println!("a new customer: cost {:?} units more", counted(&heads));
    assert_eq!(counted(&heads), [2, 1, 3]);
}

/// The rules above could be misread by whoever wrote them down, so an emulator counts too.
#[tokio::test]
async fn the_emulator_counts_no_more() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .endpoint_url(endpoint)
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(Builder::new().build_http());
    let client = Client::from_conf(config.build());
    tables::create(&client, "records", "payloads").await.unwrap();
    let mut sum = 0.0;
    for head in happy_path("demo") {
        let put = client
            .put_item()
            .table_name("records")
            .set_item(Some(head))
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes);
        let capacity = put.send().await.unwrap().consumed_capacity.unwrap();
        println!("{capacity:?}");
        sum += capacity.capacity_units.unwrap();
    }
    assert!(sum <= 10.0, "the emulator counted {sum}");
}
