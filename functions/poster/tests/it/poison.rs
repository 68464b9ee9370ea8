//! One message cannot fail, delay or repeat its neighbours.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{State, TenantId};
use tenants::{Tenant, TenantError, TenantSource};

use crate::support::{message, order, world};

/// Published trap: every body of a batch is decoded before the first is handled, so one that is no JSON fails
/// the batch.
#[tokio::test]
async fn what_is_no_envelope_or_no_order_does_not_touch_its_neighbours() {
    let world = world().await;
    let good = |id| message(&order(id, 1).to_string(), "orders/create");
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let messages = vec![
        "not json".to_owned(),
        good(1),
        "{\"v\":9}".to_owned(),
        message("not an order", "orders/create"),
        message(&deep, "orders/create"),
        good(2),
        message("{\"id\":3,\"line_items\":7}", "orders/create"),
    ];
    assert!(world.post_messages(messages).await.is_empty());
    assert_eq!(world.orders_in_m3(), (2, 0));
    assert_eq!(world.reasons().len(), 5);
    assert!(matches!(world.record(3).await.state, State::Rejected { .. }));
    // What cannot even be named has a record all the same: nothing disappears.
    let unnamed = world.ledger.records().into_iter().filter(|r| r.key.id.as_str().starts_with("unreadable-"));
    assert_eq!(unnamed.count(), 2);
}

struct Panics(Arc<dyn TenantSource>);

#[async_trait]
impl TenantSource for Panics {
    async fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>, TenantError> {
        assert_ne!(id.as_str(), "panics", "as asked");
        self.0.tenant(id).await
    }
}

#[tokio::test]
async fn a_message_that_makes_the_code_panic_stays_alone_on_the_queue() {
    let mut world = world().await;
    let tenants = world.poster.tenants.clone();
    let poster = Arc::get_mut(&mut world.poster).unwrap();
    poster.tenants = Arc::new(Panics(tenants));
    let bad = message(&order(1, 1).to_string(), "orders/create")
        .replace("\"tenant\":\"demo\"", "\"tenant\":\"panics\"");
    let messages = vec![bad, message(&order(2, 1).to_string(), "orders/create")];
    assert_eq!(world.post_messages(messages).await, ["m-0"]);
    assert_eq!(world.record(2).await.state, State::Posted);
}
