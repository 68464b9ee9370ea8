//! A measurement, not a test: `cargo test --release -p shopify speed -- --ignored --nocapture`.

use std::{hint::black_box, time::Instant};

use domain::Private;
use shopify::{Topic, known, parse_order, peek, sign, verify};

const ROUNDS: u32 = 5_000;

fn measure(what: &str, mut work: impl FnMut()) -> u128 {
    let started = Instant::now();
    for _ in 0..ROUNDS {
        work();
    }
    let each = started.elapsed().as_nanos() / u128::from(ROUNDS);
    println!("{what}: {each} ns");
    each
}

#[test]
#[ignore = "a measurement: run it in release"]
fn an_order_of_500_lines_is_read_and_summed_in_less_than_3_milliseconds() {
    let mut sample: serde_json::Value =
        serde_json::from_slice(&crate::body("shopify-orders-create-five-lines")).unwrap();
    let lines = sample["line_items"].as_array_mut().unwrap();
    *lines = lines.iter().cycle().take(500).cloned().collect();
    let body = sample.to_string().into_bytes();
    println!("a body of {} bytes", body.len());
    let topic = Topic::OrdersCreate;
    measure("peek by topic", || drop(black_box(topic.peek(black_box(&body)))));
    measure("drift", || drop(black_box(known(topic, None).compare(black_box(&body)))));
    let whole = measure("parse and sum", || {
        black_box(parse_order(black_box(&body)).unwrap().mismatches());
    });
    assert!(whole < 3_000_000, "{whole} ns");
}

#[test]
#[ignore = "a measurement: run it in release"]
fn an_order_of_5_lines_is_read_in_less_than_40_microseconds() {
    // Deliveries come without the samples' indentation.
    let sample: serde_json::Value =
        serde_json::from_slice(&crate::body("shopify-orders-create-five-lines")).unwrap();
    let body = sample.to_string().into_bytes();
    let secret = [Private::new("hush".to_owned())];
    let signature = sign(&secret[0], &body);
    println!("a body of {} bytes", body.len());
    measure("verify", || verify(&secret, black_box(&body), &signature).unwrap());
    measure("peek", || drop(black_box(peek(black_box(&body)))));
    measure("peek by topic", || drop(black_box(Topic::OrdersCreate.peek(black_box(&body)))));
    measure("drift", || {
        drop(black_box(known(Topic::OrdersCreate, Some("2026-10")).compare(black_box(&body))));
    });
    let small: serde_json::Value =
        serde_json::from_slice(&crate::body("shopify-orders-create-guest-without-customer")).unwrap();
    let small = small.to_string().into_bytes();
    println!("a body of {} bytes", small.len());
    measure("drift", || {
        drop(black_box(known(Topic::OrdersCreate, Some("2026-10")).compare(black_box(&small))));
    });
    let parsing = measure("parse_order", || drop(black_box(parse_order(black_box(&body)))));
    assert!(parsing < 40_000, "{parsing} ns");
}
