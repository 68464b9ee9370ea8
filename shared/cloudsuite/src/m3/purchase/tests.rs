use std::collections::{BTreeMap, BTreeSet};

use domain::{Document, DocumentKind, PurchaseOrder, Reference, References, Step};
use serde_json::{Value, json};

use crate::{
    Begun, Confirmation, Found, Outcome, Posting, ProductLine, Sought, Submitted,
    m3::{
        Options,
        samples::{key, purchase},
        script::{Input, Say, Scripted, Told, company, done, row},
    },
};

/// Batch purchase orders of a small M3 by their numbers.
#[derive(Default)]
struct Entries {
    started: u32,
    /// Number to message number, status, reference, line numbers.
    heads: BTreeMap<String, (String, String, String, Vec<String>)>,
}

impl Entries {
    fn answer(&mut self, name: &str, input: &Input) -> Say {
        let of_message = |head: &(String, String, String, Vec<String>)| head.0 == input["MSGN"];
        match name {
            "PPS370MI/StartEntry" => {
                self.started += 1;
                row(json!({"MSGN": format!("M{}", self.started)}))
            }
            "PPS370MI/AddHead" => {
                let number = format!("70000{}", input["MSGN"].trim_start_matches('M'));
                let head = (input["MSGN"].clone(), "10".into(), input["YRE1"].clone(), Vec::new());
                self.heads.insert(number.clone(), head);
                row(json!({"PUNO": number}))
            }
            "PPS370MI/AddLine" => {
                self.heads.get_mut(&input["PUNO"]).unwrap().3.push(input["PNLI"].clone());
                row(json!({"PUNO": input["PUNO"], "PNLI": input["PNLI"]}))
            }
            "PPS370MI/FinishEntry" => {
                self.heads.values_mut().filter(|head| of_message(head)).for_each(|head| head.1 = "90".into());
                done()
            }
            "PPS370MI/DeleteEntry" => {
                self.heads.retain(|_, head| !of_message(head));
                done()
            }
            "PPS370MI/AddAccString" => done(),
            "PPS370MI/GetBatchHead" => match self.heads.get(&input["PUNO"]) {
                Some((message, status, reference, _)) => {
                    row(json!({"MSGN": message, "STAT": status, "YRE1": reference}))
                }
                None => Say::Nok("WPU0803", "PUNO"),
            },
            "PPS370MI/LstBatchLine" => match self.heads.get(&input["PUNO"]) {
                Some((.., lines)) => Say::Rows(lines.iter().map(|number| json!({"PNLI": number})).collect()),
                None => Say::Nok("WPU0803", "PUNO"),
            },
            "PPS200MI/GetHead" => match self.heads.get(&input["PUNO"]) {
                Some((_, _, reference, lines)) => {
                    row(json!({"YRE1": reference, "NOLN": lines.len().to_string()}))
                }
                None => Say::Nok("WPU0803", "PUNO"),
            },
            other => panic!("{other}"),
        }
    }
}

/// A small M3, of which each transaction may be answered otherwise.
fn m3(mut otherwise: impl FnMut(&str, &Input) -> Option<Say> + Send + 'static) -> Scripted {
    let mut entries = Entries::default();
    Scripted::new(Options::default(), move |name, input| match otherwise(name, input) {
        Some(Say::Lose) => {
            entries.answer(name, input);
            Say::Lose
        }
        Some(said) => said,
        None => entries.answer(name, input),
    })
}

/// Loses the answer to a transaction the first time.
fn losing(lost: &'static str) -> impl FnMut(&str, &Input) -> Option<Say> + Send {
    let mut is_lost = false;
    move |name, _| (name == lost && !std::mem::replace(&mut is_lost, true)).then_some(Say::Lose)
}

fn posting(order: PurchaseOrder, begun: Option<Begun>) -> Posting {
    let id = order.source_name[1..].parse().unwrap();
    Posting { key: key(id), document: Document::PurchaseOrder(order), existing: None, begun }
}

fn sought(kept: Option<&str>) -> Sought {
    let references = References { temporary: kept.map(str::to_owned), number: None };
    let (key, document) = (key(7), DocumentKind::PurchaseOrder);
    Sought {
        reference: Reference::of(&key),
        key,
        document,
        customer: String::new(),
        references,
        message_number: String::new(),
    }
}

