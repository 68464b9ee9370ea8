use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use domain::{Document, DocumentKind, JournalEntry, Reference, References, Step};
use serde_json::json;

use crate::{
    Begun, Confirmation, Found, Outcome, Posting, ProductLine, Sought, Submitted,
    m3::{
        AmountAs, JournalOptions, JournalProof, Options,
        samples::{journal, key},
        script::{Input, Say, Scripted, Told, company, done, row},
    },
};

/// The batches of a small M3: their lines by number, and how often each was posted.
#[derive(Default)]
struct Batches {
    batches: BTreeMap<String, BTreeMap<String, Input>>,
    posted: Vec<String>,
}

impl Batches {
    fn answer(&mut self, name: &str, input: &Input) -> Say {
        match name {
            "GLS840MI/AddBatchHead" if self.batches.contains_key(&input["KEY1"]) => {
                Say::Nok("WKE0104", "KEY1")
            }
            "GLS840MI/AddBatchHead" => {
                self.batches.insert(input["KEY1"].clone(), BTreeMap::new());
                row(json!({"CONO": "100"}))
            }
            "GLS840MI/AddBatchLineFld" => match self.batches.get_mut(&input["KEY1"]) {
                None => Say::Nok("WKE0103", "KEY1"),
                Some(lines) if lines.contains_key(&input["LINE"]) => Say::Nok("WLI0104", "LINE"),
                Some(lines) => {
                    lines.insert(input["LINE"].clone(), input.clone());
                    done()
                }
            },
            "GLS840MI/CtrlBatch" => row(json!({"CONO": "100"})),
            "GLS840MI/UpdBatch" if self.posted.contains(&input["KEY1"]) => Say::Nok("GL84009", ""),
            "GLS840MI/UpdBatch" => {
                self.posted.push(input["KEY1"].clone());
                row(json!({"CONO": "100"}))
            }
            "GLS200MI/LstVouchersByDt" => {
                let lines = self.posted.iter().flat_map(|key| self.batches[key].values());
                let lines =
                    lines.filter(|line| (&line["ACDT"], &line["DIVI"]) == (&input["FRDT"], &input["DIVI"]));
                let row = |line: &Input| json!({"YEA4": "2026", "VSER": "100", "VONO": "4711", "VTXT": line["VTXT"]});
                Say::Rows(lines.map(row).collect())
            }
            other => panic!("{other}"),
        }
    }
}

type Shared = Arc<Mutex<Batches>>;

fn m3(
    options: JournalOptions,
    mut otherwise: impl FnMut(&str, &Input) -> Option<Say> + Send + 'static,
) -> (Scripted, Shared) {
    let batches = Shared::default();
    let shared = batches.clone();
    let options = Options { journal: options, ..Options::default() };
    let m3 = Scripted::new(options, move |name, input| {
        let mut batches = shared.lock().unwrap();
        match otherwise(name, input) {
            Some(Say::Lose) => {
                batches.answer(name, input);
                Say::Lose
            }
            Some(said) => said,
            None => batches.answer(name, input),
        }
    });
    (m3, batches)
}

fn plain() -> (Scripted, Shared) {
    m3(JournalOptions::default(), |_, _| None)
}

fn posting(entry: JournalEntry, begun: Option<Begun>) -> Posting {
    let id = entry.source_name[1..].parse().unwrap();
    Posting { key: key(id), document: Document::JournalEntry(entry), existing: None, begun }
}

async fn post(m3: &Scripted, begun: Option<Begun>, told: &Told) -> Outcome {
    m3.m3.post(&company(), &[posting(journal(7), begun)], told).await.remove(0)
}

async fn find(m3: &Scripted, kept: Option<&str>) -> Found {
    let references = References { temporary: kept.map(str::to_owned), number: None };
    let (key, document) = (key(7), DocumentKind::JournalEntry);
    let sought = Sought {
        reference: Reference::of(&key),
        key,
        document,
        customer: String::new(),
        references,
        message_number: String::new(),
    };
    m3.m3.find(&company(), &[sought]).await.unwrap().remove(0)
}

async fn confirm(m3: &Scripted, temporary: &str) -> Confirmation {
    let references = References { temporary: Some(temporary.into()), number: None };
    let submitted = Submitted {
        key: key(7),
        document: DocumentKind::JournalEntry,
        references,
        lines: Some(2),
        message_number: String::new(),
    };
    m3.m3.confirm(&company(), &[submitted]).await.unwrap().remove(0)
}

fn batch_key() -> String {
    Reference::batch_key_of(&key(7))
}

fn updating() -> String {
    format!("{}/20261120", batch_key())
}

