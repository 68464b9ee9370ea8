use domain::{Charge, Money, Private, Reference};
use serde_json::json;

use super::{
    super::{catalogue::Catalogue, wire::BulkRequest},
    *,
};

fn eur(amount: &str) -> Money {
    Money::parse(amount, "EUR".parse().unwrap()).unwrap()
}

fn order() -> SalesOrder {
    let line = |number: u32, item: &str, discount: &str| OrderLine {
        path: format!("line_items[{}]", number - 1),
        source_id: format!("{number}00"),
        item: item.into(),
        quantity: "3".parse().unwrap(),
        unit: String::new(),
        price: eur("12.50"),
        discount: eur(discount),
        allocations: Vec::new(),
    };
    let address = Address {
        name: Private::new("Ada Lovelace".into()),
        lines: Private::new(vec!["Straße des 17. Juni 135, Haus der Mathematik, Aufgang B".into()]),
        postal_code: Private::new("10623".into()),
        town: Private::new("Berlin".into()),
        area: Private::default(),
        country: "DE".into(),
        phone: Private::new("+49 (30) 901820".into()),
    };
    SalesOrder {
        reference: Reference::of(&"demo/shopify/order/42".parse().unwrap()),
        source_name: "#1001".into(),
        company: 100,
        division: "AAA".into(),
        customer: "C0000001".into(),
        order_type: "ECO".into(),
        facility: String::new(),
        warehouse: "100".into(),
        currency: "EUR".parse().unwrap(),
        order_date: "2026-11-20".parse().unwrap(),
        ship_to: Some(address),
        lines: vec![line(1, "MUG-BLUE-12", "0.00"), line(2, "CAP-RED", "1.00")],
        charges: vec![Charge {
            id: "FRT".into(),
            amount: eur("4.90"),
            text: "Standard".into(),
            allocations: Vec::new(),
        }],
        note: Private::new("Please ring twice".into()),
        buyer_reference: String::new(),
        payment_terms: String::new(),
        release: domain::Release::AtOnce,
    }
}

#[test]
fn the_last_key_of_a_request_is_transactions_and_values_are_strings() {
    let transactions = [batch_head(&order())];
    let request = BulkRequest {
        program: "OIS100MI",
        cono: 100,
        divi: "AAA",
        exclude_empty_values: true,
        right_trim: true,
        max_returned_records: 0,
        transactions: &transactions,
    };
    let text = serde_json::to_string(&request).unwrap();
    let last_envelope_key = text.find("\"maxReturnedRecords\"").unwrap();
    assert!(text.find("\"transactions\"").unwrap() > last_envelope_key);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let expected = json!({
        "CONO": "100", "CUNO": "C0000001", "ORTP": "ECO", "WHLO": "100", "CUOR": "S42", "YREF": "S42",
        "OREF": "#1001", "CUCD": "EUR", "ORDT": "20261120"
    });
    assert_eq!(value["transactions"][0]["record"], expected);
}

#[test]
fn lines_charges_address_and_note_follow_the_head() {
    let rest = batch_rest(&order(), "T0000001", &BTreeSet::new(), &Options::default());
    let names: Vec<_> = rest.iter().map(|transaction| transaction.name).collect();
    assert_eq!(names, ["AddBatchHeadChg", "AddBatchAddress", "AddBatchText", "AddBatchLine", "AddBatchLine"]);
    assert!(rest.iter().all(|transaction| transaction.record["ORNO"] == "T0000001"));
    assert_eq!(rest[3].record.get("DIA1"), None);
    assert_eq!((rest[4].record["DIA1"].as_str(), rest[4].record["SAPR"].as_str()), ("1", "12.5"));
    assert_eq!(rest[1].record["CUA1"], "Straße des 17. Juni 135, Haus der");
    assert_eq!(rest[1].record["CUA2"], "Mathematik, Aufgang B");
    assert_eq!(rest[1].record["PHN2"], "+4930901820");
}

#[test]
fn the_buyers_own_number_stands_before_the_name_at_the_source() {
    let order = SalesOrder {
        buyer_reference: "PO 4711 of the purchasing department".into(),
        payment_terms: "N30".into(),
        ..order()
    };
    let head = batch_head(&order);
    assert_eq!(head.record["OREF"], "PO 4711 of the purchasing depa");
    assert_eq!((head.record["NREF"].as_str(), head.record["TEPY"].as_str()), ("#1001", "N30"));
}

/// A line that is there proves that all else is: only what is missing is written.
#[test]
fn what_is_there_is_not_written_again() {
    let rest = |present: &[u32]| {
        let present = present.iter().copied().collect();
        batch_rest(&order(), "T0000001", &present, &Options::default())
    };
    let second = rest(&[1]);
    assert_eq!((second.len(), second[0].record[LINE_NUMBER].as_str()), (1, "2"));
    assert_eq!(rest(&[1, 2]), []);
}

#[test]
fn a_discount_can_be_written_for_one_unit() {
    let options = Options { discount: DiscountAs::UnitAmount, ..Options::default() };
    let rest = batch_rest(&order(), "T0000001", &BTreeSet::new(), &options);
    assert_eq!(rest[4].record["DIA1"], "0.3333");
}

#[test]
fn every_field_is_in_the_published_catalogue_and_fits() {
    let Some(catalogue) = Catalogue::read() else { return };
    let customer = Customer {
        reference: Reference::of(&"demo/shopify/customer/7".parse().unwrap()),
        search_key: "ABCDEFGHIJ".into(),
        company: 100,
        division: String::new(),
        template: "ECOMTPL".into(),
        address: order().ship_to.unwrap(),
        email: Private::new("ada@example.com".into()),
    };
    let orders = batch_rest(&order(), "T0000001", &BTreeSet::new(), &Options::default()).into_iter();
    let in_full = SalesOrder {
        buyer_reference: "PO 1".into(),
        payment_terms: "N30".into(),
        facility: "A01".into(),
        ..order()
    };
    let orders = orders.chain([batch_head(&in_full), confirm(100, "T1"), delete_batch(100, "T1")]);
    let orders = orders.chain([error_messages(100, "T1"), batch_lines(100, "T1")]);
    let orders = orders.chain([batch_heads_of(100, "C1"), orders_of(100, "C1")]).map(|t| ("OIS100MI", t));
    let customers =
        [add_customer(&customer), change_customer(&customer, "C1"), customers_from(100, "ABCDEFGHIJ")]
            .map(|t| ("CRS610MI", t));
    for (program, transaction) in orders.chain(customers).chain([("OIS275MI", batch_status("T1"))]) {
        catalogue.assert_has(program, &transaction);
    }
}
