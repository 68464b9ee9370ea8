//! Each job as a schedule asks for it.

use mapping::DEFAULT_FILE;
use reconcile::Counts;
use serde_json::json;

use crate::world::world;

fn reconcile(tenants: &str) -> serde_json::Value {
    json!({ "job": "reconcile", "tenants": tenants })
}

#[tokio::test(start_paused = true)]
async fn reconcile_sends_what_was_never_delivered_for_each_tenant() {
    let world = world(&["demo", "other"], DEFAULT_FILE).await;
    world.place(1, 30);
    world.place(2, 20);
    let shops = world.job(&reconcile("demo, other")).await;
    assert_eq!((shops.orders.sent, shops.shops_done, shops.shops_failed), (4, 2, 0));
    let mut queued = world.queued();
    queued.sort();
    assert_eq!(queued, ["demo", "demo", "other", "other"]);
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_switched_off_or_without_access_is_passed_over() {
    let switch = "looked for that were never delivered.\nenabled = ";
    let off = DEFAULT_FILE.replacen(&format!("{switch}true"), &format!("{switch}false"), 1);
    assert_ne!(off, DEFAULT_FILE);
    let switched_off = world(&["demo"], &off).await;
    switched_off.place(1, 30);
    let shops = switched_off.job(&reconcile("demo")).await;
    assert_eq!((shops.orders.listed, shops.shops_passed_over), (0, 1));

    let without = world(&["demo"], DEFAULT_FILE).await;
    without.secrets.secrets.lock().unwrap().remove("test/shopify-admin/demo");
    let shops = without.job(&reconcile("demo")).await;
    assert_eq!((shops.shops_passed_over, shops.shops_failed), (1, 0));
    assert_eq!(without.job(&reconcile("")).await, poller::Shops::default());
}

#[tokio::test(start_paused = true)]
async fn a_bad_secret_or_an_unknown_tenant_fails_alone() {
    let world = world(&["demo", "bad"], DEFAULT_FILE).await;
    world.secrets.set("test/shopify-admin/bad", &["{}"]);
    world.place(1, 30);
    let shops = world.job(&reconcile("bad,nobody,demo")).await;
    assert_eq!((shops.orders.sent, shops.shops_done, shops.shops_failed), (1, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_shop_that_removed_the_app_fails_and_nothing_is_sent() {
    let world = world(&["demo"], DEFAULT_FILE).await;
    world.place(1, 30);
    world.uninstall();
    let shops = world.job(&reconcile("demo")).await;
    assert_eq!((shops.shops_failed, shops.orders.sent), (1, 0));
    assert!(world.queued().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_backfill_looks_first_and_sends_then() {
    let world = world(&["demo"], DEFAULT_FILE).await;
    for id in 1..=3 {
        world.place(id, 24 * 60);
    }
    let backfill = |dry_run: bool| {
        json!({ "job": "backfill", "tenant": "demo", "from": "2026-11-20T00:00:00Z", "until": "2026-11-22T00:00:00Z",
            "dry_run": dry_run })
    };
    let looked = world.job(&backfill(true)).await;
    assert_eq!(looked.orders, Counts { listed: 3, missing: 3, ..Counts::default() });
    assert!(world.queued().is_empty());
    let sent = world.job(&backfill(false)).await;
    assert_eq!((sent.orders.sent, sent.shops_done, world.queued().len()), (3, 1, 3));
    assert!(world.ledger.records().is_empty(), "it writes no record");
}

#[tokio::test(start_paused = true)]
async fn missing_subscriptions_are_told_and_restored_only_if_the_mapping_says_so() {
    let subscriptions = json!({ "job": "subscriptions", "tenants": "demo" });
    let told = world(&["demo"], DEFAULT_FILE).await;
    let shops = told.job(&subscriptions).await;
    assert!(shops.subscriptions_missing > 15 && shops.subscriptions_restored == 0, "{shops:?}");

    let restoring = DEFAULT_FILE.replacen("restore_subscriptions = false", "restore_subscriptions = true", 1);
    assert_ne!(restoring, DEFAULT_FILE);
    let world = world(&["demo"], &restoring).await;
    let shops = world.job(&subscriptions).await;
    assert_eq!((shops.subscriptions_missing, shops.shops_done), (shops.subscriptions_restored, 1));
    assert_eq!(world.job(&subscriptions).await.subscriptions_missing, 0);
}
