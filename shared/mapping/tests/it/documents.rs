//! What each situation becomes, document by document, under the mapping that uses everything.

use mapping::{
    DEFAULT_FILE, IncludedTaxes, Mapping, Plan, PostWhen, Strategy, plan_journal, plan_order, plan_refund,
};
use serde_json::json;

use crate::{finance, key, order, orders, sample, shown, situations};

/// The plan of a situation, and of its journal entry.
fn both(mapping: &Mapping, name: &str) -> serde_json::Value {
    let (_, body) = situations::all().into_iter().find(|(known, _)| *known == name).unwrap();
    let order = order(&body);
    let plan = plan_order(mapping, &key("order", order.id), &order);
    let journal = plan_journal(mapping, &key("journal", order.id), &order);
    json!({ "order": shown(&plan), "journal": shown(&journal) })
}

#[test]
fn every_situation_becomes_its_documents() {
    let mapping = finance();
    for (name, _) in situations::all() {
        insta::assert_json_snapshot!(name, both(&mapping, name));
    }
}

#[test]
fn the_same_order_becomes_a_purchase_order_or_an_import_document() {
    for (strategy, word) in [(Strategy::PurchaseOrder, "purchase"), (Strategy::ImportDocument, "import")] {
        let mut mapping = finance();
        mapping.orders.strategy = strategy;
        for name in ["plain", "order-discount-of-three-lines", "stacked-discounts"] {
            insta::assert_json_snapshot!(format!("{word}-{name}"), both(&mapping, name));
        }
    }
}

#[test]
fn the_buyers_currency_is_entered_where_the_mapping_says_so() {
    let mut mapping = finance();
    mapping.orders.currency = mapping::DocumentCurrency::Presentment;
    insta::assert_json_snapshot!("presentment-two-currencies", both(&mapping, "two-currencies"));
}

#[test]
fn prices_are_entered_without_taxes_where_the_mapping_says_so() {
    let mut mapping = finance();
    mapping.taxes.included = IncludedTaxes::Net;
    insta::assert_json_snapshot!("net-taxes-included", both(&mapping, "taxes-included"));
}

#[test]
fn a_test_order_whose_totals_do_not_add_up_is_parked() {
    let mut mapping = finance();
    let body = situations::changed(&json!({ "test": true, "total_price": "404.95" }));
    let plan = |mapping: &Mapping| plan_order(mapping, &key("order", 1), &order(&body));
    assert_eq!(plan(&mapping), Plan::Skip("test order".into()));
    mapping.orders.test_orders = mapping::TestOrders::Post;
    let Plan::Planned { findings, .. } = plan(&mapping) else { panic!() };
    assert_eq!(findings[0].code, domain::FindingCode::Arithmetic);
}

#[test]
fn an_order_that_is_not_paid_waits_for_its_payment_unless_it_is_on_terms() {
    let mut mapping = finance();
    mapping.orders.post_when = PostWhen::Paid;
    let plan = |change| {
        let order = order(&situations::changed(&change));
        plan_order(&mapping, &key("order", 1), &order)
    };
    assert!(matches!(plan(json!({ "financial_status": "pending" })), Plan::Skip(_)));
    assert!(matches!(plan(json!({ "financial_status": null })), Plan::Skip(_)));
    assert!(matches!(plan(json!({ "financial_status": "paid" })), Plan::Planned { .. }));
    let terms = json!({ "financial_status": "pending", "payment_terms": { "payment_terms_name": "Net 30" } });
    assert!(matches!(plan(terms), Plan::Planned { .. }));
}

#[test]
fn unknown_terms_of_payment_are_told() {
    let terms = situations::changed(&json!({ "payment_terms": { "payment_terms_name": "Net 90" } }));
    let Plan::Planned { findings, .. } = plan_order(&finance(), &key("order", 1), &order(&terms)) else {
        panic!()
    };
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].field, "payment_terms.payment_terms_name");
}

#[test]
fn a_firm_may_be_known_by_the_number_that_the_merchant_entered() {
    let mut mapping = finance();
    mapping.customers.b2b = mapping::B2b::ExternalId;
    let shown = both(&mapping, "firm-on-terms");
    let keys = &shown["order"]["buyer"]["firm"];
    assert_eq!(
        *keys,
        json!(["demo/shopify/customer/location-601-c300", "demo/shopify/customer/company-501-c300"])
    );
}

/// What costs something and has no place in the mapping rejects the order: it is never left out in silence.
#[test]
fn what_the_default_mapping_names_nothing_for_is_told() {
    let mapping = Mapping::parse(DEFAULT_FILE).unwrap();
    for (name, field) in [
        ("custom-line", "line_items[0].sku"),
        ("variant-without-sku", "line_items[0].sku"),
        ("tip-line", "line_items[1]"),
        ("gift-card-line", "line_items[0]"),
        ("duties-and-fees", "original_total_duties_set"),
    ] {
        let shown = both(&mapping, name)["order"]["findings"].to_string();
        assert!(shown.contains(field), "{name}: {shown}");
    }
}

#[test]
fn a_refund_is_noted_or_becomes_a_journal_entry() {
    let refund = String::from_utf8(
        std::fs::read(
            testkit::root()
                .join("shared/shopify/tests/samples/shopify-refunds-create-line-and-shipping.json"),
        )
        .unwrap(),
    )
    .unwrap();
    let Ok(shopify::Event::Refund(refund)) = shopify::parse(shopify::Topic::RefundsCreate, refund.as_bytes())
    else {
        panic!()
    };
    let order = order(&situations::changed(&json!({ "line_items": [
        { "id": 15_201_000_020_022_u64, "sku": "MUG-BLUE-12", "vendor": "Harbour Goods", "quantity": 2, "price": "14.90" }
    ] })));
    let plan = |mapping: &Mapping| plan_refund(mapping, &key("refund", refund.id), &order, &refund);
    let mut mapping = finance();
    insta::assert_json_snapshot!("refund-of-a-line-and-shipping", shown(&plan(&mapping)));
    mapping.gl.retain(|rule| rule.kind != mapping::GlKind::Tax);
    let Plan::Planned { findings, .. } = plan(&mapping) else { panic!() };
    assert_eq!(findings.len(), 2, "the taxes on the line and on the shipping: {findings:?}");
    mapping.journal.refunds = mapping::Refunds::Note;
    assert!(matches!(plan(&mapping), Plan::Skip(_)));
}

/// A key that is made anew with each attempt would post the entry twice.
#[test]
fn the_batch_key_is_the_same_with_each_attempt() {
    let order = order(&situations::changed(&json!({})));
    let of = |id: u64| shown(&plan_journal(&finance(), &key("journal", id), &order))["document"].clone();
    let batch_key = |id| of(id)["journal_entry"]["batch_key"].as_str().unwrap().to_owned();
    assert_eq!(batch_key(1), batch_key(1));
    assert_ne!(batch_key(1), batch_key(2));
    assert_eq!(batch_key(1).len(), 15);
}

#[test]
fn every_order_is_planned_by_every_strategy() {
    let mut planned = 0;
    for strategy in [Strategy::CustomerOrder, Strategy::PurchaseOrder, Strategy::ImportDocument] {
        let mut mapping = Mapping::parse(&sample("finance.toml")).unwrap();
        mapping.orders.strategy = strategy;
        for (_, order) in orders() {
            plan_order(&mapping, &key("order", order.id), &order);
            plan_journal(&mapping, &key("journal", order.id), &order);
            for refund in &order.refunds {
                plan_refund(&mapping, &key("refund", refund.id), &order, refund);
            }
            planned += 1;
        }
    }
    assert!(planned > 100, "{planned}");
}