async fn find(m3: &Scripted, kept: Option<&str>) -> Found {
    m3.m3.find(&company(), &[sought(kept)]).await.unwrap().remove(0)
}

async fn confirm(m3: &Scripted, lines: u32) -> Confirmation {
    let references = References { temporary: Some("M1/700001".into()), number: None };
    let submitted = Submitted {
        key: key(7),
        document: DocumentKind::PurchaseOrder,
        references,
        lines: Some(lines),
        message_number: String::new(),
    };
    m3.m3.confirm(&company(), &[submitted]).await.unwrap().remove(0)
}

fn posted(temporary: &str) -> Outcome {
    Outcome::Posted(References { temporary: Some(temporary.into()), number: None })
}

#[tokio::test]
async fn ten_orders_are_entered_by_four_requests_and_confirmed_by_two() {
    let m3 = m3(|_, _| None);
    let batch: Vec<_> = (1..=10).map(|id| posting(purchase(id, 3), None)).collect();
    let told = Told::default();
    let outcomes = m3.m3.post(&company(), &batch, &told).await;
    let expected: Vec<_> = (1..=10).map(|id| posted(&format!("M{id}/70000{id}"))).collect();
    assert_eq!(outcomes, expected);
    assert_eq!(m3.requests(), 4, "entries, heads, lines with their accounting strings, finish");
    assert_eq!((told.kept()[0].as_str(), told.kept()[10].as_str()), ("M1", "M1/700001"));
    let submitted = |(id, outcome): (u32, Outcome)| {
        let Outcome::Posted(references) = outcome else { panic!("{outcome:?}") };
        Submitted {
            key: key(id),
            document: DocumentKind::PurchaseOrder,
            references,
            lines: Some(3),
            message_number: String::new(),
        }
    };
    let submitted: Vec<_> = (1..).zip(outcomes).map(submitted).collect();
    let confirmed = m3.m3.confirm(&company(), &submitted).await.unwrap();
    assert_eq!(confirmed[9], Confirmation::Confirmed("7000010".into()));
    assert_eq!(m3.requests(), 6, "batch purchase orders, purchase orders");
}

#[tokio::test]
async fn an_accounting_string_follows_its_line() {
    let m3 = m3(|_, _| None);
    m3.m3.post(&company(), &[posting(purchase(7, 2), None)], &Told::default()).await;
    let names = ["StartEntry", "AddHead", "AddLine", "AddLine", "AddAccString", "FinishEntry"];
    assert_eq!(m3.names(), names);
    let asked = m3.asked();
    let field = |place: usize, name: &str| asked[place].record.get(name).cloned().unwrap_or_default();
    assert_eq!((field(1, "HREF"), field(1, "YRE1")), ("S7".into(), "S7 #7".into()));
    assert_eq!((field(1, "DWDT"), field(1, "PUDT")), ("20261127".into(), "20261120".into()));
    assert_eq!((field(3, "PUPR"), field(3, "COCE")), ("7.5".into(), "CC1".into()));
    assert_eq!(
        (field(4, "PNLI"), field(4, "AIT1"), field(4, "AIT2")),
        ("2".into(), "4000".into(), "CC1".into())
    );
}

/// Whichever answer is lost: what is found is gone on with, or taken out and begun anew, and M3 has one order.
#[tokio::test]
async fn a_lost_answer_to_any_step_ends_in_one_order() {
    for (lost, step, starts) in [
        ("PPS370MI/StartEntry", Step::Head, 2),
        ("PPS370MI/AddHead", Step::Head, 2),
        ("PPS370MI/AddLine", Step::Lines, 1),
        ("PPS370MI/AddAccString", Step::Lines, 2),
        ("PPS370MI/FinishEntry", Step::Confirm, 1),
    ] {
        let m3 = m3(losing(lost));
        let told = Told::default();
        let outcome = m3.m3.post(&company(), &[posting(purchase(7, 3), None)], &told).await.remove(0);
        assert!(matches!(&outcome, Outcome::InDoubt(at, _) if *at == step), "{lost}: {outcome:?}");
        let begun = match find(&m3, told.kept().last().map(String::as_str)).await {
            Found::Absent => None,
            Found::Begun(begun) => Some(begun),
            Found::Taken(references) => {
                assert_eq!((lost, references.number.as_deref()), ("PPS370MI/FinishEntry", Some("700001")));
                continue;
            }
            Found::Unclear(why) => panic!("{lost}: {why}"),
        };
        let outcome =
            m3.m3.post(&company(), &[posting(purchase(7, 3), begun)], &Told::default()).await.remove(0);
        let number = if starts == 1 { "M1/700001" } else { "M2/700002" };
        assert_eq!(outcome, posted(number), "{lost}");
        let names = m3.names();
        let count = |name: &str| names.iter().filter(|sent| *sent == name).count();
        assert_eq!((count("StartEntry"), count("FinishEntry")), (starts, 1), "{lost}");
    }
}

