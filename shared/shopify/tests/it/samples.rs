use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use shopify::{Amount, Order, Topic, parse_order, peek};

use crate::{body, sample_names};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    topic: String,
    http: u16,
    state: String,
    findings: Vec<String>,
    cloudsuite: Option<Held>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    lines: usize,
    charges: usize,
}

fn expected(name: &str) -> Expected {
    serde_json::from_slice(&testkit::sample(&format!("{name}.expected.json"))).unwrap()
}

fn order(name: &str) -> Order {
    parse_order(&body(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn amount(field: Option<&Amount>) -> Decimal {
    field.unwrap().decimal().unwrap()
}

#[test]
fn every_sample_is_an_order_and_the_quick_look_agrees_with_the_full_reading() {
    let names = sample_names();
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        let (order, peek) = (order(&name), peek(&body(&name)).unwrap());
        assert_eq!((peek.id, Some(peek.name)), (order.id, order.name.clone()), "{name}");
        assert_eq!(peek.updated_at, order.updated_at.map(|time| time.at), "{name}");
        assert!(!order.is_redacted(), "{name}: {:?}", order.withheld());
    }
}

/// Lines less discounts, plus taxes, plus shipping, is what the buyer pays.
#[test]
fn the_money_of_every_sample_adds_up_to_the_cent() {
    for name in sample_names() {
        let order = order(&name);
        let goods: Decimal = order
            .line_items
            .iter()
            .map(|line| amount(line.price.as_ref()) * Decimal::from(line.quantity.unwrap()))
            .sum();
        let lines: Decimal = order.line_items.iter().map(|line| line.discount().unwrap()).sum();
        let shipping: Decimal = order.shipping().map(|(_, line)| line.net().unwrap()).sum();
        let reduced: Decimal = order.shipping().map(|(_, line)| line.discount().unwrap()).sum();
        let of_lines = order.line_items.iter().flat_map(|line| &line.tax_lines);
        let of_shipping = order.shipping().flat_map(|(_, line)| &line.tax_lines);
        let taxes: Decimal = of_lines.chain(of_shipping).map(|tax| amount(tax.price.as_ref())).sum();
        assert_eq!(goods, amount(order.total_line_items_price.as_ref()), "{name}: lines");
        assert_eq!(lines + reduced, amount(order.total_discounts.as_ref()), "{name}: discounts");
        assert_eq!(taxes, amount(order.total_tax.as_ref()), "{name}: taxes");
        let set = order.total_shipping_price_set.unwrap();
        assert_eq!(shipping + reduced, amount(set.shop_money.amount.as_ref()), "{name}: shipping");
        assert_eq!(goods - lines + taxes + shipping, amount(order.total_price.as_ref()), "{name}: total");
    }
}

#[test]
fn every_expectation_is_one_that_can_be_met() {
    for name in sample_names() {
        let (expected, order) = (expected(&name), order(&name));
        assert_eq!(expected.http, 200, "{name}");
        assert!(Topic::parse(&expected.topic).is_some_and(Topic::is_needed), "{name}");
        assert!(name.starts_with(&format!("shopify-{}-", expected.topic.replace('/', "-"))), "{name}");
        assert!(expected.findings.is_sorted(), "{name}");
        assert_eq!(expected.state == "rejected", !expected.findings.is_empty(), "{name}");
        assert_eq!(expected.state == "skipped", order.is_test(), "{name}");
        let held = expected.cloudsuite.map(|held| (held.lines, held.charges));
        let wanted = (order.line_items.len(), order.shipping().count());
        assert_eq!(held, Some(wanted).filter(|_| expected.state == "confirmed"), "{name}");
    }
}

#[test]
fn only_deliveries_of_the_same_order_share_an_id() {
    let mut ids = BTreeMap::<u64, Vec<String>>::new();
    for name in sample_names() {
        ids.entry(order(&name).id).or_default().push(name);
    }
    let shared: Vec<_> = ids.into_values().filter(|names| names.len() > 1).collect();
    let two_lines = ["shopify-orders-create-two-lines", "shopify-orders-updated-two-lines-newer"];
    assert_eq!(shared, [two_lines]);
    let times = two_lines.map(|name| peek(&body(name)).unwrap().updated_at);
    assert!(times[0] < times[1], "the update must be newer");
}

#[test]
fn an_order_reads_as_shown_and_shows_nobody() {
    for name in ["guest-without-customer", "order-discount"] {
        let shown = format!("{:#?}", order(&format!("shopify-orders-create-{name}")));
        for personal in
            ["Oliver", "oliver", "Sample", "Trial Lane", "Manchester", "Mia", "mia.", "Versuch", "Köln"]
        {
            assert!(!shown.contains(personal), "{name} shows {personal}");
        }
        insta::assert_snapshot!(name, shown);
    }
}

#[test]
fn the_buyer_of_each_kind_of_sample_is_recognised() {
    let identity = |name: &str| {
        let identity = order(&format!("shopify-orders-create-{name}")).identity();
        let text = |field: Option<domain::Private<String>>| field.map(domain::Private::into_exposed);
        (identity.customer_id, text(identity.email), text(identity.phone))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(identity("guest-without-customer"), (None, some("oliver.sample@example.com"), None));
    assert_eq!(identity("phone-only-customer"), (Some(7_301_000_001_004), None, some("+49895550104")));
    assert_eq!(
        identity("18-digit-id"),
        (Some(715_243_470_612_851_245), some("ines.modele@example.com"), None)
    );
}

/// A float would round these ids: 820982911946154509 to …500.
#[test]
fn ids_of_18_digits_are_exact() {
    let order = order("shopify-orders-create-18-digit-id");
    assert_eq!(order.id, 820_982_911_946_154_509);
    let lines: Vec<_> = order.line_items.iter().filter_map(|line| line.id).collect();
    assert_eq!(lines, [487_817_672_276_298_553, 487_817_672_276_298_555]);
}
