//! Which items a line stands for: aliases, units, bundles, custom lines and products without SKU.

use domain::FindingCode;
use rust_decimal::Decimal;
use shopify::LineItem;

use super::{
    planner::{At, Planner},
    worth::Worth,
};
use crate::{Component, split::split};

/// How many characters M3's item number holds (ITNO).
const LONGEST_ITEM: usize = 15;

/// An item of a line, with its part of the line's worth.
#[derive(Debug)]
pub(super) struct Part {
    /// The part's number within a bundle, counted from 1; nothing for a line that is one item.
    pub(super) number: Option<usize>,
    /// The part's SKU; nothing for a line without one.
    pub(super) sku: Option<String>,
    pub(super) item: String,
    pub(super) unit: String,
    pub(super) worth: Worth,
}

impl<'a> Planner<'a> {
    /// The item number of a line that is no bundle; nothing, with a finding, if there is none.
    pub(super) fn item_of(&mut self, at: At, line: &LineItem) -> Option<String> {
        if let Some(sku) = line.sku.as_deref() {
            return self.item(at, sku);
        }
        let items = &self.mapping.items;
        let is_custom = line.variant_id.is_none() && line.product_id.is_none();
        let (item, key, message) = if is_custom {
            (&items.custom, "items.custom", "the line has no SKU: it is a custom item")
        } else {
            (&items.without_sku, "items.without_sku", "the line has no SKU: its variant has none")
        };
        if item.is_empty() {
            let help =
                format!("give the variant a SKU in Shopify, or name an item for such lines under {key}");
            self.find(FindingCode::MissingField, format!("{at}.sku"), message, &help);
            return None;
        }
        Some(item.clone())
    }

    fn item(&mut self, at: At, sku: &str) -> Option<String> {
        let item = self.mapping.item(sku);
        if item.chars().count() > LONGEST_ITEM {
            let help = "give the SKU an alias under items.aliases in the mapping file";
            let message = format!("item number {item} has more than {LONGEST_ITEM} characters");
            self.find(FindingCode::TooLong, format!("{at}.sku"), message, help);
            return None;
        }
        Some(item)
    }

    /// The parts of a line's bundle, if it is one.
    pub(super) fn bundle_of(&self, line: &LineItem) -> Option<&'a [Component]> {
        self.mapping.items.bundles.get(line.sku.as_deref()?).map(Vec::as_slice)
    }

    /// The item of a line that is no bundle.
    pub(super) fn single(&mut self, at: At, line: &LineItem, item: String, worth: Worth) -> Option<Part> {
        let (unit, worth) = self.counted(at, line.sku.as_deref().unwrap_or_default(), worth)?;
        Some(Part { number: None, sku: line.sku.clone(), item, unit, worth })
    }

    /// The parts of a bundle, with the bundle's price and discount split by percent.
    pub(super) fn bundled(&mut self, at: At, parts: &[Component], worth: Worth) -> Option<Vec<Part>> {
        let digits = self.currency.exponent();
        let weights: Vec<_> = parts.iter().map(|part| part.percent.0).collect();
        let nets = self.result(at, "price", split(worth.net, &weights, digits))?;
        let discounts = self.result(at, "price", split(worth.given, &weights, digits))?;
        let mut bundled = Vec::with_capacity(parts.len());
        for (place, part) in parts.iter().enumerate() {
            let item = self.item(at, &part.sku);
            let share = nets.get(place).zip(discounts.get(place)).and_then(|(net, discount)| {
                let quantity = part.quantity.0.checked_mul(worth.quantity)?;
                Worth::of_net(*net, *discount, quantity, digits)
            });
            let share = self.result(at, "price", share)?;
            let (unit, worth) = self.counted(at, &part.sku, share)?;
            bundled.push(Part {
                number: Some(place + 1),
                sku: Some(part.sku.clone()),
                item: item?,
                unit,
                worth,
            });
        }
        Some(bundled)
    }

    /// The worth in the unit that the SKU is counted in.
    fn counted(&mut self, at: At, sku: &str, worth: Worth) -> Option<(String, Worth)> {
        let Some(unit) = self.mapping.items.units.get(sku) else { return Some((String::new(), worth)) };
        if unit.factor.0 == Decimal::ONE {
            return Some((unit.unit.clone(), worth));
        }
        let digits = self.currency.exponent();
        let counted = worth
            .quantity
            .checked_mul(unit.factor.0)
            .and_then(|quantity| Worth::of_net(worth.net, worth.given, quantity.normalize(), digits));
        Some((unit.unit.clone(), self.result(at, "quantity", counted)?))
    }
}
