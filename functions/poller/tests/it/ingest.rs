//! The ingest job as a schedule asks for it.

use async_trait::async_trait;
use domain::Private;
use mapping::DEFAULT_FILE;
use poller::Warehouses;
use remote::{Broken, HttpAnswer, Request, Transport};
use serde_json::json;

use crate::world::{World, world};

/// A ShipBob of one new order; whoever comes with another token than `good` is refused.
pub(crate) struct OneOrder;

#[async_trait]
impl Transport for OneOrder {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        let headers = request.headers.into_iter().map(|(_, value)| value.into_exposed());
        let is_good = headers.into_iter().any(|value| value == "Bearer good");
        let is_new_orders = request.url.query().is_some_and(|query| query.starts_with("StartDate"));
        let order = r#"[{"id":1,"order_number":"A1","shipments":[{"id":11,"order_id":1}]}]"#;
        let body = if is_new_orders && request.url.path().ends_with("/order") { order } else { "[]" };
        let status = if is_good { 200 } else { 401 };
        let headers = vec![("total-pages", "1".to_owned())];
        Ok(HttpAnswer { status, headers, body: Private::new(body.as_bytes().to_vec()) })
    }
}

fn give_access(world: &World, tenant: &str, token: &str) {
    let secret = json!({ "kind": "access_token", "access_token": token }).to_string();
    world.secrets.set(&format!("test/shipbob-api/{tenant}"), &[&secret]);
}

#[tokio::test(start_paused = true)]
async fn what_fails_for_one_tenant_stops_no_other() {
    let world = world(&["demo", "other", "without", "faulty"], DEFAULT_FILE).await;
    give_access(&world, "demo", "good");
    give_access(&world, "other", "refused");
    world.secrets.set("test/shipbob-api/faulty", &["{}"]);
    let job = json!({ "job": "ingest", "tenants": "other,faulty,without,unknown,demo" });
    let Warehouses {
        ingested,
        warehouses_done,
        warehouses_failed,
        warehouses_passed_over,
        warehouses_unfinished,
    } = world.summary(&job).await.warehouses;
    assert_eq!((ingested.orders.sent, ingested.shipments.sent), (1, 1));
    assert_eq!((warehouses_done, warehouses_failed), (1, 3), "other, faulty and unknown failed");
    assert_eq!((warehouses_passed_over, warehouses_unfinished), (1, 0));
    assert_eq!(world.queued(), ["demo", "demo"]);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_only_counts_and_a_tenant_that_is_switched_off_is_passed_over() {
    let world_of = async |mapping: &str| {
        let world = world(&["demo"], mapping).await;
        give_access(&world, "demo", "good");
        world
    };
    let world = world_of(DEFAULT_FILE).await;
    let dry = json!({ "job": "ingest", "tenants": "demo", "dry_run": true });
    let counted = world.summary(&dry).await.warehouses;
    assert_eq!((counted.ingested.sent(), world.queued().len()), (2, 0));

    let (start, rest) = DEFAULT_FILE.split_once("[shipbob.ingest]").unwrap();
    let off = format!("{start}[shipbob.ingest]{}", rest.replacen("enabled = true", "enabled = false", 1));
    let world = world_of(&off).await;
    let counted = world.summary(&json!({ "job": "ingest", "tenants": "demo" })).await.warehouses;
    assert_eq!(counted, Warehouses { warehouses_passed_over: 1, ..Warehouses::default() });
}
