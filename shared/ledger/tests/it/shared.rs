//! The contract's sentences about values that instances share.

use std::sync::Arc;

use domain::Digest;
use ledger::{Ledger, LedgerError, SharedValue, SwapError};

type Any = Arc<dyn Ledger>;

fn client() -> Digest {
    Digest::of(b"ACME_TST~id")
}

fn value(version: u64, text: &str) -> SharedValue {
    SharedValue { version, value: text.to_owned() }
}

pub(crate) async fn a_shared_value_goes_on_top_of_its_version_only(ledger: Any) {
    let swap = async |before, text: &str| ledger.swap_shared(&client(), "gate", before, text).await;
    assert_eq!(ledger.shared(&client(), "gate").await.unwrap(), None);
    assert_eq!(swap(7, "early").await, Err(SwapError::Conflict(None)));
    assert_eq!(swap(0, "first").await, Ok(1));
    assert_eq!(swap(0, "again").await, Err(SwapError::Conflict(Some(value(1, "first")))));
    assert_eq!(swap(1, "{\"ö\":\"\"}").await, Ok(2));
    assert_eq!(swap(1, "late").await, Err(SwapError::Conflict(Some(value(2, "{\"ö\":\"\"}")))));
    assert_eq!(ledger.shared(&client(), "gate").await.unwrap(), Some(value(2, "{\"ö\":\"\"}")));
}

pub(crate) async fn shared_values_are_kept_apart_by_client_and_name(ledger: Any) {
    let other = Digest::of(b"ACME_PRD~id");
    ledger.swap_shared(&client(), "gate", 0, "own").await.unwrap();
    assert_eq!(ledger.shared(&other, "gate").await.unwrap(), None);
    assert_eq!(ledger.shared(&client(), "token").await.unwrap(), None);
    assert_eq!(ledger.swap_shared(&other, "gate", 0, "other").await, Ok(1));
    assert_eq!(ledger.shared(&client(), "gate").await.unwrap(), Some(value(1, "own")));
}

pub(crate) async fn of_many_swaps_on_one_version_one_wins(ledger: Any) {
    ledger.swap_shared(&client(), "gate", 0, "before").await.unwrap();
    let swaps = (0..8).map(|n| {
        let ledger = ledger.clone();
        tokio::spawn(async move { ledger.swap_shared(&client(), "gate", 1, &format!("of {n}")).await })
    });
    let mut winners = Vec::new();
    let mut seen_by_losers = Vec::new();
    for (n, swap) in swaps.collect::<Vec<_>>().into_iter().enumerate() {
        match swap.await.unwrap() {
            Ok(version) => winners.push((version, format!("of {n}"))),
            Err(SwapError::Conflict(stored)) => seen_by_losers.push(stored),
            Err(error) => panic!("{error}"),
        }
    }
    let [(2, winner)] = winners.as_slice() else { panic!("{winners:?}") };
    assert_eq!(seen_by_losers, vec![Some(value(2, winner)); 7]);
    assert_eq!(ledger.shared(&client(), "gate").await.unwrap(), Some(value(2, winner)));
}

pub(crate) async fn a_shared_value_beyond_its_measure_is_refused(ledger: Any) {
    let error = ledger.swap_shared(&client(), "token", 0, &"x".repeat(16_385)).await.unwrap_err();
    assert!(matches!(error, SwapError::Ledger(LedgerError::TooLarge { size: 16_385, .. })), "{error}");
    assert_eq!(ledger.swap_shared(&client(), "token", 0, &"x".repeat(16_384)).await, Ok(1));
}
