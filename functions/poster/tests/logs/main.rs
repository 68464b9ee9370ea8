//! The functions' logs: the correlation id on the way, and nobody's data.
//!
//! A process of its own: what tests beside it log, or do not, changes what this one sees.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

use testkit::Lines;

use serde_json::json;

use support::{order, world};

#[allow(dead_code, reason = "shared with the other test binary")]
#[path = "../it/support.rs"]
mod support;

#[test]
fn logs_follow_a_delivery_and_name_nobody() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = platform::telemetry::subscriber("DEBUG", move || writer.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let trails = tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let world = world().await;
            let mut bad = order(2, 1);
            bad["line_items"][0]["sku"] = json!("GHOST-SKU");
            world.post(&[order(1, 1), bad]).await;
            world.confirm_after(30).await;
            format!("{:?}", world.ledger.records())
        })
    });
    let text = lines.text();
    let id = format!("d-{}", domain::Digest::of(order(1, 1).to_string().as_bytes()).short());
    for step in ["claimed", "posted", "checked"] {
        let found = text.lines().any(|line| line.contains(step) && line.contains(&id));
        assert!(found, "no line {step} with {id} in {text}");
    }
    for private in ["ada@example.com", "Lovelace", "Unter den Linden", "901820"] {
        assert!(!text.contains(private), "{private} in the log");
        assert!(!trails.contains(private), "{private} in a record");
    }
}
