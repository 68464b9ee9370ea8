//! The views: what left, what is stowed, what was restocked, what was charged.

use rust_decimal::Decimal;
use shipbob::{Event, FeeError, Goods, Progress, ReceivingBox, Shipment, Stowed, Topic, parse, stowed};

fn shipment(status: &str, products: &str) -> Shipment {
    let body = format!(r#"{{"id":1,"order_id":2,{status}"products":{products}}}"#);
    match parse(Topic::ShipmentPolled, body.as_bytes()).unwrap() {
        Event::Shipment(shipment) => *shipment,
        other => panic!("{other:?}"),
    }
}

/// Goods in short: `item/lot=quantity`, with `?` for an unknown one.
fn short(goods: &[Goods]) -> Vec<String> {
    let quantity = |quantity: Option<Decimal>| quantity.map_or("?".to_owned(), |known| known.to_string());
    let lot = |goods: &Goods| goods.of.lot.clone().map_or(String::new(), |lot| format!("/{lot}"));
    goods
        .iter()
        .map(|goods| format!("{}{}={}", goods.of.inventory_id, lot(goods), quantity(goods.quantity)))
        .collect()
}

#[test]
fn only_explicit_words_say_that_a_shipment_left() {
    let packed = r#","actual_fulfillment_date":"2026-11-20T10:00:00Z","#;
    for (status, expected) in [
        (r#""status":"Completed","#, Progress::Shipped),
        (r#""status":"LabeledCreated","#, Progress::NotYet),
        (&format!(r#""status":"LabeledCreated"{packed}"#), Progress::Shipped),
        (r#""status":"Processing","#, Progress::NotYet),
        (&format!(r#""status":"Processing"{packed}"#), Progress::NotYet),
        (r#""status":"OnHold","#, Progress::NotYet),
        (r#""status":"Exception","#, Progress::NotYet),
        (r#""status":"None","#, Progress::NotYet),
        (r#""status":"Cancelled","#, Progress::Cancelled),
        (&format!(r#""status":"Cancelled"{packed}"#), Progress::Cancelled),
        (r#""status":"CleanSweeped","#, Progress::Unclear),
        (r#""status":"Beamed","#, Progress::Unclear),
        (r#""status":null,"#, Progress::Unclear),
        ("", Progress::Unclear),
    ] {
        assert_eq!(shipment(status, "[]").issued().progress, expected, "{status}");
    }
}

#[test]
fn rows_of_the_same_item_and_lot_are_added_and_what_is_not_told_is_not_zero() {
    for (products, expected, gaps) in [
        (r#"[{"inventory_items":[{"id":7,"quantity":2},{"id":7,"quantity":3}]}]"#, vec!["7=5"], vec![]),
        (
            r#"[{"inventory_items":[{"id":7,"quantity":2,"lot":"A"},{"id":7,"quantity":3,"lot":"B"}]},
                {"inventory_items":[{"id":7,"quantity":1,"lot":"A"}]}]"#,
            vec!["7/A=3", "7/B=3"],
            vec![],
        ),
        (r#"[{"inventory_items":[{"id":7,"quantity":2},{"id":7}]}]"#, vec!["7=?"], vec![]),
        (r#"[{"inventory_items":[{"id":7,"quantity":0}]}]"#, vec!["7=?"], vec![]),
        (r#"[{"inventory_items":[{"id":7,"quantity":0},{"id":7,"quantity":4}]}]"#, vec!["7=4"], vec![]),
        (r#"[{"inventory_items":[{"id":7,"quantity":-1}]}]"#, vec!["7=?"], vec![]),
        (r#"[{"inventory_items":[{"id":7,"lot":" "}]}]"#, vec!["7=?"], vec![]),
        (
            r#"[{"sku":"A","quantity":2},{"inventory_items":[]},{"inventory_items":[{"id":7,"quantity":1}]}]"#,
            vec!["7=1"],
            vec!["products[0].inventory_items", "products[1].inventory_items"],
        ),
        ("[]", vec![], vec!["products"]),
        ("null", vec![], vec!["products"]),
    ] {
        let issued = shipment("", products).issued();
        assert_eq!((short(&issued.goods), issued.gaps), (owned(&expected), owned(&gaps)), "{products}");
    }
}

/// A kit leaves as its components, and its SKU is that of none of them; what leaves on its own as well keeps its own.
#[test]
fn a_product_names_its_item_only_if_it_is_one_item() {
    let alone = r#"{"sku":"MUG","inventory_items":[{"id":7,"quantity":1}]}"#;
    let kit = r#"{"sku":"SET","inventory_items":[{"id":7,"quantity":6},{"id":8,"quantity":12}]}"#;
    for products in [format!("[{alone},{kit}]"), format!("[{kit},{alone}]")] {
        let issued = shipment("", &products).issued();
        let named: Vec<_> = issued.goods.iter().map(|goods| goods.sku.as_deref()).collect();
        assert_eq!(
            (short(&issued.goods), named),
            (owned(&["7=7", "8=12"]), vec![Some("MUG"), None]),
            "{products}"
        );
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// What is stowed by a receiving order with the given quantities and boxes.
fn stowed_of(quantities: &str, boxes: &str) -> Stowed {
    let body = format!(r#"{{"receipt":{{"id":1,"inventory_quantities":{quantities}}},"boxes":{boxes}}}"#);
    match parse(Topic::WroFetched, body.as_bytes()).unwrap() {
        Event::Receipt { receipt, boxes } => stowed(&receipt, boxes.as_deref()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn boxes_come_before_the_orders_own_numbers() {
    let own = r#"[{"inventory_id":7,"sku":"A","stowed_quantity":50},{"inventory_id":8,"stowed_quantity":4}]"#;
    for (boxes, expected) in [
        ("null", vec!["7=50", "8=4"]),
        ("[]", vec!["7=50", "8=4"]),
        (r#"[{"box_id":1,"box_items":[]}]"#, vec!["7=50", "8=4"]),
        (
            r#"[{"box_id":1,"box_items":[{"inventory_id":7,"stowed_quantity":30}]},
                {"box_id":2,"box_items":[{"inventory_id":7,"stowed_quantity":10}]}]"#,
            vec!["7=40", "8=4"],
        ),
        (
            r#"[{"box_id":1,"box_items":[{"inventory_id":7,"lot_number":"L1","stowed_quantity":30},
                {"inventory_id":7,"lot_number":"L2","stowed_quantity":20}]}]"#,
            vec!["7/L1=30", "7/L2=20", "8=4", "7=0"],
        ),
        (
            r#"[{"box_id":1,"box_items":[{"inventory_id":7,"lot_number":"L1","stowed_quantity":30},
                {"inventory_id":7,"stowed_quantity":20}]}]"#,
            vec!["7/L1=30", "7=20", "8=4"],
        ),
        (r#"[{"box_id":1,"box_items":[{"inventory_id":7}]}]"#, vec!["7=?", "8=4"]),
    ] {
        let stowed = stowed_of(own, boxes);
        assert_eq!(short(&stowed.goods), owned(&expected), "{boxes}");
        assert_eq!(stowed.goods[0].sku.as_deref(), Some("A"), "{boxes}");
    }
}

#[test]
fn a_box_that_says_something_else_is_told_and_so_is_what_is_missing() {
    let own = r#"[{"inventory_id":7,"stowed_quantity":50,"received_quantity":0}]"#;
    let boxes = r#"[{"box_id":1,"box_items":[{"inventory_id":7,"stowed_quantity":30}]},{"box_id":2}]"#;
    let stowed = stowed_of(own, boxes);
    assert_eq!(stowed.gaps, ["boxes[1].box_items"]);
    assert_eq!(stowed.differences.len(), 1);
    assert_eq!((stowed.differences[0].boxes, stowed.differences[0].order), (30.into(), 50.into()));
    let nothing = stowed_of("null", "null");
    assert_eq!((nothing.gaps, nothing.goods), (owned(&["inventory_quantities"]), vec![]));
}

#[test]
fn the_order_of_the_boxes_does_not_matter() {
    let boxed = |id: u64, stowed: u64| -> ReceivingBox {
        let json =
            format!(r#"{{"box_id":{id},"box_items":[{{"inventory_id":7,"stowed_quantity":{stowed}}}]}}"#);
        match parse(Topic::WroBoxStowed, json.as_bytes()).unwrap() {
            Event::Box(boxed) => *boxed,
            other => panic!("{other:?}"),
        }
    };
    let Event::Receipt { receipt, .. } =
        parse(Topic::WroUpdated, br#"{"id":1,"inventory_quantities":[]}"#).unwrap()
    else {
        panic!("not a receiving order")
    };
    let (a, b) = (boxed(1, 5), boxed(2, 6));
    let one = stowed(&receipt, Some(&[a.clone(), b.clone()]));
    let other = stowed(&receipt, Some(&[b, a]));
    assert_eq!((short(&one.goods), short(&other.goods)), (owned(&["7=11"]), owned(&["7=11"])));
}

#[test]
fn only_what_was_restocked_is_back_on_the_shelf() {
    for (status, inventory, expected, gaps) in [
        (
            "Completed",
            r#"[{"id":7,"quantity":3,"action_taken":[{"action":"Restock","quantity_processed":2},
                {"action":"Dispose","quantity_processed":1}]}]"#,
            vec!["7=2"],
            vec![],
        ),
        ("Completed", r#"[{"id":7,"action_taken":[{"action":"Quarantine"}]}]"#, vec!["7=0"], vec![]),
        ("Completed", r#"[{"id":7,"action_taken":[{"action":"Restock"}]}]"#, vec!["7=?"], vec![]),
        (
            "Completed",
            r#"[{"id":7,"action_taken":[{"action":"Gift","quantity_processed":1}]}]"#,
            vec!["7=?"],
            vec![],
        ),
        ("Completed", r#"[{"id":7,"action_taken":[{"quantity_processed":1}]}]"#, vec!["7=?"], vec![]),
        ("Completed", r#"[{"id":7,"quantity":1}]"#, vec!["7=?"], vec!["inventory[0].action_taken"]),
        ("Arrived", r#"[{"id":7,"quantity":1}]"#, vec!["7=0"], vec![]),
        (
            "Processing",
            r#"[{"id":7,"lot_information":{"number":"L1","minimumShelfLife":null},
                "action_taken":[{"action":"restock","quantity_processed":1}]},
                {"id":7,"lot_information":{"number":"L2"},"action_taken":null}]"#,
            vec!["7/L1=1", "7/L2=0"],
            vec![],
        ),
        ("Completed", "null", vec![], vec!["inventory"]),
    ] {
        let body = format!(r#"{{"id":1,"status":"{status}","inventory":{inventory}}}"#);
        let Event::Return(returned) = parse(Topic::ReturnUpdated, body.as_bytes()).unwrap() else {
            panic!("not a return")
        };
        let restocked = returned.restocked();
        assert_eq!((short(&restocked.goods), restocked.gaps), (owned(&expected), owned(&gaps)), "{body}");
    }
}

#[test]
fn a_fee_has_its_amount_and_its_taxes_apart() {
    let missing = |field: &str| Err(FeeError::Missing(field.to_owned()));
    let usual = r#""amount":6.58,"currency_code":"USD""#;
    for (fields, amount, taxes) in [
        (usual.to_owned(), Ok("6.58"), Ok("0")),
        (format!(r#"{usual},"taxes":null"#), Ok("6.58"), Ok("0")),
        (
            format!(
                r#"{usual},"taxes":[{{"tax_type":"GST","tax_rate":13,"tax_amount":0.65}},{{"tax_amount":0.05}}]"#
            ),
            Ok("6.58"),
            Ok("0.70"),
        ),
        (format!(r#"{usual},"taxes":[{{"tax_rate":13}}]"#), Ok("6.58"), missing("taxes[0].tax_amount")),
        (r#""amount":-200.0,"currency_code":"USD""#.to_owned(), Ok("-200.0"), Ok("0")),
        (r#""currency_code":"USD""#.to_owned(), missing("amount"), Ok("0")),
        (r#""amount":1"#.to_owned(), missing("currency_code"), missing("currency_code")),
        (r#""amount":1,"currency_code":"$""#.to_owned(), Err(FeeError::Currency), Err(FeeError::Currency)),
    ] {
        let body = format!(r#"{{"transaction_id":"01K",{fields}}}"#);
        let Event::Transaction(fee) = parse(Topic::BillingChargeCreated, body.as_bytes()).unwrap() else {
            panic!("not a fee")
        };
        let text = |money: Result<domain::Money, FeeError>| money.map(|money| money.amount.to_string());
        assert_eq!(text(fee.amount()), amount.map(str::to_owned), "{body}");
        assert_eq!(text(fee.taxes()), taxes.map(str::to_owned), "{body}");
    }
}