fn posted() -> Outcome {
    Outcome::Posted(References { temporary: Some(updating()), number: None })
}

fn begun(temporary: String, outdated: bool) -> Begun {
    Begun { temporary, lines: BTreeSet::new(), outdated }
}

#[tokio::test]
async fn ten_entries_are_posted_by_four_requests_and_confirmed_by_one() {
    let (m3, _) = plain();
    let batch: Vec<_> = (1..=10).map(|id| posting(journal(id), None)).collect();
    let outcomes = m3.m3.post(&company(), &batch, &Told::default()).await;
    assert_eq!(m3.requests(), 4, "heads, lines, control, update");
    let submitted = |(id, outcome): (u32, Outcome)| {
        let Outcome::Posted(references) = outcome else { panic!("{outcome:?}") };
        Submitted {
            key: key(id),
            document: DocumentKind::JournalEntry,
            references,
            lines: Some(2),
            message_number: String::new(),
        }
    };
    let submitted: Vec<_> = (1..).zip(outcomes).map(submitted).collect();
    let confirmed = m3.m3.confirm(&company(), &submitted).await.unwrap();
    assert_eq!(confirmed, vec![Confirmation::Confirmed("2026/100/4711".into()); 10]);
    assert_eq!(m3.requests(), 5, "one list for the day");
}

#[tokio::test]
async fn a_line_says_where_it_is_booked_and_whether_it_is_a_debit() {
    let (m3, batches) = plain();
    let told = Told::default();
    assert_eq!(post(&m3, None, &told).await, posted());
    assert_eq!(told.kept(), [batch_key(), updating()]);
    let batches = batches.lock().unwrap();
    let lines = &batches.batches[&batch_key()];
    let fields =
        |line: &str| ["AIT1", "AIT2", "CUAM", "DBCR", "ACDT", "CUCD"].map(|name| lines[line][name].as_str());
    assert_eq!(fields("1"), ["8000", "CC1", "12.5", "D", "20261120", "EUR"]);
    assert_eq!(fields("2"), ["1400", "CC1", "12.5", "C", "20261120", "EUR"]);
    assert_eq!(lines["1"]["VTXT"], "S7 Refund of a very long order with many");
}

#[tokio::test]
async fn a_credit_may_carry_a_sign() {
    let options = JournalOptions { amounts: AmountAs::Signed, ..JournalOptions::default() };
    let (m3, batches) = m3(options, |_, _| None);
    post(&m3, None, &Told::default()).await;
    assert_eq!(batches.lock().unwrap().batches[&batch_key()]["2"]["CUAM"], "-12.5");
}

/// Whichever answer is lost, the entry is posted once.
#[tokio::test]
async fn a_lost_answer_to_any_step_ends_in_one_voucher() {
    for (lost, step) in [
        ("GLS840MI/AddBatchHead", Step::Head),
        ("GLS840MI/AddBatchLineFld", Step::Lines),
        ("GLS840MI/CtrlBatch", Step::Lines),
        ("GLS840MI/UpdBatch", Step::Confirm),
    ] {
        let mut is_lost = false;
        let (m3, batches) = m3(JournalOptions::default(), move |name, _| {
            (name == lost && !std::mem::replace(&mut is_lost, true)).then_some(Say::Lose)
        });
        let told = Told::default();
        let outcome = post(&m3, None, &told).await;
        assert!(matches!(&outcome, Outcome::InDoubt(at, _) if *at == step), "{lost}: {outcome:?}");
        match find(&m3, told.kept().last().map(String::as_str)).await {
            Found::Taken(references) => {
                assert_eq!(
                    (lost, references.number.as_deref()),
                    ("GLS840MI/UpdBatch", Some("2026/100/4711"))
                );
            }
            Found::Begun(begun) => {
                assert_eq!(post(&m3, Some(begun), &Told::default()).await, posted(), "{lost}");
            }
            other => panic!("{lost}: {other:?}"),
        }
        let batches = batches.lock().unwrap();
        assert_eq!((batches.posted.len(), batches.batches[&batch_key()].len()), (1, 2), "{lost}");
    }
}

#[tokio::test]
async fn an_update_that_did_not_arrive_is_sent_again_and_nothing_else() {
    let (m3, batches) = plain();
    post(&m3, None, &Told::default()).await;
    batches.lock().unwrap().posted.clear();
    let before = m3.names().len();
    let Found::Begun(begun) = find(&m3, Some(&updating())).await else { panic!() };
    assert_eq!(post(&m3, Some(begun), &Told::default()).await, posted());
    assert_eq!(m3.names()[before..], ["LstVouchersByDt", "UpdBatch"]);
}

