//! What a comparison costs in DynamoDB, as an emulator counts it by AWS's published rules.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::{
    Client, Config,
    config::{
        BehaviorVersion, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
        interceptors::{AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut},
    },
    error::BoxError,
    operation::{
        batch_get_item::{BatchGetItemInput, BatchGetItemOutput},
        get_item::{GetItemInput, GetItemOutput},
        query::{QueryInput, QueryOutput},
    },
    types::{AttributeValue, ConsumedCapacity, PutRequest, ReturnConsumedCapacity, WriteRequest},
};
use aws_smithy_http_client::Builder;
use domain::{Claim, Delivery, Digest, References};
use jiff::SignedDuration;
use ledger::{
    Claimed, DynamoDb, Ledger, claim,
    tables::{self, NAME, PARTITION, STATUS, UPDATED_AT},
};
use platform::{HandClock, MemoryMailbox, Queues};
use reconcile::{End, Limits, Report, Shop, backfill};
use shopify_admin::Window;

use crate::{
    shop::Script,
    world::{limits, start},
};

const ORDERS: usize = 10_000;
/// The most read units that an order may cost.
const PROMISED: f64 = 0.5;

/// Adds up the read units of all calls.
#[derive(Debug, Clone, Default)]
struct Meter(Arc<Mutex<f64>>);

impl Meter {
    fn add<'a>(&self, capacities: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        let units: f64 = capacities.into_iter().map(|capacity| capacity.capacity_units.unwrap()).sum();
        *self.0.lock().unwrap() += units;
    }

    fn read(&self) -> f64 {
        *self.0.lock().unwrap()
    }
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "meter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let wanted = Some(ReturnConsumedCapacity::Total);
        if let Some(input) = context.input_mut().downcast_mut::<QueryInput>() {
            input.return_consumed_capacity = wanted;
        } else if let Some(input) = context.input_mut().downcast_mut::<BatchGetItemInput>() {
            input.return_consumed_capacity = wanted;
        } else if let Some(input) = context.input_mut().downcast_mut::<GetItemInput>() {
            input.return_consumed_capacity = wanted;
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Ok(output) = context.output_or_error() else { return Ok(()) };
        if let Some(output) = output.downcast_ref::<QueryOutput>() {
            self.add(&output.consumed_capacity);
        } else if let Some(output) = output.downcast_ref::<BatchGetItemOutput>() {
            self.add(output.consumed_capacity.iter().flatten());
        } else if let Some(output) = output.downcast_ref::<GetItemOutput>() {
            self.add(&output.consumed_capacity);
        }
        Ok(())
    }
}

/// A ledger in an emulator of this process, with a meter on its reads.
async fn ledger() -> (DynamoDb, Client, Meter) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    let meter = Meter::default();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .endpoint_url(endpoint)
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(Builder::new().build_http())
        .interceptor(meter.clone());
    let client = Client::from_conf(config.build());
    tables::create(&client, "records", "payloads").await.unwrap();
    (DynamoDb::new(client.clone(), "records", "payloads"), client, meter)
}

/// Takes the first order of the script in, and puts the others beside it as items of the same shape: each received so
/// long before its last update.
async fn fill(ledger: &DynamoDb, client: &Client, script: &Script, received_before: SignedDuration) {
    let tenant = "demo";
    let received_at = script.updated_at(0).checked_sub(received_before).unwrap();
    let delivery = Delivery {
        id: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043".into(),
        topic: "orders/create".into(),
        received_at,
        updated_at: Some(script.updated_at(0)),
        triggered_at: None,
        body: Digest::of(b"body"),
        name: "#00001".into(),
        again: false,
    };
    let key = format!("{tenant}/shopify/order/1").parse().unwrap();
    let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(30));
    let wish = Claim { key, delivery, lease, quiet, alone: true };
    let Claimed::Held(held) = claim(ledger, &wish, received_at).await.unwrap() else { panic!("it is new") };
    let posted = held.posted(received_at, References::default(), received_at).unwrap();
    let posted = ledger.write(posted).await.unwrap();
    ledger.write(posted.confirmed(received_at, "0010000123")).await.unwrap();
    let items = client.scan().table_name("records").send().await.unwrap().items.unwrap();
    let [first] = items.as_slice() else { panic!("one record is one item") };
    let others = (1..script.orders).map(|order| {
        let updated_at = script.updated_at(order);
        let received_at = updated_at.checked_sub(received_before).unwrap();
        let mut item = first.clone();
        let text = AttributeValue::S;
        item.insert(PARTITION.into(), text(format!("{tenant}/shopify/order/{}", order + 1)));
        item.insert(STATUS.sort.into(), text(format!("{received_at:.3}")));
        item.insert(UPDATED_AT.into(), AttributeValue::N(updated_at.as_millisecond().to_string()));
        item.insert(NAME.into(), text(format!("#{:05}", order + 1)));
        let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    });
    let others: Vec<_> = others.collect();
    for together in others.chunks(25) {
        client.batch_write_item().request_items("records", together.to_vec()).send().await.unwrap();
    }
}

/// The read units of comparing all orders of a day, and what was found.
async fn compared(received_before: SignedDuration) -> (f64, Report) {
    let (ledger, client, meter) = ledger().await;
    let tenant = "demo".parse().unwrap();
    let script = Script { orders: ORDERS, from: start(), seconds: 8 };
    let window = Window { from: start(), until: script.updated_at(ORDERS) };
    fill(&ledger, &client, &script, received_before).await;
    let admin = script.admin();
    let clock: Arc<HandClock> = Arc::new(HandClock::at(window.until));
    let mailbox = |name| Arc::new(MemoryMailbox::new(name, clock.clone()));
    let queues = Queues { events: mailbox("events"), dead_letters: mailbox("dlq") };
    let shop = Shop { tenant: &tenant, admin: &admin, ledger: &ledger, queues: &queues, clock: &*clock };
    let before = meter.read();
    let report = backfill(&shop, window, limits(50_000, Limits::PAGE_SIZE), |_| {}).await;
    (meter.read() - before, report)
}

fn each(units: f64) -> f64 {
    units / 10_000.0
}

#[tokio::test(flavor = "multi_thread")]
async fn comparing_a_day_of_orders_costs_under_half_a_read_unit_each() {
    let (units, report) = compared(SignedDuration::from_secs(30)).await;
    assert_eq!((report.counts.listed, report.counts.known, report.end), (10_000, 10_000, End::Complete));
    println!(
        "reconcile of {ORDERS} orders that the ledger holds: cost {units} read units, {} each",
        each(units)
    );
    assert!(each(units) < PROMISED, "{units}");
}

/// Orders of last month that all changed today: the index around today does not tell of them, so each is read by its
/// key, which is the most that an order can cost beside the index itself.
#[tokio::test(flavor = "multi_thread")]
async fn orders_of_long_ago_cost_half_a_read_unit_each_and_next_to_nothing_more() {
    let (units, report) = compared(SignedDuration::from_hours(30 * 24)).await;
    assert_eq!((report.counts.known, report.end), (10_000, End::Complete));
    println!("reconcile of {ORDERS} orders of last month: cost {units} read units, {} each", each(units));
    assert!(each(units) < 1.2 * PROMISED, "{units}");
}
