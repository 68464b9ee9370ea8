use domain::{Document, Private, References, SalesOrder};
use serde_json::json;

use super::small::{m3, m3_with};
use crate::{
    Amended, Amendment, Difference, ProductLine,
    m3::{
        Options,
        samples::{eur, key, order, purchase},
        script::{Say, Scripted, Told, company, done, row},
    },
};

fn amendment(order: SalesOrder) -> Amendment {
    let id: u32 = order.source_name[1..].parse().unwrap();
    Amendment {
        key: key(id),
        references: References { temporary: Some("T1".into()), number: Some(format!("0001{id}")) },
        document: Document::SalesOrder(order),
        before: None,
        cancel: false,
    }
}

fn cancelling(order: SalesOrder) -> Amendment {
    Amendment { cancel: true, ..amendment(order) }
}

async fn amend(m3: &Scripted, amendment: Amendment) -> Amended {
    m3.m3.amend(&company(), &[amendment], &Told::default()).await.remove(0)
}

fn difference(field: &str, has: Option<&str>, wanted: Option<&str>) -> Difference {
    let (has, wanted) = (has.map(str::to_owned), wanted.map(str::to_owned));
    Difference { field: field.into(), has, wanted }
}

#[tokio::test]
async fn an_order_that_is_as_it_should_be_costs_one_request() {
    let order = order(7, &["A", "B"]);
    let (m3, _) = m3(&order);
    assert_eq!(amend(&m3, amendment(order)).await, Amended::Unchanged);
    assert_eq!(m3.requests(), 1);
}

/// One line less, one more, another quantity, price, warehouse, reference, note and charge: what is done is read
/// again, and the second time there is nothing to do.
#[tokio::test]
async fn an_amendment_converges() {
    let first = order(7, &["A", "B", "C"]);
    let (m3, orders) = m3(&first);
    let mut wanted = order(7, &["B", "C", "D"]);
    wanted.lines[0].quantity = "5".parse().unwrap();
    wanted.lines[1].price = eur("9.00");
    wanted.lines[1].discount = eur("1.00");
    wanted.buyer_reference = "PO 4711".into();
    wanted.note = Private::new("Ring once".into());
    wanted.charges[0].amount = eur("5.90");
    wanted.warehouse = "200".into();
    let Amended::Done(told) = amend(&m3, amendment(wanted.clone())).await else { panic!() };
    assert_eq!(m3.requests(), 3, "read, change, read again");
    assert_eq!(
        told,
        [
            "buyer_reference: #7 became PO 4711",
            "note was changed",
            "charges.FRT: 4.90 became 5.9",
            "line_items[0].quantity: 2 became 5",
            "line_items[0].warehouse: 100 became 200",
            "line_items[1].price: 10 less 0 became 9 less 1",
            "line_items[1].warehouse: 100 became 200",
            "line_items[2]: 2 × D was added",
            "line 1: 2 × A was taken out",
        ]
    );
    let kept = orders.lock().unwrap()["00017"].clone();
    let lines: Vec<_> = kept.lines.iter().map(|line| line["ITNO"].as_str().unwrap()).collect();
    assert_eq!((lines, kept.text.as_str()), (vec!["B", "C", "D"], "Ring once"));
    assert_eq!(kept.lines[2]["CUPO"], "4", "3 was another line's number");
    assert_eq!(amend(&m3, amendment(wanted)).await, Amended::Unchanged);
    assert_eq!(m3.requests(), 4);
}

#[tokio::test]
async fn ten_orders_are_amended_by_three_requests() {
    let orders: Vec<_> = (1..=10).map(|id| order(id, &["A"])).collect();
    let (m3, _) = m3_with(&orders, |_, _| None);
    let batch: Vec<_> = (1..=10).map(|id| amendment(order(id, &["A", "B"]))).collect();
    let amended = m3.m3.amend(&company(), &batch, &Told::default()).await;
    assert!(amended.iter().all(|one| matches!(one, Amended::Done(_))), "{amended:?}");
    assert_eq!(m3.requests(), 3);
}

/// Between the source and M3 stands a person: what the source did not change since it was written is theirs.
#[tokio::test]
async fn what_a_person_changed_in_m3_is_left_alone() {
    let before = order(7, &["A", "B", "C"]);
    let (m3, orders) = m3(&before);
    {
        let mut orders = orders.lock().unwrap();
        let kept = orders.get_mut("00017").unwrap();
        kept.lines[0]["ORQT"] = json!("9");
        kept.lines[0]["ORQA"] = json!("9");
        kept.lines.remove(1);
        kept.lines.push(json!({"PONR": "4", "ITNO": "GIFT", "ORQT": "1", "ORST": "22", "CUPO": "0"}));
        kept.head["OREF"] = json!("see mail");
        kept.text = "Fragile".into();
    }
    let mut wanted = before.clone();
    wanted.lines[2].quantity = "3".parse().unwrap();
    let amendment = Amendment { before: Some(Document::SalesOrder(before)), ..amendment(wanted) };
    let told = vec!["line_items[2].quantity: 2 became 3".to_owned()];
    assert_eq!(amend(&m3, amendment).await, Amended::Done(told));
    assert!(
        !m3.names()
            .iter()
            .any(|name| ["GetAddress", "LstHeadText", "LstConnCOCharge"].contains(&name.as_str()))
    );
}

