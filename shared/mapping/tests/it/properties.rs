//! Every mapping file that is accepted plans every order without a panic.

use std::{collections::BTreeMap, sync::LazyLock};

use mapping::{
    B2b, Charged, Cloudsuite, CompanyRule, CompanyWhen, Component, Customers, DEFAULT_FILE, Dimensions,
    DocumentCurrency, Exact, FreeLines, GiftCards, GlKind, GlRule, GlWhen, IncludedTaxes, Items, Journal,
    Location, Mapping, MarketplaceTaxes, Orders, PhoneOnly, PostWhen, PurchaseOrders, Refunds, Split, Taxes,
    TestOrders, Unit, ZeroLines, plan_journal, plan_order, plan_refund,
};
use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::select,
};
use rust_decimal::Decimal;
use shopify::Order;

use crate::{key, orders};

static ORDERS: LazyLock<Vec<(String, Order)>> = LazyLock::new(orders);

/// Percentages that come to 100.
fn percentages() -> impl Strategy<Value = Vec<Exact>> {
    vec(1_i64..100, 0..4).prop_map(|weights| {
        let mut left = Decimal::ONE_HUNDRED;
        let mut parts = Vec::new();
        for weight in weights {
            let part = (left * Decimal::new(weight, 2)).round_dp(2);
            if part > Decimal::ZERO && part < left {
                left -= part;
                parts.push(Exact(part));
            }
        }
        parts.push(Exact(left));
        parts
    })
}

fn texts(values: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    vec(select(values).prop_map(str::to_owned), 0..3)
}

fn account() -> impl Strategy<Value = String> {
    select(vec!["4000", "4100", "2200", "ABCDEFGHIJ"]).prop_map(str::to_owned)
}

fn dimensions() -> impl Strategy<Value = Dimensions> {
    btree_map(2_u8..=7, account(), 0..3)
}

fn when() -> impl Strategy<Value = GlWhen> {
    let skus = texts(&["*", "MUG-*", "CAP-?", "MUG-1", "GIFT-SET"]);
    (skus, texts(&["Harbour Goods", "vendor"]), texts(&["vip", "Wholesale"]), texts(&["DE", "CH"]))
        .prop_map(|(sku, vendor, tag, country)| GlWhen { sku, vendor, tag, country, ..GlWhen::default() })
}

fn gl_rule() -> impl Strategy<Value = GlRule> {
    let goods = select(vec![GlKind::Line, GlKind::Discount, GlKind::GiftCard, GlKind::Refund]);
    let rest = select(vec![GlKind::Shipping, GlKind::Tax, GlKind::Duty, GlKind::Tip, GlKind::Fee]);
    let split = percentages().prop_flat_map(|percentages| {
        let parts: Vec<_> = percentages
            .into_iter()
            .map(|percent| {
                (account(), dimensions()).prop_map(move |(account, dimensions)| Split {
                    percent,
                    account,
                    dimensions,
                })
            })
            .collect();
        parts
    });
    let of_goods = (goods, when());
    let of_rest = rest.prop_map(|kind| (kind, GlWhen::default()));
    (prop_oneof![of_goods, of_rest], account(), dimensions(), prop_oneof![Just(Vec::new()), split]).prop_map(
        |((kind, when), account, dimensions, split)| GlRule { kind, when, account, dimensions, split },
    )
}

fn company_rule() -> impl Strategy<Value = CompanyRule> {
    let conditions =
        (texts(&["EUR", "USD", "AUD"]), texts(&["DE", "CH"]), texts(&["vip"]), texts(&["web", "pos"]));
    let when = conditions.prop_map(|(currency, country, tag, source_name)| CompanyWhen {
        currency,
        country,
        tag,
        source_name,
        ..CompanyWhen::default()
    });
    (when, 1_u16..1_000, "[A-Z0-9]{0,3}", "[A-Z0-9]{0,3}").prop_map(|(when, company, warehouse, facility)| {
        CompanyRule { when, company, warehouse, facility, division: String::new() }
    })
}

fn items() -> impl Strategy<Value = Items> {
    let unit = (1_i64..1_000_000, 0_u32..4, "[A-Z]{0,3}")
        .prop_map(|(factor, digits, unit)| Unit { factor: Exact(Decimal::new(factor, digits)), unit });
    let bundle = percentages().prop_flat_map(|percentages| {
        let parts: Vec<_> = percentages
            .into_iter()
            .map(|percent| {
                (1_i64..30).prop_map(move |quantity| Component {
                    sku: "PART".into(),
                    quantity: Exact(Decimal::new(quantity, 0)),
                    percent,
                })
            })
            .collect();
        parts
    });
    let sku =
        select(vec!["MUG-BLUE-12", "MUG-1", "GIFT-SET", "CAP-1", "TEA \"100\""]).prop_map(str::to_owned);
    (
        "[A-Z-]{0,4}",
        "[A-Z]{0,6}",
        btree_map(sku.clone(), "[A-Z]{1,15}", 0..3),
        btree_map(sku.clone(), unit, 0..4),
        btree_map(sku, bundle, 0..3),
    )
        .prop_map(|(prefix, custom, aliases, units, bundles)| Items {
            prefix,
            without_sku: custom.clone(),
            custom,
            aliases,
            units,
            bundles,
        })
}

