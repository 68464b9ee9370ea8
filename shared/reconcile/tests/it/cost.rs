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
    types::{ConsumedCapacity, ReturnConsumedCapacity},
};
use aws_smithy_http_client::Builder;
use domain::{Claim, Delivery, Digest, Record, TenantId};
use jiff::SignedDuration;
use ledger::{DynamoDb, Ledger, tables};
use platform::{HandClock, MemoryMailbox, Queues};
use reconcile::{End, Limits, Report, Shop, backfill};
use shopify_admin::Window;

use crate::{
    shop::Script,
    world::{limits, start},
};

const ORDERS: usize = 10_000;
/// Records that are written at once when the ledger is filled.
const AT_ONCE: usize = 8;
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
async fn ledger() -> (DynamoDb, Meter) {
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
    (DynamoDb::new(client, "records", "payloads"), meter)
}

/// Takes all orders of the script in, each so long after it was placed and so long before its last update.
async fn fill(ledger: &DynamoDb, tenant: &TenantId, script: &Script, placed_before: SignedDuration) {
    let mut writes = tokio::task::JoinSet::new();
    for order in 0..script.orders {
        let updated_at = script.updated_at(order);
        let received_at = updated_at.checked_sub(placed_before).unwrap();
        let id = order + 1;
        let delivery = Delivery {
            id: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043".into(),
            topic: "orders/create".into(),
            received_at,
            updated_at: Some(updated_at),
            body: Digest::of(&id.to_be_bytes()),
            name: format!("#{id}"),
            again: false,
        };
        let key = format!("{tenant}/shopify/order/{id}").parse().unwrap();
        let (lease, quiet) = (SignedDuration::from_secs(60), SignedDuration::from_secs(30));
        let wish = Claim { key, delivery, lease, quiet, alone: true };
        let (ledger, record) = (ledger.clone(), Record::first(&wish, received_at).record);
        writes.spawn(async move { ledger.write(record).await.unwrap() });
        if writes.len() >= AT_ONCE {
            writes.join_next().await;
        }
    }
    writes.join_all().await;
}

/// The read units of comparing all orders of a day, and what was found.
async fn compared(placed_before: SignedDuration) -> (f64, Report) {
    let (ledger, meter) = ledger().await;
    let tenant = "demo".parse().unwrap();
    let script = Script { orders: ORDERS, from: start(), seconds: 8 };
    let window = Window { from: start(), until: script.updated_at(ORDERS) };
    fill(&ledger, &tenant, &script, placed_before).await;
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
