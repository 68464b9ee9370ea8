//! What happens in the simulated shop: Shopify tells of it, tells of it without saying what, or does not tell.

use std::sync::Arc;

use domain::Event;
use jiff::{SignedDuration, Timestamp};
use libtest_mimic::Failed;
use serde_json::{Value, json};
use stack::Stack;

use crate::cases::{SETTLE, confirmed, expect, key, orders_of};

/// An order that is edited.
const EDITED: u64 = 7_700_000_000_003;
/// An order that no delivery tells of.
const MISSED: u64 = 7_700_000_000_004;

/// One of the samples, as an order of its own with another id and name.
fn sample(name: &str, id: u64) -> Result<Value, Failed> {
    let path = testkit::root().join("events").join(name);
    let mut order: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    order["id"] = id.into();
    order["admin_graphql_api_id"] = format!("gid://shopify/Order/{id}").into();
    order["name"] = format!("#{id}").into();
    Ok(order)
}

/// Only `orders/edited` tells of the change, and it holds ids and quantities alone.
pub(crate) async fn edited(stack: Arc<Stack>) -> Result<(), Failed> {
    let key = key(&stack, EDITED);
    stack.shopify().put_order(&sample("shopify-orders-create-two-lines.json", EDITED)?).await?;
    let first = confirmed(&stack, &key).await?;
    let mut newer = sample("shopify-orders-updated-two-lines-newer.json", EDITED)?;
    let now = Timestamp::now().to_string();
    newer["updated_at"] = json!(now);
    stack.shopify().put_order_silently(&newer).await?;
    let edit = json!({ "order_edit": {
        "id": EDITED + 1_000, "order_id": EDITED, "created_at": now, "committed_at": now,
        "line_items": { "additions": [], "removals": [] },
    } });
    stack.shopify().publish("orders/edited", &edit).await?;
    let record = ops::follow(stack.ledger(), &key, Some(&first), SETTLE, |_| ()).await?;
    expect(record.state.word() == "confirmed", &format!("it ended as {:?}", record.state))?;
    let trail = stack.ledger().trail(&record).await?;
    expect(trail.iter().any(|entry| entry.event == Event::Amended), "the order was not amended")?;
    expect(orders_of(&stack, &key).await? == 1, "CloudSuite has not exactly one order of it")
}

/// The comparison finds it, through the poller as it is deployed.
pub(crate) async fn missed(stack: Arc<Stack>) -> Result<(), Failed> {
    let key = key(&stack, MISSED);
    let mut order = sample("shopify-orders-create-two-lines.json", MISSED)?;
    // Long enough ago that a delivery would have come.
    let time = Timestamp::now().checked_sub(SignedDuration::from_mins(20))?;
    order["updated_at"] = json!(time.to_string());
    stack.shopify().put_order_silently(&order).await?;
    let tenant = stack.tenant().as_str();
    stack.invoke("PollerFunction", &json!({ "job": "reconcile", "tenants": tenant })).await?;
    let record = confirmed(&stack, &key).await?;
    expect(record.correlation.starts_with("reconcile-"), "a delivery told of it")?;
    expect(orders_of(&stack, &key).await? == 1, "CloudSuite has not exactly one order of it")
}
