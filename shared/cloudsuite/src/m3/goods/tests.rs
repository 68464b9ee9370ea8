use domain::{Document, Reference, References, Step};
use serde_json::json;

use super::{
    GoodsOptions, IssueAs,
    model::{find, m3, posting, submitted},
};
use crate::{
    Begun, CallError, Confirmation, Found, Outcome, ProductLine as _,
    m3::{
        samples::{delivery, goods_line, issue, receipt, receiving, shipment},
        script::{Input, Say, Told, company, row},
    },
};

/// Posts one new document and gives what became of it.
async fn post(m3: &crate::m3::script::Scripted, told: &Told, document: Document) -> Outcome {
    let posting = posting(shipment(7), document, None);
    m3.m3.post(&company(), &[posting], told).await.remove(0)
}

fn written(asked: &[crate::m3::script::Asked], name: &str) -> Vec<Input> {
    asked.iter().filter(|asked| asked.name == name).map(|asked| asked.record.clone()).collect()
}

#[tokio::test]
async fn ten_shipments_take_three_requests_and_one_confirms_them() {
    let (m3, model) = m3(GoodsOptions::default(), |_, _| None);
    let batch: Vec<_> = (1..=10)
        .map(|id| posting(shipment(id), Document::InventoryIssue(issue(id, &["5", "2", "1"])), None))
        .collect();
    let told = Told::default();
    let outcomes = m3.m3.post(&company(), &batch, &told).await;
    assert_eq!(m3.requests(), 3);
    let submitted: Vec<_> = (1..)
        .zip(&outcomes)
        .map(|(id, outcome)| match outcome {
            Outcome::Posted(References { temporary: Some(kept), number: None }) => {
                submitted(&shipment(id), kept, 3)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let confirmed = m3.m3.confirm(&company(), &submitted).await.unwrap();
    assert_eq!(m3.requests(), 4);
    for (number, confirmation) in (1..).zip(confirmed) {
        assert_eq!(confirmation, Confirmation::Confirmed(format!("{number:010}")));
    }
    let model = model.lock().unwrap();
    assert!((1..=10).all(|id| model.of(&Reference::message_number_of(&shipment(id), 1)) == [("90", 3)]));
}

#[tokio::test]
async fn the_ledger_knows_the_message_before_its_other_lines_and_its_lines_before_it_is_processed() {
    let (m3, _) = m3(GoodsOptions::default(), |_, _| None);
    let told = Told::default();
    post(&m3, &told, Document::InventoryIssue(issue(7, &["5", "2"]))).await;
    let steps: Vec<_> = told.steps.lock().unwrap().iter().map(|(_, step, _)| *step).collect();
    assert_eq!(steps, [Step::Lines, Step::Confirm]);
    let kept = told.kept();
    assert!(kept[0].starts_with("0000000001/MMS850/") && kept[1] == format!("{}/2", kept[0]), "{kept:?}");
    assert_eq!(m3.names(), ["AddAdjust", "AddAdjust", "PrcStkTran"]);
}

#[tokio::test]
async fn what_leaves_is_adjusted_out_of_the_stock_and_what_comes_back_into_it() {
    let (m3, _) = m3(GoodsOptions::default(), |_, _| None);
    post(&m3, &Told::default(), Document::InventoryIssue(issue(7, &["5", "-2"]))).await;
    let lines = written(&m3.asked(), "AddAdjust");
    let quantities: Vec<_> = lines.iter().map(|line| line["QLQT"].as_str()).collect();
    assert_eq!(quantities, ["-5", "2"]);
    let first = &lines[0];
    let expected = [
        ("PMSN", "P7-1"),
        ("RSCD", "SHP"),
        ("BANO", "L0"),
        ("BREF", "shipment 7"),
        ("BRE2", "000/L0"),
        ("BREM", "P7"),
        ("GEDT", "20261120"),
        ("WHLO", "100"),
        ("E0PA", "SHIPBOB"),
        ("E065", "WMSADJ"),
    ];
    for (field, value) in expected {
        assert_eq!(first[field], value, "{field}");
    }
}

#[tokio::test]
async fn each_document_goes_its_way() {
    let requisitions = || GoodsOptions { issue_as: IssueAs::Requisition, ..GoodsOptions::default() };
    let unlined = |mut receipt: domain::GoodsReceipt| {
        receipt.lines[0].order_line = None;
        receipt
    };
    let (issues, receipts) = (Document::InventoryIssue, Document::GoodsReceipt);
    let cases = [
        (GoodsOptions::default(), issues(issue(7, &["5"])), "AddAdjust"),
        (requisitions(), issues(issue(7, &["5", "1"])), "AddDO"),
        (requisitions(), issues(issue(7, &["5", "-1"])), "AddAdjust"),
        (GoodsOptions::default(), issues(delivery(7, &["5", "1"])), "AddCOPick"),
        (GoodsOptions::default(), issues(delivery(7, &["5", "-1"])), "AddAdjust"),
        (GoodsOptions::default(), receipts(receipt(7, &["5"])), "AddPOReceipt"),
        (GoodsOptions::default(), receipts(receipt(7, &["-5"])), "AddAdjust"),
        (GoodsOptions::default(), receipts(unlined(receipt(7, &["5"]))), "AddAdjust"),
    ];
    for (options, document, name) in cases {
        let (m3, model) = m3(options, |_, _| None);
        let outcome = post(&m3, &Told::default(), document.clone()).await;
        assert!(matches!(outcome, Outcome::Posted(_)), "{name}: {outcome:?}");
        assert!(m3.names().iter().all(|asked| asked == name || asked.starts_with("Prc")), "{:?}", m3.names());
        let statuses: Vec<_> =
            model.lock().unwrap().messages.values().map(|message| message.status).collect();
        assert_eq!(statuses, ["90"]);
    }
}

#[tokio::test]
async fn an_order_is_named_in_each_line() {
    let (m3, _) = m3(GoodsOptions::default(), |_, _| None);
    post(&m3, &Told::default(), Document::InventoryIssue(delivery(7, &["5", "1"]))).await;
    post(&m3, &Told::default(), Document::GoodsReceipt(receipt(8, &["4"]))).await;
    let picked = &written(&m3.asked(), "AddCOPick")[1];
    assert_eq!((&*picked["RIDN"], &*picked["RIDL"], &*picked["QTYP"]), ("0001000001", "2", "1"));
    assert_eq!((&*picked["CUNO"], picked.get("RIDX")), ("C00001", None));
    let received = &written(&m3.asked(), "AddPOReceipt")[0];
    assert_eq!((&*received["RIDN"], &*received["RIDL"], &*received["QTY"]), ("4500001", "1", "4"));
    assert_eq!((&*received["SUNO"], &*received["SUDO"]), ("SUP01", "WRO 8"));
}

#[tokio::test]
async fn a_requisition_is_booked_where_its_lines_say() {
    let options = GoodsOptions { issue_as: IssueAs::Requisition, ..GoodsOptions::default() };
    let (m3, _) = m3(options, |_, _| None);
    post(&m3, &Told::default(), Document::InventoryIssue(issue(7, &["5"]))).await;
    let line = &written(&m3.asked(), "AddDO")[0];
    assert_eq!((&*line["ACC1"], &*line["ACC2"], &*line["DLQT"]), ("5000", "CC1", "5"));
}

#[tokio::test]
async fn a_message_with_a_refused_line_is_taken_out_again_and_the_others_go_on() {
    let (m3, model) = m3(GoodsOptions::default(), |name, input| {
        let is_bad = name == "MMS850MI/AddAdjust" && input["ITNO"] == "BAD";
        is_bad.then_some(Say::Nok("WIT0103", "ITNO"))
    });
    let mut bad = issue(1, &["5"]);
    bad.lines.push(goods_line(4, "BAD", "1"));
    let first_bad = domain::InventoryIssue { lines: vec![goods_line(0, "BAD", "1")], ..issue(3, &[]) };
    let batch = [bad, issue(2, &["1"]), first_bad]
        .map(|issue| posting(shipment(7), Document::InventoryIssue(issue), None));
    let outcomes = m3.m3.post(&company(), &batch, &Told::default()).await;
    let paths = |outcome: &Outcome| match outcome {
        Outcome::Rejected(findings) => {
            findings.iter().map(|finding| finding.field.clone()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (paths(&outcomes[0]), paths(&outcomes[2])),
        (vec!["products[4]".into()], vec!["products[0]".into()])
    );
    assert!(matches!(outcomes[1], Outcome::Posted(_)));
    let model = model.lock().unwrap();
    assert_eq!((model.of("P1-1"), model.of("P2-1"), model.of("P3-1")), (vec![], vec![("90", 1)], vec![]));
}

#[tokio::test]
async fn what_cannot_be_taken_out_is_said() {
    let (m3, _) = m3(GoodsOptions::default(), |name, input| match name {
        "MMS850MI/AddAdjust" if input.contains_key("MSNR") => Some(Say::Nok("WIT0103", "ITNO")),
        "MMS850MI/DeleteStkTran" => Some(Say::Nok("MM85009", "")),
        _ => None,
    });
    let outcome = post(&m3, &Told::default(), Document::InventoryIssue(issue(7, &["5", "1"]))).await;
    let Outcome::Rejected(findings) = outcome else { panic!("{outcome:?}") };
    assert!(
        findings[1].message.contains("0000000001") && findings[1].help.contains("MMS850"),
        "{findings:?}"
    );
}

/// M3 may have moved a part of it, so it is neither taken out nor taken for refused.
#[tokio::test]
async fn what_m3_does_not_process_is_in_doubt_and_tried_again_as_it_is() {
    let mut refused = false;
    let (m3, model) = m3(GoodsOptions::default(), move |name, _| {
        let is_first = name == "MHS850MI/PrcWhsTran" && !std::mem::replace(&mut refused, true);
        is_first.then_some(Say::Nok("MH85001", "PRFL"))
    });
    let (told, document) = (Told::default(), Document::GoodsReceipt(receipt(7, &["5", "1"])));
    let outcome = post(&m3, &told, document.clone()).await;
    let Outcome::InDoubt(Step::Confirm, why) = outcome else { panic!("{outcome:?}") };
    assert!(why.contains("MH85001") && why.contains("MHS850"), "{why}");
    let Found::Begun(begun) = find(&m3, &receiving(7), Some(&told.kept()[1])).await else { panic!() };
    let outcomes = m3.m3.post(&company(), &[posting(receiving(7), document, Some(begun))], &told).await;
    assert!(matches!(outcomes[0], Outcome::Posted(_)), "{outcomes:?}");
    assert_eq!(model.lock().unwrap().of("W7-1"), [("90", 2)]);
    assert_eq!(m3.names().iter().filter(|name| *name == "AddPOReceipt").count(), 2);
}

#[tokio::test]
async fn a_document_that_is_no_movement_is_a_finding() {
    let (m3, _) = m3(GoodsOptions::default(), |_, _| None);
    let whole = domain::InventoryIssue { message_number: String::new(), ..issue(7, &["5"]) };
    for issue in [whole, issue(7, &[])] {
        let outcome = post(&m3, &Told::default(), Document::InventoryIssue(issue)).await;
        assert!(matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
    }
    assert_eq!(m3.requests(), 0);
}

#[tokio::test]
async fn nothing_is_sent_once_the_lease_has_ended() {
    let (m3, _) = m3(GoodsOptions::default(), |_, _| None);
    let told = Told { holds: false, ..Told::default() };
    let outcome = post(&m3, &told, Document::InventoryIssue(issue(7, &["5"]))).await;
    assert!(matches!(outcome, Outcome::Later(CallError::NotSent(_))), "{outcome:?}");
    assert_eq!(m3.requests(), 0);
}

/// Loses the answer to the transaction of this name that is sent as the given one, counted from 1.
fn losing(name: &'static str, which: u32) -> impl FnMut(&str, &Input) -> Option<Say> + Send + 'static {
    let mut sent = 0;
    move |asked, _| {
        sent += u32::from(asked.ends_with(name));
        (asked.ends_with(name) && sent == which).then_some(Say::Lose)
    }
}

#[tokio::test]
async fn whatever_answer_is_lost_the_message_is_found_and_gone_on_with() {
    let (issues, receipts) = (Document::InventoryIssue, Document::GoodsReceipt);
    let cases = [
        (issues(issue(7, &["5", "2", "1"])), "AddAdjust", 1, Step::Head),
        (issues(issue(7, &["5", "2", "1"])), "AddAdjust", 2, Step::Lines),
        (issues(issue(7, &["5", "2", "1"])), "PrcStkTran", 1, Step::Confirm),
        (receipts(receipt(7, &["5", "2", "1"])), "AddPOReceipt", 1, Step::Head),
        (receipts(receipt(7, &["5", "2", "1"])), "AddPOReceipt", 2, Step::Lines),
        (receipts(receipt(7, &["5", "2", "1"])), "PrcWhsTran", 1, Step::Confirm),
    ];
    for (document, name, which, step) in cases {
        let key = if matches!(document, Document::GoodsReceipt(_)) { receiving(7) } else { shipment(7) };
        let (m3, model) = m3(GoodsOptions::default(), losing(name, which));
        let told = Told::default();
        let outcome = post(&m3, &told, document.clone()).await;
        assert!(matches!(outcome, Outcome::InDoubt(at, _) if at == step), "{name} {which}: {outcome:?}");
        let kept = told.kept();
        match find(&m3, &key, kept.last().map(String::as_str)).await {
            Found::Begun(begun) if step < Step::Confirm => {
                let posting = posting(key.clone(), document, Some(begun));
                let outcome = m3.m3.post(&company(), &[posting], &told).await.remove(0);
                assert!(matches!(outcome, Outcome::Posted(_)), "{name} {which}: {outcome:?}");
            }
            Found::Taken(References { number: Some(_), temporary: None }) if step == Step::Confirm => {}
            other => panic!("{name} {which}: {other:?}"),
        }
        let number = Reference::message_number_of(&key, 1);
        assert_eq!(model.lock().unwrap().of(&number), [("90", 3)], "{name} {which}");
    }
}

/// Goods of an order are gone on with from the line that is missing; nothing is taken out.
#[tokio::test]
async fn lines_that_are_there_are_not_written_again() {
    let (m3, _) = m3(GoodsOptions::default(), losing("AddPOReceipt", 2));
    let document = Document::GoodsReceipt(receipt(7, &["5", "2", "1"]));
    let told = Told::default();
    post(&m3, &told, document.clone()).await;
    let Found::Begun(begun) = find(&m3, &receiving(7), Some(&told.kept()[0])).await else { panic!() };
    assert_eq!((&begun.lines, begun.outdated), (&[1, 2].into(), false));
    m3.m3.post(&company(), &[posting(receiving(7), document, Some(begun))], &told).await;
    assert_eq!(written(&m3.asked(), "AddPOReceipt").len(), 3);
    assert!(!m3.names().contains(&"DeleteWhsTran".to_owned()));
}

/// The order's lines were assigned otherwise since: what was begun is not what is to be written.
#[tokio::test]
async fn a_message_of_other_lines_is_begun_anew() {
    let (m3, model) = m3(GoodsOptions::default(), losing("AddPOReceipt", 2));
    let told = Told::default();
    post(&m3, &told, Document::GoodsReceipt(receipt(7, &["5", "2", "1"]))).await;
    let Found::Begun(begun) = find(&m3, &receiving(7), Some(&told.kept()[0])).await else { panic!() };
    let document = Document::GoodsReceipt(receipt(7, &["3", "2"]));
    m3.m3.post(&company(), &[posting(receiving(7), document, Some(begun))], &told).await;
    assert!(m3.names().contains(&"DeleteWhsTran".to_owned()));
    assert_eq!(model.lock().unwrap().of("W7-1"), [("90", 2)]);
}

#[tokio::test]
async fn an_outdated_message_that_m3_keeps_stops_the_movement() {
    let (m3, _) = m3(GoodsOptions::default(), |name, _| {
        (name == "MMS850MI/DeleteStkTran").then_some(Say::Nok("MM85009", ""))
    });
    let begun = Begun { temporary: "1/MMS850/AB".into(), lines: [].into(), outdated: true };
    let posting = posting(shipment(7), Document::InventoryIssue(issue(7, &["5"])), Some(begun));
    let outcome = m3.m3.post(&company(), &[posting], &Told::default()).await.remove(0);
    assert!(matches!(outcome, Outcome::InDoubt(Step::Lines, _)), "{outcome:?}");
    assert_eq!(m3.names(), ["DeleteStkTran"]);
}

/// M3 that lists messages of these numbers and statuses, whose head has this highest status.
async fn found(stock: serde_json::Value, orders: serde_json::Value, kept: Option<&str>) -> Found {
    let rows = |value: &serde_json::Value| Say::Rows(value.as_array().unwrap().clone());
    let (m3, _) = m3(GoodsOptions::default(), move |name, input| match name {
        "MMS850MI/LstMvxMsg" => Some(rows(&stock)),
        "MHS850MI/LstMvxMsg" => Some(rows(&orders)),
        "MMS850MI/GetStkHead" if input["MSNR"] == "9" => Some(row(json!({"PMSN": "other"}))),
        "MMS850MI/GetStkHead" if input["MSNR"] == "5" => Some(row(json!({"PMSN": "P7-1", "STHI": "90"}))),
        "MMS850MI/GetStkHead" if input["MSNR"] != "0" => Some(row(json!({"PMSN": "P7-1"}))),
        _ => None,
    });
    find(&m3, &shipment(7), kept).await
}

#[tokio::test]
async fn what_is_found_says_what_may_follow() {
    let one = |number: &str, status: &str| json!([{"MSGN": number, "STAT": status}]);
    let none = || json!([]);
    let number = |found: &Found| match found {
        Found::Taken(references) => references.number.clone(),
        other => panic!("{other:?}"),
    };
    let whole = "1/MMS850/AB/2";
    assert_eq!(found(none(), none(), None).await, Found::Absent);
    assert_eq!(found(none(), none(), Some("0/MMS850/AB")).await, Found::Absent);
    assert_eq!(number(&found(one("1", "90"), none(), None).await), Some("1".into()));
    assert_eq!(number(&found(one("1", "15"), none(), Some(whole)).await), None);
    assert_eq!(number(&found(one("5", "20"), none(), None).await), None);
    let begun = |temporary: &str, lines: u32, outdated| {
        Found::Begun(Begun { temporary: temporary.into(), lines: (1..=lines).collect(), outdated })
    };
    assert_eq!(found(one("1", "10"), none(), None).await, begun("1/MMS850/", 0, true));
    assert_eq!(found(one("1", "10"), none(), Some("1/MMS850/AB")).await, begun("1/MMS850/AB", 0, true));
    assert_eq!(found(one("1", "10"), none(), Some(whole)).await, begun(whole, 2, false));
    let unclear = [
        (one("1", "90"), one("2", "10"), None),
        (json!([{"MSGN": "1", "STAT": "90"}, {"MSGN": "2", "STAT": "90"}]), none(), None),
        (one("1", "99"), none(), None),
        (one("1", ""), none(), None),
        (one("9", "90"), none(), None),
        (one("2", "10"), none(), Some(whole)),
        (none(), none(), Some("1/MMS850/AB")),
        (none(), none(), Some("0/MMS850/AB/2")),
    ];
    for (stock, orders, kept) in unclear {
        let found = found(stock.clone(), orders, kept).await;
        assert!(matches!(found, Found::Unclear(_)), "{stock} {kept:?}: {found:?}");
    }
}

/// Confirms a receipt of two lines whose message has this status and lists these lines.
async fn confirmed(status: &'static str, lines: serde_json::Value) -> Confirmation {
    let (m3, _) = m3(GoodsOptions::default(), move |name, _| match name {
        "MHS850MI/LstMvxMsg" => Some(row(json!({"MSGN": "1", "STAT": status}))),
        "MHS850MI/LstWhsLine" => Some(Say::Rows(lines.as_array().unwrap().clone())),
        _ => None,
    });
    let batch = [submitted(&receiving(7), "1/MHS850/AB/2", 2)];
    m3.m3.confirm(&company(), &batch).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_message_is_confirmed_only_if_every_line_is_moved() {
    let line =
        |place: u32, status: &str| json!({"STAT": status, "USD5": format!("{place} AB"), "ITNO": "CAP"});
    let yes = Confirmation::Confirmed("1".into());
    assert_eq!(confirmed("90", json!([line(1, "90"), line(2, "90")])).await, yes);
    assert_eq!(confirmed("90", json!([])).await, yes);
    let incomplete = confirmed("90", json!([line(1, "90")])).await;
    assert!(matches!(incomplete, Confirmation::Incomplete(..)), "{incomplete:?}");
    for (status, lines) in
        [("20", json!([line(1, "20")])), ("90", json!([line(1, "90"), line(2, "20")])), ("", json!([]))]
    {
        let pending = confirmed(status, lines).await;
        assert!(matches!(pending, Confirmation::Pending(_)), "{pending:?}");
    }
    let mut bad = line(2, "20");
    bad["MSID"] = "PP30001".into();
    for (status, lines) in [("20", json!([line(1, "90"), bad])), ("15", json!([]))] {
        let failed = confirmed(status, lines).await;
        assert!(matches!(failed, Confirmation::Failed(_)), "{failed:?}");
    }
}

#[tokio::test]
async fn a_failed_stock_message_is_told_by_m3s_own_message_ids() {
    let (m3, _) = m3(GoodsOptions::default(), |name, input| match name {
        "MMS850MI/LstMvxMsg" => Some(row(json!({"MSGN": "1", "STAT": "20"}))),
        "MMS850MI/GetStkIns" if input["MSLN"] == "2" => Some(row(json!({"STAT": "20", "MSID": "WIT0103"}))),
        "MMS850MI/GetStkIns" => Some(row(json!({"STAT": "20"}))),
        _ => None,
    });
    let batch = [submitted(&shipment(7), "1/MMS850/AB/2", 2)];
    let confirmed = m3.m3.confirm(&company(), &batch).await.unwrap().remove(0);
    let Confirmation::Failed(findings) = confirmed else { panic!("{confirmed:?}") };
    assert!(findings.len() == 1 && findings[0].message.contains("WIT0103"), "{findings:?}");
}