#[tokio::test]
async fn what_was_begun_is_gone_on_with_only_if_it_is_whole() {
    let begun = |temporary: &str, lines: &[u32], outdated| Begun {
        temporary: temporary.into(),
        lines: lines.iter().copied().collect(),
        outdated,
    };
    let goes_on = |begun: Begun| async move {
        let m3 = m3(|name, _| (name == "PPS370MI/AddLine").then(|| row(json!({"PNLI": "0"}))));
        m3.m3.post(&company(), &[posting(purchase(7, 3), Some(begun))], &Told::default()).await;
        m3.names()[0] != "DeleteEntry"
    };
    assert!(goes_on(begun("M1/700001", &[], false)).await);
    assert!(goes_on(begun("M1/700001", &[1], false)).await);
    assert!(!goes_on(begun("M1/700001", &[1, 2], false)).await, "line 2 may lack its accounting string");
    assert!(goes_on(begun("M1/700001", &[1, 2, 3], false)).await);
    assert!(!goes_on(begun("M1/700001", &[1, 3], false)).await, "line 2 is missing");
    assert!(!goes_on(begun("M1/700001", &[1, 2, 3, 4], false)).await, "there is no line 4");
    assert!(!goes_on(begun("M1/700001", &[1], true)).await);
    assert!(!goes_on(begun("M1", &[], false)).await, "the head is not known");
}

#[tokio::test]
async fn a_refused_line_takes_the_entry_out_again() {
    let m3 = m3(|name, input| {
        (name == "PPS370MI/AddLine" && input["PNLI"] == "2").then_some(Say::Nok("WIT0103", "ITNO"))
    });
    let batch = [posting(purchase(7, 3), None), posting(purchase(8, 1), None)];
    let outcomes = m3.m3.post(&company(), &batch, &Told::default()).await;
    let Outcome::Rejected(findings) = &outcomes[0] else { panic!("{outcomes:?}") };
    assert_eq!((findings.len(), findings[0].field.as_str()), (1, "line_items[1]"), "{findings:?}");
    assert_eq!(outcomes[1], posted("M2/700002"));
    let deleted: Vec<_> = m3.asked().into_iter().filter(|asked| asked.name == "DeleteEntry").collect();
    assert_eq!((deleted.len(), deleted[0].record["MSGN"].as_str()), (1, "M1"));
}

#[tokio::test]
async fn what_could_not_be_taken_out_is_told() {
    let m3 = m3(|name, _| match name {
        "PPS370MI/AddHead" => Some(Say::Nok("WSU0103", "SUNO")),
        "PPS370MI/DeleteEntry" => Some(Say::Nok("XRE0001", "")),
        _ => None,
    });
    let outcome = m3.m3.post(&company(), &[posting(purchase(7, 1), None)], &Told::default()).await.remove(0);
    let Outcome::Rejected(findings) = outcome else { panic!("{outcome:?}") };
    assert_eq!(findings.len(), 2);
    assert!(findings[1].message.contains("M1"), "{findings:?}");
}

