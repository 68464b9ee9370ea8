//! The client as an app of the simulated ShipBob: each refresh token is good once.

use std::time::Duration;

use serde_json::json;
use shipbob_api::{ApiError, TransactionFilter};
use tokio::time::Instant;

use crate::{
    simulation::{Simulated, start},
    world::{soon, store},
};

fn late() -> Instant {
    Instant::now() + Duration::from_secs(600)
}

#[tokio::test(start_paused = true)]
async fn two_instances_refresh_once_an_hour_between_them() {
    let (simulated, shared) = (Simulated::new(), store());
    let (id, token) = (simulated.order(1), simulated.authorised());
    let (one, other) = (simulated.app(&token, shared.clone()), simulated.app(&token, shared));
    for _ in 0..24 {
        let both = tokio::join!(one.order(id, late()), other.order(id, late()));
        both.0.unwrap().unwrap();
        both.1.unwrap().unwrap();
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    assert_eq!((simulated.count("/connect/token", 200), simulated.count("/connect/token", 400)), (24, 0));
    assert_eq!(simulated.count("/2026-01/order", 401), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_access_token_is_replaced_by_one_refresh() {
    let (simulated, shared) = (Simulated::new(), store());
    let (id, token) = (simulated.order(1), simulated.authorised());
    let (one, other) = (simulated.app(&token, shared.clone()), simulated.app(&token, shared));
    one.order(id, soon()).await.unwrap().unwrap();
    simulated.does("faults", &json!([{ "path": "order", "status": 401 }]));
    one.order(id, soon()).await.unwrap().unwrap();
    other.order(id, soon()).await.unwrap().unwrap();
    assert_eq!(simulated.count("/connect/token", 200), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_whose_answer_is_lost_needs_the_merchant_and_says_so() {
    let simulated = Simulated::new();
    let (id, token) = (simulated.order(1), simulated.authorised());
    simulated.does("faults", &json!([{ "path": "connect/token", "no_answer": true, "carried_out": true }]));
    let api = simulated.app(&token, store());
    let mut last = api.order(id, late()).await.unwrap_err();
    for _ in 0..5 {
        if matches!(last, ApiError::Reauthorise(_)) {
            break;
        }
        tokio::time::sleep(Duration::from_secs(120)).await;
        last = api.order(id, late()).await.unwrap_err();
    }
    assert!(matches!(last, ApiError::Reauthorise(_)), "{last}");
    assert!(!last.to_string().contains(&token));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_never_arrived_is_tried_again() {
    let simulated = Simulated::new();
    let (id, token) = (simulated.order(1), simulated.authorised());
    simulated.does("faults", &json!([{ "path": "connect/token", "status": 503 }]));
    let api = simulated.app(&token, store());
    let mut read = api.order(id, late()).await;
    for _ in 0..5 {
        if read.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_secs(120)).await;
        read = api.order(id, late()).await;
    }
    read.unwrap().unwrap();
    assert_eq!(simulated.count("/connect/token", 200), 1);
}

#[tokio::test(start_paused = true)]
async fn an_app_cannot_read_bills_and_is_told_what_can() {
    let simulated = Simulated::new();
    let token = simulated.authorised();
    let api = simulated.app(&token, store());
    let day = jiff::SignedDuration::from_hours(24);
    let filter = TransactionFilter::charged(start() - day, start());
    let error = api.transactions(&filter).unwrap().next(soon()).await.unwrap_err();
    assert!(matches!(error, ApiError::Forbidden { .. }), "{error}");
}