fn orders_section() -> impl Strategy<Value = Orders> {
    (
        select(vec![
            mapping::Strategy::CustomerOrder,
            mapping::Strategy::PurchaseOrder,
            mapping::Strategy::ImportDocument,
        ]),
        select(vec![DocumentCurrency::Shop, DocumentCurrency::Presentment]),
        select(vec![PostWhen::Placed, PostWhen::Paid]),
        select(vec![ZeroLines::Skip, ZeroLines::Reject]),
        select(vec![FreeLines::Post, FreeLines::Skip]),
        any::<bool>(),
    )
        .prop_map(|(strategy, currency, post_when, zero_lines, free_lines, note)| Orders {
            strategy,
            currency,
            post_when,
            zero_lines,
            free_lines,
            note,
            order_type: "ECO".into(),
            warehouse: "100".into(),
            facility: "A01".into(),
            test_orders: TestOrders::Post,
            locations: BTreeMap::from([(
                655_441_491,
                Location { warehouse: "110".into(), facility: String::new() },
            )]),
            payment_terms: if note {
                BTreeMap::new()
            } else {
                BTreeMap::from([("Net 30".into(), "N30".into())])
            },
        })
}

fn charges() -> impl Strategy<Value = (Taxes, [Charged; 4], GiftCards)> {
    let taxes = (
        select(vec![IncludedTaxes::AsShown, IncludedTaxes::Net]),
        select(vec![MarketplaceTaxes::LeaveOut, MarketplaceTaxes::AsTax]),
        "[A-Z]{0,6}",
    )
        .prop_map(|(included, marketplace, charge)| Taxes { included, marketplace, charge });
    let charged = || "[AB]{0,2}".prop_map(|charge| Charged { charge });
    let cards = select(vec![("", "", ""), ("GIFT", "", "2300"), ("", "GC", "2300")]).prop_map(
        |(item, charge, account)| GiftCards {
            item: item.into(),
            charge: charge.into(),
            account: account.into(),
        },
    );
    (taxes, [charged(), charged(), charged(), charged()], cards)
}

fn mappings() -> impl Strategy<Value = Mapping> {
    let rules = (vec(company_rule(), 0..3), vec(gl_rule(), 0..6));
    let customers = (
        select(vec![B2b::Person, B2b::Company, B2b::Location, B2b::ExternalId]),
        select(vec![PhoneOnly::Customer, PhoneOnly::Fallback, PhoneOnly::Reject]),
    )
        .prop_map(|(b2b, phone_only)| Customers {
            template: "ECOMTPL".into(),
            fallback: "CASH".into(),
            b2b,
            phone_only,
            ..Customers::default()
        });
    let journal = (any::<bool>(), select(vec![Refunds::Note, Refunds::Journal]), dimensions()).prop_map(
        |(allocations, refunds, clearing_dimensions)| Journal {
            allocations,
            refunds,
            clearing_dimensions,
            interface: "SHOPIFY".into(),
            clearing_account: "1999".into(),
            tax_code: String::new(),
        },
    );
    (rules, orders_section(), items(), charges(), customers, journal).prop_map(
        |(
            (company, gl),
            orders,
            items,
            (taxes, [shipping, tips, duties, fees], gift_cards),
            customers,
            journal,
        )| Mapping {
            cloudsuite: Cloudsuite { company: 100, ..Cloudsuite::default() },
            purchase_orders: PurchaseOrders {
                supplier: "SUP".into(),
                batch_origin: "ECOM".into(),
                lead_days: 3,
                ..PurchaseOrders::default()
            },
            company,
            gl,
            orders,
            items,
            taxes,
            shipping,
            tips,
            duties,
            fees,
            gift_cards,
            customers,
            journal,
            ..Mapping::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// The file that a mapping is written to is accepted, or refused for a rule that nothing reaches and the like.
    #[test]
    fn every_accepted_mapping_file_plans_every_order(mapping in mappings()) {
        let text = toml::to_string(&mapping).unwrap();
        match Mapping::parse(&text) {
            Ok(read) => {
                prop_assert_eq!(&read, &mapping);
                for (_, order) in ORDERS.iter() {
                    plan_order(&read, &key("order", order.id), order);
                    plan_journal(&read, &key("journal", order.id), order);
                    for refund in &order.refunds {
                        plan_refund(&read, &key("refund", refund.id), order, refund);
                    }
                }
            }
            Err(findings) => {
                let is_expected = |message: &str| {
                    message.contains("never reached") || message.contains("a bundle itself") || message.contains("where to book")
                };
                let unexpected: Vec<_> = findings.iter().filter(|finding| !is_expected(&finding.message)).collect();
                prop_assert!(unexpected.is_empty(), "{:?}\n{}", unexpected, text);
            }
        }
    }

    /// Whatever text it is given, the reader answers, and every finding says where.
    #[test]
    fn any_change_of_the_default_file_is_read_or_told(at in 0..DEFAULT_FILE.len(), with in "[\\[\\]{}=\"#,a-z0-9\n]{0,3}", cut in 0_usize..40) {
        prop_assume!(DEFAULT_FILE.is_char_boundary(at));
        let end = (at + cut).min(DEFAULT_FILE.len());
        prop_assume!(DEFAULT_FILE.is_char_boundary(end));
        let text = format!("{}{with}{}", &DEFAULT_FILE[..at], &DEFAULT_FILE[end..]);
        if let Err(findings) = Mapping::parse(&text) {
            prop_assert!(!findings.is_empty());
            prop_assert!(findings.iter().all(|finding| finding.message.starts_with("line ")));
        }
    }
}
