use domain::{Document, Reference, References, Step};

use super::{
    GoodsOptions, IssueAs,
    model::{find, m3, posting, submitted},
};
use crate::{
    Amended, Amendment, CallError, Confirmation, Found, Outcome, ProductLine as _,
    m3::{
        samples::{delivery, goods_line, issue, receipt, receiving, shipment},
        script::{Input, Say, Told, company},
    },
};

/// Posts one new document and gives what became of it.
pub(super) async fn post(m3: &crate::m3::script::Scripted, told: &Told, document: Document) -> Outcome {
    let posting = posting(shipment(7), document, None);
    m3.m3.post(&company(), &[posting], told).await.remove(0)
}

pub(super) fn written(asked: &[crate::m3::script::Asked], name: &str) -> Vec<Input> {
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

/// A further movement corrects goods; what M3 has is never changed.
#[tokio::test]
async fn goods_are_not_amended() {
    let (m3, _) = m3(GoodsOptions::default(), |_, _| None);
    for document in [Document::InventoryIssue(issue(7, &["5"])), Document::GoodsReceipt(receipt(7, &["5"]))] {
        let references = References { temporary: None, number: Some("1".into()) };
        let amendment = Amendment { key: shipment(7), references, document, before: None, cancel: true };
        let amended = m3.m3.amend(&company(), &[amendment], &Told::default()).await;
        assert!(matches!(amended[..], [Amended::NeedsReview(_)]), "{amended:?}");
    }
    assert_eq!(m3.requests(), 0);
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
