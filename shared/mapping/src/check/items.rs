//! Aliases, units, bundles and gift cards.

use rust_decimal::Decimal;

use super::{Problems, text};
use crate::{Component, GlKind, Mapping, Unit, read::Path};

pub(super) fn check(mapping: &Mapping, problems: &mut Problems) {
    for (sku, item) in &mapping.items.aliases {
        text(problems, Path::from("items.aliases").key(sku), item, 15, true);
    }
    for (sku, counted) in &mapping.items.units {
        unit(counted, &Path::from("items.units").key(sku), problems);
    }
    for (sku, parts) in &mapping.items.bundles {
        let path = Path::from("items.bundles").key(sku);
        for (place, part) in parts.iter().enumerate() {
            component(mapping, part, &path.index(place), problems);
        }
        percentages(parts.iter().map(|part| part.percent.0), &path, problems);
    }
    gift_cards(mapping, problems);
}

fn unit(counted: &Unit, path: &Path, problems: &mut Problems) {
    text(problems, path.key("unit"), &counted.unit, 3, false);
    quantity(counted.factor.0, path.key("factor"), problems);
}

fn component(mapping: &Mapping, part: &Component, path: &Path, problems: &mut Problems) {
    text(problems, path.key("sku"), &part.sku, 255, true);
    quantity(part.quantity.0, path.key("quantity"), problems);
    if mapping.items.bundles.contains_key(&part.sku) {
        problems.push((path.key("sku"), "it is a bundle itself: name its parts instead".to_owned()));
    }
}

/// Checks a quantity: M3 keeps six digits behind the point at most.
fn quantity(quantity: Decimal, path: Path, problems: &mut Problems) {
    let fits = quantity > Decimal::ZERO && quantity <= Decimal::from(1_000_000) && quantity.scale() <= 6;
    if !fits {
        problems.push((
            path,
            "it is not above 0 and at most 1000000, with at most 6 digits behind the point".to_owned(),
        ));
    }
}

/// Checks percentages: each above 0, and all together 100.
pub(super) fn percentages(percentages: impl Iterator<Item = Decimal>, path: &Path, problems: &mut Problems) {
    let mut sum = Decimal::ZERO;
    for (place, percent) in percentages.enumerate() {
        let fits = percent > Decimal::ZERO && percent <= Decimal::ONE_HUNDRED && percent.scale() <= 6;
        if !fits {
            let message =
                "it is not above 0 and at most 100, with at most 6 digits behind the point".to_owned();
            problems.push((path.index(place).key("percent"), message));
            return;
        }
        sum += percent;
    }
    if sum != Decimal::ONE_HUNDRED {
        problems.push((path.clone(), format!("its percentages come to {}, not to 100", sum.normalize())));
    }
}

fn gift_cards(mapping: &Mapping, problems: &mut Problems) {
    let cards = &mapping.gift_cards;
    if !cards.item.is_empty() && !cards.charge.is_empty() {
        problems.push((
            "gift_cards.charge".into(),
            "gift_cards.item is named too: one of them must be empty".to_owned(),
        ));
    }
    let is_sold = !cards.item.is_empty() || !cards.charge.is_empty();
    let has_rule = mapping.gl.iter().any(|rule| rule.kind == GlKind::GiftCard);
    text(problems, "gift_cards.account".into(), &cards.account, 10, is_sold && !has_rule);
}