#[tokio::test]
async fn what_no_transaction_changes_needs_a_person() {
    let before = order(7, &["A"]);
    let (m3, _) = m3(&before);
    let mut wanted = order(7, &["A", "B"]);
    wanted.customer = "C00002".into();
    wanted.ship_to.as_mut().unwrap().town = Private::new("Bielefeld".into());
    let Amended::NeedsReview(differences) = amend(&m3, amendment(wanted)).await else { panic!() };
    let expected =
        [difference("customer", Some("C00001"), Some("C00002")), difference("ship_to", None, None)];
    assert_eq!(differences, expected, "the new line is in, and what differs still is told");
    assert!(!format!("{differences:?}").contains("Bielefeld"));
    assert!(m3.names().contains(&"AddLineBatchEnt".to_owned()));
}

#[tokio::test]
async fn an_order_that_is_allocated_is_not_touched() {
    for (head, line) in [("33", "22"), ("66", "66"), ("", "22"), ("22", "33")] {
        let before = order(7, &["A"]);
        let (m3, orders) = m3(&before);
        {
            let mut orders = orders.lock().unwrap();
            let kept = orders.get_mut("00017").unwrap();
            kept.head["ORST"] = json!(head);
            kept.lines[0]["ORST"] = json!(line);
        }
        let mut wanted = before.clone();
        wanted.lines[0].quantity = "3".parse().unwrap();
        let expected = vec![difference("line_items[0].quantity", Some("2"), Some("3"))];
        assert_eq!(amend(&m3, amendment(wanted)).await, Amended::NeedsReview(expected), "{head} {line}");
        assert_eq!(m3.requests(), 1, "{head} {line}");
    }
}

#[tokio::test]
async fn what_m3_refuses_is_told_by_what_still_differs() {
    let before = order(7, &["A"]);
    let (m3, _) = m3_with(std::slice::from_ref(&before), |name, _| {
        (name == "OIS100MI/ChgLineBatchEnt").then_some(Say::Nok("OI10001", "ORQA"))
    });
    let mut wanted = before;
    wanted.lines[0].quantity = "3".parse().unwrap();
    wanted.buyer_reference = "PO 1".into();
    let expected = vec![difference("line_items[0].quantity", Some("2"), Some("3"))];
    assert_eq!(amend(&m3, amendment(wanted)).await, Amended::NeedsReview(expected));
}

/// M3 took the line and does not show it: to add it again could make two of it.
#[tokio::test]
async fn a_new_line_that_is_not_shown_is_in_doubt() {
    let taken = || row(json!({"PONR": "2", "STAT": "22"}));
    let (m3, _) =
        m3_with(&[order(7, &["A"])], move |name, _| (name == "OIS100MI/AddLineBatchEnt").then(taken));
    let amended = amend(&m3, amendment(order(7, &["A", "B"]))).await;
    assert!(matches!(amended, Amended::InDoubt(_)), "{amended:?}");
}

#[tokio::test]
async fn a_lost_answer_is_in_doubt_and_settled_by_reading_again() {
    let mut is_lost = false;
    let (m3, orders) = m3_with(&[order(7, &["A"])], move |name, _| {
        (name == "OIS100MI/AddLineBatchEnt" && !std::mem::replace(&mut is_lost, true)).then_some(Say::Lose)
    });
    let wanted = order(7, &["A", "B"]);
    assert!(matches!(amend(&m3, amendment(wanted.clone())).await, Amended::InDoubt(_)));
    assert_eq!(amend(&m3, amendment(wanted)).await, Amended::Unchanged);
    assert_eq!(orders.lock().unwrap()["00017"].lines.len(), 2);
}

#[tokio::test]
async fn an_order_of_others_is_never_changed() {
    let (m3, orders) = m3(&order(7, &["A"]));
    orders.lock().unwrap().get_mut("00017").unwrap().head["CUOR"] = json!("S70");
    for amendment in [amendment(order(7, &["B"])), cancelling(order(7, &["A"]))] {
        let expected = vec![difference("reference", Some("S70"), Some("S7"))];
        assert_eq!(amend(&m3, amendment).await, Amended::NeedsReview(expected));
    }
    assert_eq!(m3.requests(), 2);
}

#[tokio::test]
async fn an_order_that_is_gone_needs_a_person_unless_it_is_to_be_cancelled() {
    let (m3, _) = m3_with(&[], |_, _| None);
    let expected = vec![difference("order", None, Some("00017"))];
    assert_eq!(amend(&m3, amendment(order(7, &["A"]))).await, Amended::NeedsReview(expected));
    assert_eq!(amend(&m3, cancelling(order(7, &["A"]))).await, Amended::Cancelled);
}

