//! What of a receiving order is on the shelves.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::{Goods, ItemLot, Receipt, ReceivingBox, goods::Adding};

/// What of a receiving order is on the shelves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stowed {
    /// What is stowed: one for each item and lot.
    ///
    /// An item whose lots the boxes name has one more without a lot and of zero, so that what was posted before the
    /// lots were known is taken back.
    pub goods: Vec<Goods>,
    /// Where the body does not say what is stowed, such as `inventory_quantities`.
    pub gaps: Vec<String>,
    /// Items of which the boxes say something else than the receiving order.
    pub differences: Vec<Difference>,
}

/// An item of which the boxes say something else than the receiving order. The boxes are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The inventory item's id.
    pub inventory_id: u64,
    /// How many are stowed according to the boxes.
    pub boxes: Decimal,
    /// How many are stowed according to the receiving order.
    pub order: Decimal,
}

/// What of a receiving order is on the shelves. The boxes come first, because only they know lots and the order's own
/// numbers lag behind; an item that no box names is taken from the order.
///
/// Only what is stowed counts: counted numbers rise before goods can be sold, and ShipBob's own advice is to go by
/// what is stowed.
pub fn stowed(receipt: &Receipt, boxes: Option<&[ReceivingBox]>) -> Stowed {
    let (mut adding, mut gaps) = (Adding::default(), Vec::new());
    add_boxes(boxes.unwrap_or_default(), &skus(receipt), &mut adding, &mut gaps);
    let in_boxes: BTreeSet<u64> = adding.rows().iter().map(|goods| goods.of.inventory_id).collect();
    if receipt.inventory_quantities.is_none() && in_boxes.is_empty() {
        gaps.push("inventory_quantities".to_owned());
    }
    let (boxed, unboxed): (Vec<_>, Vec<_>) =
        own_numbers(receipt).into_iter().partition(|own| in_boxes.contains(&own.of.inventory_id));
    let differences = boxed.iter().filter_map(|own| difference(own, adding.rows())).collect();
    for goods in unboxed {
        adding.add(goods);
    }
    for bare in without_lots(adding.rows()) {
        if !adding.has(&bare.of) {
            adding.add(bare);
        }
    }
    Stowed { goods: adding.goods(), gaps, differences }
}

/// Zero of every item that has lots, without its lot.
fn without_lots(goods: &[Goods]) -> Vec<Goods> {
    let with_lots = goods.iter().filter(|goods| goods.of.lot.is_some()).cloned();
    let bare = |goods: Goods| {
        let of = ItemLot { lot: None, ..goods.of };
        Goods { of, expires: None, quantity: Some(Decimal::ZERO), ..goods }
    };
    with_lots.map(bare).collect()
}

fn add_boxes(
    boxes: &[ReceivingBox],
    skus: &BTreeMap<u64, String>,
    adding: &mut Adding,
    gaps: &mut Vec<String>,
) {
    for (at, boxed) in boxes.iter().enumerate() {
        let Some(items) = &boxed.box_items else {
            gaps.push(format!("boxes[{at}].box_items"));
            continue;
        };
        for (place, item) in items.iter().enumerate() {
            adding.add(Goods {
                of: ItemLot { inventory_id: item.inventory_id, lot: item.lot_number.clone() },
                sku: skus.get(&item.inventory_id).cloned(),
                expires: item.lot_date,
                quantity: item.stowed_quantity,
                path: format!("boxes[{at}].box_items[{place}]"),
            });
        }
    }
}

/// What the receiving order itself says, without lots.
fn own_numbers(receipt: &Receipt) -> Vec<Goods> {
    let mut adding = Adding::default();
    for (at, row) in receipt.inventory_quantities.iter().flatten().enumerate() {
        adding.add(Goods {
            of: ItemLot { inventory_id: row.inventory_id, lot: None },
            sku: row.sku.clone(),
            expires: None,
            quantity: row.stowed_quantity,
            path: format!("inventory_quantities[{at}]"),
        });
    }
    adding.goods()
}

/// The SKUs of the receiving order: its boxes name none.
fn skus(receipt: &Receipt) -> BTreeMap<u64, String> {
    let rows = receipt.inventory_quantities.iter().flatten();
    rows.filter_map(|row| Some((row.inventory_id, row.sku.clone()?))).collect()
}

/// How an item that is in boxes differs; nothing where either does not say how many.
fn difference(own: &Goods, boxed: &[Goods]) -> Option<Difference> {
    let inventory_id = own.of.inventory_id;
    let mut rows = boxed.iter().filter(|goods| goods.of.inventory_id == inventory_id);
    let boxes = rows.try_fold(Decimal::ZERO, |sum, goods| sum.checked_add(goods.quantity?))?;
    let order = own.quantity?;
    (boxes != order).then_some(Difference { inventory_id, boxes, order })
}
