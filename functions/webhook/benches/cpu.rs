//! The webhook's own CPU time for one accepted delivery of 5 KB, from the gateway's event to the message for
//! SQS, AWS left out: the secret is remembered and the queue is in memory. Logging is on, into nothing.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends by panicking"
)]

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;
use support::{SECRET, World, delivery, world};

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/it/support.rs"]
mod support;

const SIZE: usize = 5_120;
const ROUNDS: usize = 20;
const DELIVERIES: u32 = 500;
const TARGET: Duration = Duration::from_micros(50);

fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap())
}

/// A sample order without line breaks, shortened to 5 KB by leaving out whole keys, then filled up to it.
fn body() -> String {
    let mut order: Value =
        serde_json::from_slice(&testkit::sample("shopify-orders-create-two-lines.json")).unwrap();
    let keys: Vec<String> = order.as_object().unwrap().keys().rev().cloned().collect();
    for key in keys.iter().filter(|key| !["id", "line_items", "shipping_address"].contains(&key.as_str())) {
        if order.to_string().len() <= SIZE - 20 {
            break;
        }
        order.as_object_mut().unwrap().remove(key);
    }
    order["note"] = "".into();
    let missing = SIZE.saturating_sub(order.to_string().len());
    order["note"] = "Please ring twice. ".chars().cycle().take(missing).collect::<String>().into();
    order.to_string()
}

async fn round(world: &World, event: &Value) -> Duration {
    let started = cpu();
    for _ in 0..DELIVERIES {
        assert_eq!(world.send(event).await.0, 200);
    }
    cpu().saturating_sub(started) / DELIVERIES
}

/// What the support code around the function costs: making the event's text and reading the answer back.
fn overhead(event: &Value) -> Duration {
    let started = cpu();
    for _ in 0..DELIVERIES {
        std::hint::black_box(serde_json::value::to_raw_value(event).unwrap());
    }
    cpu().saturating_sub(started) / DELIVERIES
}

fn main() {
    let subscriber = platform::telemetry::subscriber("INFO", std::io::sink);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let body = body();
    let event = delivery(&body, SECRET);
    let mut times: Vec<Duration> = tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(async {
            let mut times = Vec::new();
            for _ in 0..ROUNDS {
                times.push(round(&world(), &event).await.saturating_sub(overhead(&event)));
            }
            times
        })
    });
    times.sort();
    let median = times[ROUNDS / 2];
    let verdict = if median < TARGET { "met" } else { "MISSED" };
    println!(
        "webhook: own CPU for a delivery of {} bytes: median {median:?} of {ROUNDS} rounds (under {TARGET:?}: {verdict})",
        body.len()
    );
}
