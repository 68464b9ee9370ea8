use domain::{Document, OrderLineNumber, Quantities};
use proptest::prelude::*;

use super::*;
use crate::{
    ItemFacts,
    m3::samples::{delivery, goods_line, issue, receipt},
};

/// A line of an order: number, item, ordered, moved, open.
type Line<'a> = (u32, &'a str, &'a str, &'a str, bool);

fn order(lines: &[Line<'_>]) -> OrderStanding {
    let line = |&(line, item, ordered, moved, is_open): &Line<'_>| OrderLineStanding {
        number: OrderLineNumber { line, suffix: 0 },
        item: item.into(),
        warehouse: "100".into(),
        ordered: ordered.parse().unwrap(),
        moved: moved.parse().unwrap(),
        is_open,
        unit: "PCS".into(),
    };
    let lines = lines.iter().map(line).collect();
    OrderStanding { standing: Standing::Usable, partner: "PARTNER".into(), lines }
}

/// Warehouse 100 with CAP-RED and CAP-BLUE, kept by lots, and the same order to buy and to sell.
fn known(order: &OrderStanding) -> Known {
    let items = ["CAP-RED", "CAP-BLUE"];
    let facts = ItemFacts { unit: "PCS".into(), is_lot_controlled: true };
    Known {
        items: items.map(|item| (("100".into(), item.into()), Standing::Usable)).into(),
        warehouses: [("100".into(), Standing::Usable)].into(),
        item_facts: items.map(|item| (item.into(), facts.clone())).into(),
        purchase_orders: [("4500001".into(), order.clone())].into(),
        orders: [("0001000001".into(), order.clone())].into(),
        ..Known::default()
    }
}

fn codes(findings: &[Finding]) -> Vec<FindingCode> {
    findings.iter().map(|finding| finding.code).collect()
}

fn spread(lines: &[GoodsLine]) -> Vec<(Option<u32>, String)> {
    lines.iter().map(|line| (line.order_line.map(|on| on.line), line.quantity.to_string())).collect()
}

#[test]
fn a_receipt_fills_the_lines_of_its_item_one_after_the_other() {
    let lines =
        [(1, "CAP-RED", "10", "8", true), (2, "CAP-BLUE", "9", "0", true), (3, "CAP-RED", "5", "0", true)];
    let known = known(&order(&lines));
    let mut receipt = receipt(7, &["1", "3"]);
    assert_eq!(check_goods_receipt(&mut receipt, &known, OverReceipt::Refuse), []);
    let text = |quantity: &str| quantity.to_owned();
    let expected = [(Some(1), text("1")), (Some(1), text("1")), (Some(3), text("2"))];
    assert_eq!((spread(&receipt.lines), receipt.supplier.as_str()), (expected.into(), "PARTNER"));
}

#[test]
fn each_fault_of_a_receipt_is_a_finding_of_its_own() {
    use FindingCode as F;
    let open = || order(&[(1, "CAP-RED", "10", "0", true)]);
    let missing = || OrderStanding { standing: Standing::Unknown, ..open() };
    let elsewhere = || {
        let mut order = open();
        order.lines[0].warehouse = "200".into();
        order
    };
    let other = || order(&[(1, "CAP-BLUE", "10", "0", true)]);
    let closed = || order(&[(1, "CAP-RED", "10", "0", false)]);
    let cases = [
        (missing(), "5", Some(F::UnknownOrder)),
        (other(), "5", Some(F::NotOnOrder)),
        (elsewhere(), "5", Some(F::NotOnOrder)),
        (closed(), "5", Some(F::OrderLineClosed)),
        (open(), "11", Some(F::OverReceipt)),
        (open(), "10", None),
        (closed(), "-5", None),
    ];
    for (order, quantity, code) in cases {
        let mut receipt = receipt(7, &[quantity]);
        let findings = check_goods_receipt(&mut receipt, &known(&order), OverReceipt::Refuse);
        assert_eq!(codes(&findings), code.into_iter().collect::<Vec<_>>(), "{quantity} {order:?}");
    }
}

#[test]
fn what_is_over_goes_onto_the_last_line_if_that_is_wanted() {
    let lines =
        [(1, "CAP-RED", "2", "0", true), (2, "CAP-RED", "3", "3", true), (3, "CAP-RED", "9", "0", false)];
    let mut receipt = receipt(7, &["5"]);
    assert_eq!(check_goods_receipt(&mut receipt, &known(&order(&lines)), OverReceipt::Post), []);
    assert_eq!(spread(&receipt.lines), [(Some(1), "2".to_owned()), (Some(2), "3".to_owned())]);
}

#[test]
fn master_data_that_is_missing_is_found_of_every_line() {
    use FindingCode as F;
    let mut known = known(&order(&[(1, "CAP-RED", "10", "0", true)]));
    let unknown = ("100".to_owned(), "CAP-GREEN".to_owned());
    known.items.insert(unknown, Standing::Unknown);
    known.warehouses.insert("100".into(), Standing::Unknown);
    let mut issue = issue(7, &["5", "1"]);
    issue.lines[0].lot.clear();
    issue.lines.push(goods_line(2, "CAP-GREEN", "1"));
    let findings = check_inventory_issue(&mut issue, &known);
    assert_eq!(codes(&findings), [F::UnknownWarehouse, F::UnknownItem, F::MissingLot]);
    assert_eq!(findings[2].field, "products[0].lot");
}

