//! Values that do not fit, and what is needed and missing.

use domain::Currency;

use super::{Problems, country, text};
use crate::{CompanyRule, Mapping, PhoneOnly, Strategy, read::Path};

/// M3's company numbers (CONO) have three digits.
const COMPANIES: std::ops::RangeInclusive<u16> = 1..=999;

pub(super) fn check(mapping: &Mapping, problems: &mut Problems) {
    texts(mapping, problems);
    numbers(mapping, problems);
    for (place, rule) in mapping.company.iter().enumerate() {
        company(rule, &Path::from("company").index(place), problems);
    }
    for (id, location) in &mapping.orders.locations {
        let path = Path::from("orders.locations").key(id);
        text(problems, path.key("warehouse"), &location.warehouse, 3, true);
        text(problems, path.key("facility"), &location.facility, 3, false);
    }
    for (name, terms) in &mapping.orders.payment_terms {
        text(problems, Path::from("orders.payment_terms").key(name), terms, 3, true);
    }
    for (code, template) in &mapping.customers.templates {
        let path = Path::from("customers.templates").key(code);
        country(problems, path.clone(), code);
        text(problems, path, template, 10, true);
    }
    if mapping.customers.phone_only == PhoneOnly::Fallback && mapping.customers.fallback.is_empty() {
        let message = "customers.fallback is empty: no customer is named for them".to_owned();
        problems.push(("customers.phone_only".into(), message));
    }
}

/// Texts by the length of M3's fields.
fn texts(mapping: &Mapping, problems: &mut Problems) {
    let Mapping { cloudsuite, orders, purchase_orders, customers, .. } = mapping;
    let purchases = orders.strategy == Strategy::PurchaseOrder;
    for (path, value, most, needed) in [
        ("cloudsuite.division", &cloudsuite.division, 3, false),
        ("orders.order_type", &orders.order_type, 3, !purchases),
        ("orders.warehouse", &orders.warehouse, 3, true),
        ("orders.facility", &orders.facility, 3, purchases),
        ("purchase_orders.supplier", &purchase_orders.supplier, 10, purchases),
        ("purchase_orders.order_type", &purchase_orders.order_type, 3, false),
        ("purchase_orders.batch_origin", &purchase_orders.batch_origin, 10, purchases),
        ("purchase_orders.cost_centre", &purchase_orders.cost_centre, 10, false),
        ("customers.template", &customers.template, 10, !purchases),
        ("customers.b2b_template", &customers.b2b_template, 10, false),
        ("customers.fallback", &customers.fallback, 10, false),
        ("items.prefix", &mapping.items.prefix, 14, false),
        ("items.custom", &mapping.items.custom, 15, false),
        ("items.without_sku", &mapping.items.without_sku, 15, false),
        ("shipping.charge", &mapping.shipping.charge, 6, false),
        ("taxes.charge", &mapping.taxes.charge, 6, false),
        ("tips.charge", &mapping.tips.charge, 6, false),
        ("duties.charge", &mapping.duties.charge, 6, false),
        ("fees.charge", &mapping.fees.charge, 6, false),
        ("gift_cards.item", &mapping.gift_cards.item, 15, false),
        ("gift_cards.charge", &mapping.gift_cards.charge, 6, false),
    ] {
        text(problems, path.into(), value, most, needed);
    }
}

fn numbers(mapping: &Mapping, problems: &mut Problems) {
    if !COMPANIES.contains(&mapping.cloudsuite.company) {
        problems.push(("cloudsuite.company".into(), not_a_company()));
    }
    let (reconcile, ingest) = (&mapping.shopify.reconcile, &mapping.shipbob.ingest);
    for (path, value, least, most) in [
        ("cloudsuite.requests_per_minute", mapping.cloudsuite.requests_per_minute, 1, 3_000),
        ("cloudsuite.burst", mapping.cloudsuite.burst, 1, 100),
        ("purchase_orders.lead_days", mapping.purchase_orders.lead_days.into(), 0, 365),
        ("shopify.reconcile.overlap_minutes", reconcile.overlap_minutes.into(), 5, 2_880),
        ("shopify.reconcile.most_orders", reconcile.most_orders, 1, 50_000),
        ("shipbob.ingest.overlap_minutes", ingest.overlap_minutes.into(), 5, 2_880),
        ("shipbob.ingest.fee_days", ingest.fee_days.into(), 1, 31),
        ("shipbob.ingest.most_objects", ingest.most_objects, 1, 100_000),
    ] {
        if !(least..=most).contains(&value) {
            problems.push((path.into(), format!("it is not {least} to {most}")));
        }
    }
}

fn not_a_company() -> String {
    "a company number is 1 to 999 (M3: CONO)".to_owned()
}

fn company(rule: &CompanyRule, path: &Path, problems: &mut Problems) {
    if !COMPANIES.contains(&rule.company) {
        problems.push((path.key("company"), not_a_company()));
    }
    for (key, value) in
        [("division", &rule.division), ("warehouse", &rule.warehouse), ("facility", &rule.facility)]
    {
        text(problems, path.key(key), value, 3, false);
    }
    let when = path.key("when");
    for (key, codes) in
        [("currency", &rule.when.currency), ("presentment_currency", &rule.when.presentment_currency)]
    {
        for (place, code) in codes.iter().enumerate() {
            if let Err(error) = code.parse::<Currency>() {
                problems.push((when.key(key).index(place), format!("it is {error}")));
            }
        }
    }
    for (place, code) in rule.when.country.iter().enumerate() {
        country(problems, when.key("country").index(place), code);
    }
}
