//! What a shipment took off the shelves.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::{Goods, ItemLot, Shipment, ShipmentStatus, ShippedItem, ShippedProduct, goods::Adding};

/// How far a shipment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// It left: its goods are to be issued.
    Shipped,
    /// It will not leave: what was issued for it comes back.
    Cancelled,
    /// Its goods are still there.
    NotYet,
    /// The status is missing or not known: nothing is to be done until it is.
    Unclear,
}

/// What a shipment took off the shelves, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// How far it is.
    pub progress: Progress,
    /// What is in it: one for each item and lot.
    pub goods: Vec<Goods>,
    /// Where the body does not say what is in it, such as `products[1].inventory_items`. While there is one, the
    /// goods are not all.
    pub gaps: Vec<String>,
}

impl Shipment {
    /// What it took off the shelves, from its inventory items: kits are exploded there and lots are told.
    ///
    /// A quantity of zero counts as not told: ShipBob leaves quantities out of many bodies, and nothing is shipped
    /// zero times. Beside another row of the same item and lot it adds nothing.
    pub fn issued(&self) -> Issued {
        let mut adding = Adding::default();
        let mut gaps = Vec::new();
        let products = self.products.as_deref().unwrap_or_default();
        let sold = sold_alone(products);
        if products.is_empty() {
            gaps.push("products".to_owned());
        }
        for (at, product) in products.iter().enumerate() {
            let items = product.inventory_items.as_deref().unwrap_or_default();
            if items.is_empty() {
                gaps.push(format!("products[{at}].inventory_items"));
            }
            for (place, item) in items.iter().enumerate() {
                let path = format!("products[{at}].inventory_items[{place}]");
                let sku = sold.get(&item.id).copied().flatten().map(str::to_owned);
                adding.add(goods(item, sku, path));
            }
        }
        let goods = adding.goods().into_iter().map(without_zero).collect();
        Issued { progress: self.progress(), goods, gaps }
    }

    /// How far it is. Only explicit words say that it left: `Completed`, or a label and the time at which it was
    /// packed.
    pub fn progress(&self) -> Progress {
        use ShipmentStatus::{
            Cancelled, CleanSweeped, Completed, Exception, ImportReview, LabeledCreated, NoneYet, OnHold,
            Other, Processing,
        };
        match &self.status {
            Some(Completed) => Progress::Shipped,
            Some(LabeledCreated) if self.actual_fulfillment_date.is_some() => Progress::Shipped,
            Some(Cancelled) => Progress::Cancelled,
            Some(LabeledCreated | Processing | OnHold | Exception | ImportReview | NoneYet) => {
                Progress::NotYet
            }
            Some(CleanSweeped | Other(_)) | None => Progress::Unclear,
        }
    }
}

/// The SKUs of items that were sold alone, by a product of no other item. The SKU of a kit is not that of what was
/// picked for it; of an item that was sold by several SKUs, nobody can tell which is its own.
fn sold_alone(products: &[ShippedProduct]) -> BTreeMap<u64, Option<&str>> {
    let mut sold = BTreeMap::new();
    for product in products {
        let items: BTreeSet<u64> = product.inventory_items.iter().flatten().map(|item| item.id).collect();
        let (Some(item), 1, Some(sku)) = (items.first(), items.len(), product.sku.as_deref()) else {
            continue;
        };
        let known = sold.entry(*item).or_insert(Some(sku));
        *known = known.filter(|known| *known == sku);
    }
    sold
}

fn goods(item: &ShippedItem, sku: Option<String>, path: String) -> Goods {
    let of = ItemLot { inventory_id: item.id, lot: item.lot.clone() };
    // Nothing is picked fewer than zero times.
    let quantity = item.quantity.filter(|quantity| *quantity >= Decimal::ZERO);
    Goods { of, sku, expires: item.expiration_date, quantity, path }
}

fn without_zero(goods: Goods) -> Goods {
    Goods { quantity: goods.quantity.filter(|quantity| !quantity.is_zero()), ..goods }
}
