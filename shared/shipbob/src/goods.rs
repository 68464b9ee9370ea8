//! What bodies say of goods, item by item and lot by lot. What a body does not say is not zero: it is a gap.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

/// An item, and one lot of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemLot {
    /// The inventory item's id.
    pub inventory_id: u64,
    /// The lot; nothing where there is none.
    pub lot: Option<String>,
}

/// How much of an item and lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goods {
    /// Which.
    pub of: ItemLot,
    /// The SKU, where the body names one.
    pub sku: Option<String>,
    /// Until when the lot may be used.
    pub expires: Option<Date>,
    /// How many, in stock units; nothing where the body does not say.
    pub quantity: Option<Decimal>,
    /// Where it stands first, such as `products[0].inventory_items[1]`.
    pub path: String,
}

/// Adds up rows of the same item and lot, in the order in which they first come.
#[derive(Debug, Default)]
pub(crate) struct Adding {
    goods: Vec<Goods>,
    places: BTreeMap<ItemLot, usize>,
}

impl Adding {
    /// Adds a row. A row that does not say how many leaves the sum unknown.
    pub(crate) fn add(&mut self, row: Goods) {
        let Some(place) = self.places.get(&row.of) else {
            self.places.insert(row.of.clone(), self.goods.len());
            self.goods.push(row);
            return;
        };
        let sum = &mut self.goods[*place];
        sum.quantity = sum.quantity.zip(row.quantity).and_then(|(a, b)| a.checked_add(b));
        sum.sku = sum.sku.take().or(row.sku);
        sum.expires = sum.expires.or(row.expires);
    }

    /// Whether there is a row of this item and lot.
    pub(crate) fn has(&self, of: &ItemLot) -> bool {
        self.places.contains_key(of)
    }

    /// What came together so far.
    pub(crate) fn rows(&self) -> &[Goods] {
        &self.goods
    }

    /// What came together.
    pub(crate) fn goods(self) -> Vec<Goods> {
        self.goods
    }
}
