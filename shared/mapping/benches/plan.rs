//! The CPU time of one order from its bytes to its documents: of 5 lines and of 500, under the default mapping file
//! and under one with rules, splits and charges.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends by panicking"
)]

use std::{hint::black_box, path::Path, time::Duration};

use mapping::{DEFAULT_FILE, Mapping, Plan, plan_order};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;

const ROUNDS: usize = 21;

fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap())
}

/// A sample of five lines, with as many lines as asked for: its own, again and again.
fn body(lines: usize) -> Vec<u8> {
    let sample = testkit::sample("shopify-orders-create-five-lines.json");
    let mut order: Value = serde_json::from_slice(&sample).unwrap();
    let own = order["line_items"].as_array().unwrap().clone();
    order["line_items"] = own.iter().cycle().take(lines).cloned().collect();
    serde_json::to_vec(&order).unwrap()
}

/// The median time of some work.
fn median(repetitions: u32, work: impl Fn()) -> Duration {
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let started = cpu();
            (0..repetitions).for_each(|_| work());
            cpu().saturating_sub(started) / repetitions
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/finance.toml");
    let finance = std::fs::read_to_string(path).unwrap();
    for (name, file) in [("the default file", DEFAULT_FILE), ("rules, splits and charges", &finance)] {
        let mapping = Mapping::parse(file).unwrap();
        measure(name, &mapping, 5, 1_000, Duration::from_micros(40));
        measure(name, &mapping, 500, 20, Duration::from_millis(4));
    }
}

fn measure(name: &str, mapping: &Mapping, lines: usize, repetitions: u32, target: Duration) {
    let body = body(lines);
    let key = "demo/shopify/order/1".parse().unwrap();
    let order = shopify::parse_order(&body).unwrap();
    assert!(matches!(plan_order(mapping, &key, &order), Plan::Planned { .. }));
    let planning = median(repetitions, || {
        black_box(plan_order(mapping, &key, &order));
    });
    let both = median(repetitions, || {
        let order = shopify::parse_order(black_box(&body)).unwrap();
        black_box(plan_order(mapping, &key, &order));
    });
    let verdict = if both < target { "met" } else { "MISSED" };
    println!(
        "plan, {name}: CPU for parsing and planning {lines} lines ({} bytes): median {both:?} of {ROUNDS} rounds, \
         {planning:?} for planning alone (under {target:?}: {verdict})",
        body.len()
    );
}
