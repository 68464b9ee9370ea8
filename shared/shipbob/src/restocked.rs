//! What of a return is on the shelves again.

use rust_decimal::Decimal;

use crate::{ActionTaken, Goods, ItemLot, Return, ReturnAction, ReturnStatus, ReturnedItem, goods::Adding};

/// What of a return is on the shelves again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restocked {
    /// What was restocked: one for each item and lot, zero where all was set aside or thrown away.
    pub goods: Vec<Goods>,
    /// Where the body of a completed return does not say what was done, such as `inventory[0].action_taken`.
    pub gaps: Vec<String>,
}

impl Return {
    /// What is on the shelves again: of all that was done with the goods, only `Restock`.
    pub fn restocked(&self) -> Restocked {
        let mut adding = Adding::default();
        let mut gaps = Vec::new();
        let is_over = self.status == Some(ReturnStatus::Completed);
        if self.inventory.is_none() && is_over {
            gaps.push("inventory".to_owned());
        }
        for (at, item) in self.inventory.iter().flatten().enumerate() {
            let actions = item.action_taken.as_deref().unwrap_or_default();
            let is_gap = actions.is_empty() && is_over;
            if is_gap {
                gaps.push(format!("inventory[{at}].action_taken"));
            }
            let quantity = restocked(actions).filter(|_| !is_gap);
            adding.add(goods(item, quantity, format!("inventory[{at}]")));
        }
        Restocked { goods: adding.goods(), gaps }
    }
}

/// How many were restocked. An action whose name does not say where the goods are, or a restocking without its number,
/// leaves that unknown.
fn restocked(actions: &[ActionTaken]) -> Option<Decimal> {
    actions.iter().try_fold(Decimal::ZERO, |sum, taken| match &taken.action {
        Some(ReturnAction::Restock) => sum.checked_add(taken.quantity_processed?),
        Some(ReturnAction::Quarantine | ReturnAction::Dispose) => Some(sum),
        Some(ReturnAction::Default | ReturnAction::Other(_)) | None => {
            taken.quantity_processed.filter(Decimal::is_zero).map(|_| sum)
        }
    })
}

fn goods(item: &ReturnedItem, quantity: Option<Decimal>, path: String) -> Goods {
    let lot = item.lot_information.clone().unwrap_or_default();
    let of = ItemLot { inventory_id: item.id, lot: lot.number };
    Goods { of, sku: item.sku.clone(), expires: lot.expiration, quantity, path }
}