/// An accounting string goes by our line number: under another one it would reach another line.
#[tokio::test]
async fn lines_that_m3_numbers_otherwise_are_refused() {
    let m3 = m3(|name, input| {
        (name == "PPS370MI/AddLine").then(|| row(json!({"PNLI": format!("{}0", input["PNLI"])})))
    });
    let outcome = m3.m3.post(&company(), &[posting(purchase(7, 1), None)], &Told::default()).await.remove(0);
    assert!(matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
    assert_eq!(m3.names().last().unwrap(), "DeleteEntry");
}

#[tokio::test]
async fn nothing_is_sent_for_a_record_that_is_not_held() {
    let m3 = m3(|_, _| None);
    let told = Told { holds: false, ..Told::default() };
    let outcomes = m3.m3.post(&company(), &[posting(purchase(7, 1), None)], &told).await;
    assert!(matches!(outcomes[..], [Outcome::Later(_)]), "{outcomes:?}");
    assert!(m3.names().is_empty());
}

/// A batch purchase order with a status, and messages of its head and its line.
fn in_status(status: &'static str, head: &'static str, line: &'static str) -> Scripted {
    Scripted::new(Options::default(), move |name, _| {
        let message =
            |id: &str| json!({"STAT": status, "YRE1": "S7 #7", "MSID": id, "MSGD": "Not there", "PNLI": "1"});
        match name {
            "PPS370MI/GetBatchHead" => row(message(head)),
            "PPS370MI/LstBatchLine" => row(message(line)),
            _ => row(json!({"YRE1": "S7 #7", "NOLN": "1"})),
        }
    })
}

#[tokio::test]
async fn only_status_90_and_the_order_itself_confirm() {
    let confirmed = |status, head, line| async move { confirm(&in_status(status, head, line), 1).await };
    assert_eq!(confirmed("90", "", "").await, Confirmation::Confirmed("700001".into()));
    assert!(matches!(confirmed("10", "", "").await, Confirmation::Open(_)));
    for status in ["20", "23", "25", "30", ""] {
        assert!(matches!(confirmed(status, "", "").await, Confirmation::Pending(_)), "{status}");
    }
    for (head, line) in [("WSU0103", ""), ("", "WIT0103")] {
        let Confirmation::Failed(findings) = confirmed("25", head, line).await else { panic!() };
        assert!(findings[0].message.contains(&format!("{head}{line}")), "{findings:?}");
    }
}

#[tokio::test]
async fn an_order_with_fewer_lines_or_of_another_reference_is_not_confirmed() {
    assert!(matches!(confirm(&in_status("90", "", ""), 2).await, Confirmation::Incomplete(..)));
    let of_others = |record: Value| {
        Scripted::new(Options::default(), move |name, _| match name {
            "PPS200MI/GetHead" => row(record.clone()),
            "PPS370MI/LstBatchLine" => done(),
            _ => row(json!({"STAT": "90"})),
        })
    };
    for record in [json!({"YRE1": "S77 #77"}), json!({})] {
        assert!(matches!(confirm(&of_others(record), 1).await, Confirmation::Pending(_)));
    }
    let gone = Scripted::new(Options::default(), |_, _| Say::Nok("WPU0803", "PUNO"));
    assert!(matches!(confirm(&gone, 1).await, Confirmation::Open(_)));
    let lagging = Scripted::new(Options::default(), |name, _| match name {
        "PPS370MI/GetBatchHead" => row(json!({"STAT": "90"})),
        _ => Say::Nok("WPU0803", "PUNO"),
    });
    assert!(matches!(confirm(&lagging, 1).await, Confirmation::Pending(_)));
}

#[tokio::test]
async fn what_is_found_is_only_what_is_ours() {
    let found = |record: Value| async move {
        let m3 = Scripted::new(Options::default(), move |name, _| match name {
            "PPS370MI/LstBatchLine" => Say::Rows(vec![json!({"PNLI": "1"}), json!({"PNLI": "1"})]),
            _ => row(record.clone()),
        });
        find(&m3, Some("M1/700001")).await
    };
    assert!(matches!(found(json!({"STAT": "10", "YRE1": "S8 #8"})).await, Found::Unclear(_)));
    assert!(matches!(found(json!({"STAT": "40", "YRE1": "S7 #7"})).await, Found::Unclear(_)));
    let twice = found(json!({"STAT": "10", "YRE1": "S7 #7"})).await;
    assert!(matches!(&twice, Found::Begun(begun) if begun.lines == BTreeSet::from([0])), "{twice:?}");
    assert!(matches!(
        found(json!({"STAT": "20", "YRE1": "S7 #7"})).await,
        Found::Taken(References { number: None, .. })
    ));
    let nothing = Scripted::new(Options::default(), |_, _| Say::Nok("WPU0803", "PUNO"));
    assert_eq!(find(&nothing, Some("M1/700001")).await, Found::Absent);
    assert_eq!(find(&nothing, None).await, Found::Absent);
    let unclear = Scripted::new(Options::default(), |_, _| Say::Nok("XAU0008", "CONO"));
    assert!(matches!(find(&unclear, Some("M1/700001")).await, Found::Unclear(_)));
}
