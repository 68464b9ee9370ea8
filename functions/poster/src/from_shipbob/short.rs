//! Receiving orders that ended with less on the shelves than was expected. What arrived is received all the same: that
//! the rest will not come is for a person.

use domain::Kind;
use rust_decimal::Decimal;
use shipbob::{Event, ReceiptStatus, Topic, parse};

/// What to do with a short receipt.
const HELP: &str = "what is stowed is received: ask ShipBob for the rest, or close the line in PPS200";

/// What is missing of a receiving order that is completed, and what to do; nothing of any other delivery, or if all of it
/// is there.
pub(crate) fn short_receipt(kind: Kind, topic: &str, bytes: &[u8]) -> Option<String> {
    if kind != Kind::Receipt {
        return None;
    }
    let Event::Receipt { receipt, .. } = parse(Topic::parse(topic)?, bytes).ok()? else { return None };
    if receipt.status != Some(ReceiptStatus::Completed) {
        return None;
    }
    let missing = receipt.inventory_quantities.iter().flatten().filter_map(|row| {
        let missing = row.expected_quantity?.checked_sub(row.stowed_quantity?)?;
        let sku = row.sku.as_deref().unwrap_or_default();
        let text = format!("{} of inventory item {} {sku}", missing.normalize(), row.inventory_id);
        (missing > Decimal::ZERO).then(|| text.trim_end().to_owned())
    });
    let missing: Vec<_> = missing.collect();
    (!missing.is_empty()).then(|| format!("short receipt, not stowed: {} ({HELP})", missing.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_completed_receiving_order_is_short() {
        let said = |status: &str, stowed: u32| {
            let row =
                json!({ "inventory_id": 7, "sku": "A", "expected_quantity": 10, "stowed_quantity": stowed });
            let body = json!({ "receipt": { "id": 1, "status": status, "inventory_quantities": [row] } });
            short_receipt(Kind::Receipt, "wro.fetched", body.to_string().as_bytes())
        };
        assert!(
            said("Completed", 8).unwrap().starts_with("short receipt, not stowed: 2 of inventory item 7 A")
        );
        assert_eq!((said("Completed", 10), said("Completed", 11), said("Processing", 8)), (None, None, None));
    }
}