#[test]
fn a_receipt_in_another_unit_is_a_finding_and_an_issue_in_one_goes_without_its_order() {
    let known = known(&order(&[(1, "CAP-RED", "10", "0", true)]));
    for (unit, is_basic) in [("", true), ("PCS", true), ("BOX", false)] {
        let (mut receipt, mut issue) = (receipt(7, &["5"]), delivery(7, &["5"]));
        receipt.lines[0].unit = unit.into();
        issue.lines[0].unit = unit.into();
        let findings = check_goods_receipt(&mut receipt, &known, OverReceipt::Refuse);
        assert_eq!(findings.is_empty(), is_basic, "{unit} {findings:?}");
        assert_eq!(check_inventory_issue(&mut issue, &known), []);
        assert_eq!(issue.order.is_some(), is_basic, "{unit}");
    }
}

#[test]
fn a_delivery_keeps_its_order_only_if_that_can_take_all_of_it() {
    let open = order(&[(1, "CAP-RED", "3", "0", true), (2, "CAP-RED", "9", "2", true)]);
    let unknown = OrderStanding { standing: Standing::Unknown, ..open.clone() };
    let cases = [
        (open.clone(), vec!["4"], vec![(Some(1), "3"), (Some(2), "1")]),
        (open.clone(), vec!["4", "6"], vec![(Some(1), "3"), (Some(2), "1"), (Some(2), "6")]),
        (open.clone(), vec!["11"], vec![(None, "11")]),
        (open.clone(), vec!["4", "-1"], vec![(None, "4"), (None, "-1")]),
        (order(&[(1, "CAP-RED", "3", "0", false)]), vec!["1"], vec![(None, "1")]),
        (unknown, vec!["1"], vec![(None, "1")]),
    ];
    for (order, quantities, expected) in cases {
        let mut issue = delivery(7, &quantities);
        assert_eq!(check_inventory_issue(&mut issue, &known(&order)), []);
        let expected: Vec<_> = expected.into_iter().map(|(on, quantity)| (on, quantity.to_owned())).collect();
        assert_eq!(spread(&issue.lines), expected);
        let customer = issue.order.map(|order| order.customer);
        assert_eq!(customer, expected[0].0.map(|_| "PARTNER".to_owned()));
    }
    let unclear = OrderStanding { standing: Standing::Unclear("XX1".into()), ..open };
    let findings = check_inventory_issue(&mut delivery(7, &["1"]), &known(&unclear));
    assert_eq!(codes(&findings), [FindingCode::Refused]);
}

#[test]
fn a_second_receipt_of_a_batch_sees_what_the_first_one_takes() {
    let mut known = known(&order(&[(1, "CAP-RED", "5", "0", true), (2, "CAP-RED", "5", "0", true)]));
    let mut first = receipt(7, &["4"]);
    assert_eq!(check_goods_receipt(&mut first, &known, OverReceipt::Refuse), []);
    known.count(&Document::GoodsReceipt(first));
    let mut second = receipt(8, &["3"]);
    assert_eq!(check_goods_receipt(&mut second, &known, OverReceipt::Refuse), []);
    assert_eq!(spread(&second.lines), [(Some(1), "1".to_owned()), (Some(2), "2".to_owned())]);
}

fn moved(lines: &[GoodsLine]) -> Quantities {
    let mut quantities = Quantities::new();
    for line in lines {
        *quantities.entry(line.source_id.clone()).or_default() += line.quantity;
    }
    quantities
}

proptest! {
    #[test]
    fn the_check_moves_neither_more_nor_less_of_anything(
        quantities in prop::collection::vec(-20..60_i32, 1..6),
        ordered in prop::collection::vec((0..40_i32, 0..40_i32, any::<bool>()), 1..5),
    ) {
        let texts: Vec<_> = ordered.iter().map(|(all, done, _)| (all.to_string(), done.to_string())).collect();
        let lines: Vec<_> = (1..)
            .zip(texts.iter().zip(&ordered))
            .map(|(number, ((all, done), (.., is_open)))| (number, "CAP-RED", &**all, &**done, *is_open))
            .collect();
        let known = known(&order(&lines));
        let quantities: Vec<_> = quantities.iter().map(ToString::to_string).collect();
        let quantities: Vec<_> = quantities.iter().map(String::as_str).collect();
        for over in [OverReceipt::Refuse, OverReceipt::Post] {
            let mut receipt = receipt(7, &quantities);
            let before = moved(&receipt.lines);
            let findings = check_goods_receipt(&mut receipt, &known, over);
            prop_assert_eq!(moved(&receipt.lines), before);
            if findings.is_empty() {
                prop_assert!(receipt.lines.iter().all(|line| line.quantity <= Decimal::ZERO || line.order_line.is_some()));
            }
        }
        let mut issue = delivery(7, &quantities);
        let before = moved(&issue.lines);
        check_inventory_issue(&mut issue, &known);
        prop_assert_eq!(moved(&issue.lines), before);
    }
}
