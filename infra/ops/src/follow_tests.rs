use std::sync::Arc;

use domain::Event;
use ledger::Memory;

use super::*;
use crate::test_record::{at, held};

const PATIENCE: Duration = Duration::from_mins(1);

async fn followed(
    ledger: &dyn Ledger,
    before: Option<&Record>,
) -> (Result<Record, OpsError>, Vec<(Event, String)>) {
    let mut told = Vec::new();
    let key = "demo/shopify/order/1".parse().unwrap();
    let on_entry = |entry: &Entry| told.push((entry.event, entry.detail.clone()));
    (follow(ledger, &key, before, PATIENCE, on_entry).await, told)
}

#[tokio::test(start_paused = true)]
async fn each_entry_is_told_once_and_in_order_until_the_record_settles() {
    let ledger = Arc::new(Memory::default());
    let writer = Arc::clone(&ledger);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mut record = held(&*writer, 1, "#1001").await.record;
        // More than the head holds, so that pages are read too.
        for n in 0..60 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            record = writer.write(record.noted(at(1), Event::Checked, n.to_string())).await.unwrap();
        }
        writer.write(record.confirmed(at(2), "0010000001")).await.unwrap();
    });
    let (record, told) = followed(&*ledger, None).await;
    assert_eq!(record.unwrap().state, domain::State::Confirmed);
    let checks: Vec<_> = told[1..61].iter().map(|(_, detail)| detail.clone()).collect();
    assert_eq!(checks, (0..60).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!((told.len(), told[61].0), (62, Event::Confirmed));
}

#[tokio::test(start_paused = true)]
async fn what_happened_before_the_delivery_is_not_told_again() {
    let ledger = Arc::new(Memory::default());
    let before = held(&*ledger, 1, "#1001").await.skipped(at(1), "test order").unwrap();
    let before = ledger.write(before).await.unwrap();
    let (writer, record) = (Arc::clone(&ledger), before.clone());
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        writer.write(record.noted(at(9), Event::Duplicate, "delivery-1")).await.unwrap();
    });
    let (record, told) = followed(&*ledger, Some(&before)).await;
    assert_eq!(record.unwrap().version, before.version + 1);
    assert_eq!(told, [(Event::Duplicate, "delivery-1".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_does_not_settle_is_left_with_its_state() {
    let ledger = Memory::default();
    let (error, told) = followed(&ledger, None).await;
    assert!(error.unwrap_err().to_string().contains("within 60 s: it is not there yet"));
    assert_eq!(told, []);
    held(&ledger, 1, "#1001").await;
    let (error, told) = followed(&ledger, None).await;
    assert!(error.unwrap_err().to_string().contains("it is received"));
    assert_eq!(told.len(), 1);
}
