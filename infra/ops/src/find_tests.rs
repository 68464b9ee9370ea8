use ledger::Memory;

use super::*;
use crate::test_record::held;

async fn found(ledger: &Memory, order: &str) -> Result<String, String> {
    let record = find(ledger, &"demo".parse().unwrap(), Source::Shopify, order).await;
    record.map(|record| record.key.to_string()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn an_order_is_found_by_id_key_and_name() {
    let ledger = Memory::default();
    held(&ledger, 820_982_911_946_154_508, "#1001").await;
    let key = "demo/shopify/order/820982911946154508";
    for order in ["820982911946154508", key, "order/820982911946154508", "#1001", "1001", " #1001 "] {
        assert_eq!(found(&ledger, order).await.as_deref(), Ok(key), "{order}");
    }
}

/// An id that is also the name of another order stands for the id: ids never change hands.
#[tokio::test]
async fn an_id_goes_before_a_name() {
    let ledger = Memory::default();
    held(&ledger, 1001, "#7").await;
    held(&ledger, 2, "#1001").await;
    assert_eq!(found(&ledger, "1001").await.unwrap(), "demo/shopify/order/1001");
    assert_eq!(found(&ledger, "#1001").await.unwrap(), "demo/shopify/order/2");
}

#[tokio::test]
async fn what_is_unknown_or_ambiguous_is_told_with_a_way_on() {
    let ledger = Memory::default();
    held(&ledger, 1, "#5").await;
    held(&ledger, 2, "#5").await;
    let error = found(&ledger, "5").await.unwrap_err();
    assert!(error.ends_with("\n  demo/shopify/order/1\n  demo/shopify/order/2"), "{error}");
    for order in ["#9", "9", "demo/shopify/order/9", "a/b", ""] {
        let error = found(&ledger, order).await.unwrap_err();
        assert!(error.starts_with(&format!("demo has no record called {order}: give")), "{error}");
    }
}
