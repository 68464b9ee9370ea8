//! What the function writes to its log: one correlation id, and no personal data.
//!
//! A process of its own: what tests beside it log, or do not, changes what this one sees.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

use testkit::Lines;

use support::{BODY, SECRET, delivery, world};

#[allow(dead_code, reason = "shared with the other test binary")]
#[path = "../it/support.rs"]
mod support;

#[test]
fn a_log_names_the_delivery_and_nobody_in_it() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = platform::telemetry::subscriber("TRACE", move || writer.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let world = world();
            world.send(&delivery(BODY, SECRET)).await;
            world.send(&delivery(BODY, "another secret")).await;
        });
    });
    let text = lines.text();
    assert!(text.contains("\"correlation\":\"d-1\""), "{text}");
    for private in ["example.com", "léon", SECRET, "another secret"] {
        assert!(!text.contains(private), "{private} in {text}");
    }
}