#[tokio::test]
async fn an_order_is_cancelled_once() {
    let order = order(7, &["A", "B"]);
    let (m3, orders) = m3(&order);
    for _ in 0..2 {
        assert_eq!(amend(&m3, cancelling(order.clone())).await, Amended::Cancelled);
    }
    assert!(orders.lock().unwrap().is_empty());
    assert_eq!(m3.names().iter().filter(|name| *name == "DelHead").count(), 1);
}

#[tokio::test]
async fn an_order_that_is_not_deleted_with_its_lines_is_deleted_without() {
    let mut lines = 2;
    let (m3, orders) = m3_with(&[order(7, &["A", "B"])], move |name, _| {
        lines -= u32::from(name == "OIS100MI/DelLine");
        (name == "OIS100MI/DelHead" && lines > 0).then_some(Say::Nok("OI10002", "ORNO"))
    });
    assert_eq!(amend(&m3, cancelling(order(7, &["A", "B"]))).await, Amended::Cancelled);
    assert!(orders.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_order_that_cannot_be_cancelled_any_more_needs_a_person() {
    let cases = [("33", 1), ("22", 5)];
    for (status, requests) in cases {
        let (m3, orders) =
            m3_with(&[order(7, &["A"])], |name, _| name.contains("/Del").then_some(Say::Nok("OI10003", "")));
        orders.lock().unwrap().get_mut("00017").unwrap().head["ORST"] = json!(status);
        let expected = vec![difference("order", Some(&format!("status {status}")), None)];
        assert_eq!(amend(&m3, cancelling(order(7, &["A"]))).await, Amended::NeedsReview(expected));
        assert_eq!(m3.requests(), requests, "{status}");
    }
    let (m3, orders) = m3(&order(7, &["A"]));
    orders.lock().unwrap().get_mut("00017").unwrap().head["ORSL"] = json!("99");
    assert_eq!(amend(&m3, cancelling(order(7, &["A"]))).await, Amended::Cancelled);
}

/// A batch order that is no order yet, by its status.
fn batch_order(status: &'static str, number: &'static str) -> Scripted {
    Scripted::new(Options::default(), move |name, _| match name {
        "OIS275MI/GetTmpOrderStat" => row(json!({"STAT": status, "ORNR": number})),
        "OIS100MI/DelBatchHead" => done(),
        _ => Say::Nok("WOR0303", "ORNO"),
    })
}

#[tokio::test]
async fn what_is_no_order_yet_is_entered_anew_or_taken_out() {
    let of_batch = |amendment: Amendment| {
        let references = References { temporary: Some("T1/clerk".into()), number: None };
        Amendment { references, ..amendment }
    };
    for status in ["10", "20", "15", "30"] {
        let m3 = batch_order(status, "");
        let amended = amend(&m3, of_batch(amendment(order(7, &["A"])))).await;
        assert!(
            matches!(&amended, Amended::Anew(begun) if begun.outdated && begun.temporary == "T1"),
            "{amended:?}"
        );
        assert_eq!(amend(&m3, of_batch(cancelling(order(7, &["A"])))).await, Amended::Cancelled);
        assert_eq!(m3.names().last().unwrap(), "DelBatchHead");
    }
    let working = amend(&batch_order("40", ""), of_batch(amendment(order(7, &["A"])))).await;
    assert!(matches!(working, Amended::Later(_)), "{working:?}");
    let made = amend(&batch_order("90", "00017"), of_batch(cancelling(order(7, &["A"])))).await;
    assert_eq!(made, Amended::Cancelled, "the order that was made of it is asked for");
}

#[tokio::test]
async fn nothing_is_written_for_a_record_that_is_not_held() {
    let (m3, _) = m3(&order(7, &["A"]));
    let told = Told { holds: false, ..Told::default() };
    let batch = [amendment(order(7, &["B"])), cancelling(order(7, &["A"]))];
    let amended = m3.m3.amend(&company(), &batch, &told).await;
    assert!(amended.iter().all(|one| matches!(one, Amended::Later(_))), "{amended:?}");
    assert_eq!(m3.requests(), 1, "reading");
}

#[tokio::test]
async fn other_documents_are_for_a_person() {
    let (m3, _) = m3(&order(7, &["A"]));
    let amendment =
        Amendment { document: Document::PurchaseOrder(purchase(7, 1)), ..amendment(order(7, &[])) };
    let expected = vec![difference("purchase_order", Some("00017"), None)];
    assert_eq!(amend(&m3, amendment).await, Amended::NeedsReview(expected));
    assert_eq!(m3.requests(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_neither_changed_nor_unchanged() {
    let (m3, _) = m3_with(&[order(7, &["A"])], |name, _| {
        (name == "OIS100MI/GetHead").then_some(Say::Nok("XAU0008", "CONO"))
    });
    assert!(matches!(amend(&m3, amendment(order(7, &["A"]))).await, Amended::InDoubt(_)));
    let (m3, _) = m3_with(&[order(7, &["A"])], |_, _| Some(Say::Lose));
    assert!(matches!(amend(&m3, amendment(order(7, &["A"]))).await, Amended::Later(_)));
}
