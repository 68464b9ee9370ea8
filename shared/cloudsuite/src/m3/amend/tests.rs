use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use domain::{Document, Private, References, SalesOrder};
use serde_json::{Value, json};

use crate::{
    Amended, Amendment, Difference, ProductLine,
    m3::{
        Options,
        requests::line_fields,
        samples::{eur, key, order, purchase},
        script::{Input, Say, Scripted, Told, company, done, row},
    },
};

/// The orders of a small M3 by their numbers.
type Orders = Arc<Mutex<BTreeMap<String, Kept>>>;

#[derive(Clone)]
struct Kept {
    head: Value,
    lines: Vec<Value>,
    address: Value,
    text: String,
    charges: Vec<Value>,
}

fn set(record: &mut Value, input: &Input, fields: &[&str]) {
    for field in fields {
        if let Some(value) = input.get(*field) {
            record[*field] = json!(value);
        }
    }
}

impl Kept {
    /// What M3 has after an order was entered and confirmed.
    fn of(order: &SalesOrder) -> Self {
        let line = |(number, line): (u32, &domain::OrderLine)| {
            let fields = line_fields(order, "", number, line, &Options::default());
            let fields: Input = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let mut record = json!({"PONR": number.to_string(), "POSX": "0", "ORST": "22", "ORQA": fields["ORQT"]});
            set(&mut record, &fields, &["ITNO", "ORQT", "ALUN", "WHLO", "SAPR", "DIA1", "CUPO"]);
            record
        };
        Self {
            head: json!({
                "CUNO": order.customer, "ORTP": order.order_type, "CUOR": order.reference, "OREF": order.source_name,
                "CUCD": "EUR", "ORDT": "20261120", "ORSL": "22", "ORST": "22"
            }),
            lines: (1..).zip(&order.lines).map(line).collect(),
            address: json!({"CUNM": "Ada Lovelace", "CUA1": "Unter den Linden 6", "PONO": "10117", "TOWN": "Berlin",
                "CSCD": "DE"}),
            text: order.note.expose().clone(),
            charges: vec![json!({"CRID": "FRT", "CRAM": "4.90"}), json!({"CRID": "INV", "CRAM": "1.00"})],
        }
    }

    fn answer(&mut self, name: &str, input: &Input) -> Say {
        let number = input.get("PONR").cloned().unwrap_or_default();
        let next = (self.lines.len() + 1).to_string();
        let line = self.lines.iter_mut().find(|line| line["PONR"] == number.as_str());
        match name {
            "GetHead" => return row(self.head.clone()),
            "LstLine" => return Say::Rows(self.lines.clone()),
            "GetAddress" => return row(self.address.clone()),
            "LstHeadText" => {
                let pieces: Vec<_> = self.text.split_inclusive(' ').map(|text| json!({"TX60": text})).collect();
                return Say::Rows(pieces);
            }
            "LstConnCOCharge" => return Say::Rows(self.charges.clone()),
            "AddLineBatchEnt" => {
                let mut record = json!({"PONR": next, "POSX": "0", "ORST": "22", "ORQA": input["ORQT"]});
                set(&mut record, input, &["ITNO", "ORQT", "ALUN", "WHLO", "SAPR", "DIA1", "CUPO"]);
                self.lines.push(record);
                return row(json!({"PONR": next, "STAT": "22"}));
            }
            "ChgLineBatchEnt" => {
                let line = line.unwrap();
                line["ORQT"] = json!(input["ORQA"]);
                line["ORQA"] = json!(input["ORQA"]);
            }
            "UpdPriceInfo" => set(line.unwrap(), input, &["SAPR", "DIA1"]),
            "ChgWarehouse" => set(line.unwrap(), input, &["WHLO"]),
            "DelLineBatchEnt" | "DelLine" => self.lines.retain(|line| line["PONR"] != number.as_str()),
            "ChgOrderRef" => set(&mut self.head, input, &["OREF"]),
            "AddText" => self.text = input["TEXT"].clone(),
            "UpdConnCOCharge" => set(&mut self.charges[0], input, &["CRAM"]),
            "AddConnCOCharge" => self.charges.push(json!({"CRID": input["CRID"], "CRAM": input["CRAM"]})),
            "DelConnCOCharge" => self.charges.retain(|charge| charge["CRID"] != input["CRID"].as_str()),
            other => panic!("{other}"),
        }
        done()
    }
}

/// A small M3 with one order for each document, of which each transaction may be answered otherwise.
fn m3_with(
    orders: &[SalesOrder],
    mut otherwise: impl FnMut(&str, &Input) -> Option<Say> + Send + 'static,
) -> (Scripted, Orders) {
    let number = |order: &SalesOrder| format!("0001{}", &order.source_name[1..]);
    let kept: BTreeMap<_, _> = orders.iter().map(|order| (number(order), Kept::of(order))).collect();
    let orders = Arc::new(Mutex::new(kept));
    let shared = orders.clone();
    let mut answer = move |name: &str, input: &Input| {
        let name = name.split_once('/').unwrap().1;
        let number = input.get("ORNO").or_else(|| input.get("KFLD")).unwrap();
        let mut orders = shared.lock().unwrap();
        if name == "DelHead" {
            return orders.remove(number).map_or(Say::Nok("WOR0303", "ORNO"), |_| done());
        }
        orders.get_mut(number).map_or(Say::Nok("WOR0303", "ORNO"), |order| order.answer(name, input))
    };
    let m3 = Scripted::new(Options::default(), move |name, input| match otherwise(name, input) {
        Some(Say::Lose) => {
            answer(name, input);
            Say::Lose
        }
        Some(said) => said,
        None => answer(name, input),
    });
    (m3, orders)
}

fn m3(order: &SalesOrder) -> (Scripted, Orders) {
    m3_with(std::slice::from_ref(order), |_, _| None)
}

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
    assert!(!m3.names().iter().any(|name| ["GetAddress", "LstHeadText", "LstConnCOCharge"].contains(&name.as_str())));
}

#[tokio::test]
async fn what_no_transaction_changes_needs_a_person() {
    let before = order(7, &["A"]);
    let (m3, _) = m3(&before);
    let mut wanted = order(7, &["A", "B"]);
    wanted.customer = "C00002".into();
    wanted.ship_to.as_mut().unwrap().town = Private::new("Bielefeld".into());
    let Amended::NeedsReview(differences) = amend(&m3, amendment(wanted)).await else { panic!() };
    let expected = [difference("customer", Some("C00001"), Some("C00002")), difference("ship_to", None, None)];
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
    let (m3, _) = m3_with(&[before.clone()], |name, _| {
        (name == "OIS100MI/ChgLineBatchEnt").then_some(Say::Nok("OI10001", "ORQA"))
    });
    let mut wanted = before;
    wanted.lines[0].quantity = "3".parse().unwrap();
    wanted.buyer_reference = "PO 1".into();
    let expected = vec![difference("line_items[0].quantity", Some("2"), Some("3"))];
    assert_eq!(amend(&m3, amendment(wanted)).await, Amended::NeedsReview(expected));
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
        assert!(matches!(&amended, Amended::Anew(begun) if begun.outdated && begun.temporary == "T1"), "{amended:?}");
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
    assert_eq!(m3.m3.amend(&company(), &batch, &told).await, [Amended::Abandoned, Amended::Abandoned]);
    assert_eq!(m3.requests(), 1);
}

#[tokio::test]
async fn other_documents_are_for_a_person() {
    let (m3, _) = m3(&order(7, &["A"]));
    let amendment = Amendment { document: Document::PurchaseOrder(purchase(7, 1)), ..amendment(order(7, &[])) };
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