/// Our key is taken and the ledger knows nothing of it: that is no success, and no refusal.
#[tokio::test]
async fn a_key_that_exists_is_in_doubt_for_who_did_not_begin_it() {
    let (m3, _) = plain();
    assert_eq!(post(&m3, None, &Told::default()).await, posted());
    let outcome = post(&m3, None, &Told::default()).await;
    assert!(matches!(&outcome, Outcome::InDoubt(Step::Head, why) if why.contains("already")), "{outcome:?}");
    let again = post(&m3, Some(begun(batch_key(), false)), &Told::default()).await;
    assert!(matches!(&again, Outcome::InDoubt(Step::Confirm, _)), "a batch is posted once: {again:?}");
}

#[tokio::test]
async fn a_batch_of_another_content_is_for_a_person() {
    let (m3, batches) = plain();
    batches.lock().unwrap().batches.insert(batch_key(), BTreeMap::new());
    let left = post(&m3, Some(begun(batch_key(), true)), &Told::default()).await;
    assert!(matches!(&left, Outcome::Failed(_, findings) if findings[0].help.contains("GLS840")), "{left:?}");
    let sent = post(&m3, Some(begun(updating(), true)), &Told::default()).await;
    assert!(matches!(&sent, Outcome::Failed(_, findings) if findings[0].help.contains("GLS200")), "{sent:?}");
    assert_eq!(m3.names(), ["AddBatchHead"]);
}

#[tokio::test]
async fn what_m3_does_not_accept_stays_and_is_told() {
    for (refused, code, count) in
        [("GLS840MI/AddBatchLineFld", "WAI0103", 3), ("GLS840MI/CtrlBatch", "GL84001", 2)]
    {
        let (m3, batches) =
            m3(JournalOptions::default(), move |name, _| (name == refused).then_some(Say::Nok(code, "AIT1")));
        let Outcome::Failed(references, findings) = post(&m3, None, &Told::default()).await else { panic!() };
        assert_eq!(references.temporary, Some(batch_key()));
        assert_eq!(findings.len(), count, "{findings:?}");
        assert!(findings[0].message.contains(code) && findings.last().unwrap().message.contains("stays"));
        assert!(batches.lock().unwrap().posted.is_empty());
    }
}

#[tokio::test]
async fn a_refused_update_is_in_doubt() {
    let (m3, _) = m3(JournalOptions::default(), |name, _| {
        (name == "GLS840MI/UpdBatch").then_some(Say::Nok("GL84002", ""))
    });
    assert!(matches!(post(&m3, None, &Told::default()).await, Outcome::InDoubt(Step::Confirm, _)));
}

#[tokio::test]
async fn nothing_is_sent_for_a_record_that_is_not_held() {
    let (m3, _) = plain();
    let told = Told { holds: false, ..Told::default() };
    assert!(matches!(post(&m3, None, &told).await, Outcome::Later(_)));
    assert!(m3.names().is_empty());
}

#[tokio::test]
async fn only_a_voucher_with_our_reference_confirms() {
    let said =
        |rows: Vec<serde_json::Value>| Scripted::new(Options::default(), move |_, _| Say::Rows(rows.clone()));
    let voucher = |text: &str| json!({"YEA4": "2026", "VONO": "12", "VTXT": text});
    let confirmed = confirm(&said(vec![voucher("S77 x"), voucher("S7 x")]), &updating()).await;
    assert_eq!(confirmed, Confirmation::Confirmed("2026/12".into()));
    assert!(matches!(confirm(&said(vec![voucher("S77 x")]), &updating()).await, Confirmation::Pending(_)));
    assert!(matches!(confirm(&said(vec![]), &batch_key()).await, Confirmation::Open(_)));
    let full = said(vec![voucher("S77 x"); 10_000]);
    assert!(
        matches!(confirm(&full, &updating()).await, Confirmation::Pending(why) if why.contains("cut off"))
    );
    assert!(matches!(find(&full, Some(&updating())).await, Found::Unclear(_)));
    let refused = Scripted::new(Options::default(), |_, _| Say::Nok("XAU0008", "DIVI"));
    assert!(matches!(confirm(&refused, &updating()).await, Confirmation::Pending(_)));
}

#[tokio::test]
async fn where_nothing_can_be_read_the_key_is_the_proof() {
    let options = JournalOptions { proof: JournalProof::Key, ..JournalOptions::default() };
    let (m3, _) = m3(options, |_, _| None);
    assert!(
        matches!(confirm(&m3, &updating()).await, Confirmation::Confirmed(number) if number.contains("unique"))
    );
    assert!(matches!(find(&m3, Some(&updating())).await, Found::Begun(_)));
    assert_eq!(m3.requests(), 0);
}
