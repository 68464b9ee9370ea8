//! What is in doubt, and what is confirmed.

use domain::{Document, Reference, References, Step};
use serde_json::json;

use super::{
    GoodsOptions,
    model::{find, m3, posting, submitted},
    tests::{post, written},
};
use crate::{
    Begun, Confirmation, Found, Outcome, ProductLine as _,
    m3::{
        samples::{issue, receipt, receiving, shipment},
        script::{Input, Say, Told, company, row},
    },
};

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
        "MMS850MI/GetStkHead" if input["MSNR"] == "8" => {
            Some(row(json!({"PMSN": "P7-1", "E0PA": "COURIER"})))
        }
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
        // Of another partner, with our number.
        (one("8", "90"), none(), None),
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

#[tokio::test]
async fn a_bulk_that_stops_half_way_leaves_the_rest_in_doubt_and_nothing_else() {
    let (m3, model) = m3(GoodsOptions::default(), |name, input| {
        (name == "MMS850MI/AddAdjust" && input["PMSN"] == "P2-1").then_some(Say::Stop)
    });
    let batch =
        [1, 2, 3].map(|id| posting(shipment(id), Document::InventoryIssue(issue(id, &["5", "1"])), None));
    let outcomes = m3.m3.post(&company(), &batch, &Told::default()).await;
    assert!(matches!(outcomes[0], Outcome::Posted(_)), "{outcomes:?}");
    for outcome in &outcomes[1..] {
        assert!(matches!(outcome, Outcome::InDoubt(Step::Head, _)), "{outcome:?}");
    }
    assert_eq!(model.lock().unwrap().of("P1-1"), [("90", 2)]);
    assert_eq!(find(&m3, &shipment(3), None).await, Found::Absent);
}

/// Of a line that nobody knows of, M3 may still make something: nothing is taken out from under it.
#[tokio::test]
async fn a_refused_line_beside_one_that_is_in_doubt_refuses_nothing_yet() {
    let (m3, _) = m3(GoodsOptions::default(), |name, input| match input.get("QLQT").map(String::as_str) {
        Some("-2") if name == "MMS850MI/AddAdjust" => Some(Say::Nok("WIT0103", "ITNO")),
        Some("-1") if name == "MMS850MI/AddAdjust" => Some(Say::Stop),
        _ => None,
    });
    let outcome = post(&m3, &Told::default(), Document::InventoryIssue(issue(7, &["5", "2", "1"]))).await;
    assert!(matches!(outcome, Outcome::InDoubt(Step::Lines, _)), "{outcome:?}");
    assert!(!m3.names().contains(&"DeleteStkTran".to_owned()));
}
