//! Rules for the general ledger, and what journal entries need.

use std::collections::BTreeSet;

use super::{Problems, country, items::percentages, text};
use crate::{Dimensions, GlKind, GlRule, GlWhen, Mapping, Refunds, Strategy, read::Path};

pub(super) fn check(mapping: &Mapping, problems: &mut Problems) {
    let companies =
        mapping.company.iter().map(|rule| rule.company).chain([mapping.cloudsuite.company]).collect();
    for (place, rule) in mapping.gl.iter().enumerate() {
        let path = Path::from("gl").index(place);
        accounts(rule, &path, problems);
        conditions(rule, &companies, &path.key("when"), problems);
    }
    journal(mapping, problems);
}

fn accounts(rule: &GlRule, path: &Path, problems: &mut Problems) {
    let parts_have_all = !rule.split.is_empty() && rule.split.iter().all(|part| !part.account.is_empty());
    text(problems, path.key("account"), &rule.account, 10, !parts_have_all);
    dimensions(&rule.dimensions, &path.key("dimensions"), problems);
    for (place, part) in rule.split.iter().enumerate() {
        let path = path.key("split").index(place);
        text(problems, path.key("account"), &part.account, 10, false);
        dimensions(&part.dimensions, &path.key("dimensions"), problems);
    }
    if !rule.split.is_empty() {
        percentages(rule.split.iter().map(|part| part.percent.0), &path.key("split"), problems);
    }
}

pub(super) fn dimensions(dimensions: &Dimensions, path: &Path, problems: &mut Problems) {
    for (place, value) in dimensions {
        if !(2..=7).contains(place) {
            let message = "a dimension's place is 2 to 7; place 1 is the account".to_owned();
            problems.push((path.key(place), message));
        }
        text(problems, path.key(place), value, 10, true);
    }
}

/// Conditions that can never hold: of another kind of amount, or on what nothing leads to.
fn conditions(rule: &GlRule, companies: &BTreeSet<u16>, path: &Path, problems: &mut Problems) {
    let GlWhen {
        company,
        country: countries,
        tag,
        vendor,
        product_type,
        sku,
        tax_title,
        fee,
        fulfillment_center,
    } = &rule.when;
    for (place, number) in company.iter().enumerate() {
        if !companies.contains(number) {
            let message =
                format!("nothing leads to company {number}: neither cloudsuite.company nor a company rule");
            problems.push((path.key("company").index(place), message));
        }
    }
    for (place, code) in countries.iter().enumerate() {
        country(problems, path.key("country").index(place), code);
    }
    let of_lines = matches!(rule.kind, GlKind::Line | GlKind::Discount | GlKind::GiftCard | GlKind::Refund);
    let of_stock = matches!(rule.kind, GlKind::Issue | GlKind::Restock);
    let of_fees = matches!(rule.kind, GlKind::WarehouseFee | GlKind::WarehouseTax);
    let of_shipbob = of_stock || of_fees;
    for (key, is_named, is_known) in [
        ("country", !countries.is_empty(), !of_shipbob),
        ("tag", !tag.is_empty(), !of_shipbob),
        ("vendor", !vendor.is_empty(), of_lines),
        ("product_type", !product_type.is_empty(), of_lines),
        ("sku", !sku.is_empty(), of_lines || of_stock),
        ("tax_title", !tax_title.is_empty(), matches!(rule.kind, GlKind::Tax | GlKind::WarehouseTax)),
        ("fee", !fee.is_empty(), of_fees),
        ("fulfillment_center", !fulfillment_center.is_empty(), of_shipbob),
    ] {
        if is_named && !is_known {
            problems.push((
                path.key(key),
                "amounts of this kind have none, so the rule can never match".to_owned(),
            ));
        }
    }
}

fn journal(mapping: &Mapping, problems: &mut Problems) {
    let journal = &mapping.journal;
    let books_refunds = journal.refunds == Refunds::Journal;
    let purchases = mapping.orders.strategy == Strategy::PurchaseOrder;
    let is_used = journal.allocations || books_refunds || mapping.shipbob.fees.journal;
    let has_clearing = books_refunds || (journal.allocations && !purchases);
    text(problems, "journal.interface".into(), &journal.interface, 15, is_used);
    text(problems, "journal.clearing_account".into(), &journal.clearing_account, 10, has_clearing);
    text(problems, "journal.tax_code".into(), &journal.tax_code, 2, false);
    dimensions(&journal.clearing_dimensions, &"journal.clearing_dimensions".into(), problems);
    if journal.allocations && mapping.gl.is_empty() && mapping.gift_cards.account.is_empty() {
        problems.push(("journal.allocations".into(), "no rule of [[gl]] says where to book".to_owned()));
    }
}
