//! Whatever is lost and wherever the work stops: in the end exactly one message of a movement was processed.

use std::{collections::BTreeSet, sync::Mutex};

use async_trait::async_trait;
use domain::{Document, RecordKey, Reference, References, Step};
use jiff::Timestamp;
use proptest::prelude::*;

use super::{
    GoodsOptions,
    model::{find, m3, posting, submitted},
};
use crate::{
    Abandoned, Confirmation, Found, Outcome, ProductLine as _, Progress,
    m3::{
        samples::{delivery, issue, receipt, receiving, shipment},
        script::{Say, Scripted, company},
    },
};

/// A ledger of one record, whose holder vanishes at some of its steps: before the step is kept, or after.
struct Ledger {
    temporary: Mutex<Option<String>>,
    steps: Mutex<u32>,
    vanishes_before: BTreeSet<u32>,
    vanishes_after: BTreeSet<u32>,
}

#[async_trait]
impl Progress for Ledger {
    async fn reached(&self, _: usize, _: Step, references: References) -> Result<(), Abandoned> {
        let mut steps = self.steps.lock().unwrap();
        *steps += 1;
        if self.vanishes_before.contains(&steps) {
            return Err(Abandoned);
        }
        *self.temporary.lock().unwrap() = references.temporary;
        if self.vanishes_after.contains(&steps) { Err(Abandoned) } else { Ok(()) }
    }

    fn until(&self) -> Timestamp {
        Timestamp::MAX
    }
}

/// Works on one document, again and again, as the poster does, until it is confirmed.
async fn bring_home(m3: &Scripted, ledger: &Ledger, key: &RecordKey, document: &Document) -> String {
    let mut must_ask = false;
    for _ in 0..20 {
        let kept = ledger.temporary.lock().unwrap().clone();
        let mut begun = None;
        if must_ask || kept.is_some() {
            match find(m3, key, kept.as_deref()).await {
                Found::Absent => *ledger.temporary.lock().unwrap() = None,
                Found::Begun(found) => {
                    *ledger.temporary.lock().unwrap() = Some(found.temporary.clone());
                    begun = Some(found);
                }
                Found::Taken(References { number: Some(number), .. }) => return number,
                other => panic!("{other:?}"),
            }
        }
        let posting = posting(key.clone(), document.clone(), begun);
        match m3.m3.post(&company(), &[posting], ledger).await.remove(0) {
            Outcome::Posted(references) => {
                let submitted = submitted(key, references.temporary.as_deref().unwrap(), document.lines());
                match m3.m3.confirm(&company(), &[submitted]).await.unwrap().remove(0) {
                    Confirmation::Confirmed(number) => return number,
                    other => panic!("{other:?}"),
                }
            }
            Outcome::InDoubt(..) | Outcome::Abandoned => must_ask = true,
            other => panic!("{other:?}"),
        }
    }
    panic!("it never came home")
}

fn document() -> impl Strategy<Value = (RecordKey, Document)> {
    let quantities = prop::collection::vec(prop::sample::select(vec!["5", "1", "0.5"]), 1..4);
    (0..3_u8, quantities).prop_map(|(which, quantities)| match which {
        0 => (shipment(7), Document::InventoryIssue(issue(7, &quantities))),
        1 => (shipment(7), Document::InventoryIssue(delivery(7, &quantities))),
        _ => (receiving(7), Document::GoodsReceipt(receipt(7, &quantities))),
    })
}

proptest! {
    #[test]
    fn exactly_one_message_is_processed_wherever_the_work_stops(
        (key, document) in document(),
        lost in prop::collection::btree_set(1..12_u32, 0..3),
        vanishes_before in prop::collection::btree_set(1..6_u32, 0..3),
        vanishes_after in prop::collection::btree_set(1..6_u32, 0..3),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut writes = 0;
            let (m3, model) = m3(GoodsOptions::default(), move |name, _| {
                let is_write = ["/Add", "/Prc", "/Delete"].iter().any(|verb| name.contains(verb));
                writes += u32::from(is_write);
                (is_write && lost.contains(&writes)).then_some(Say::Lose)
            });
            let ledger = Ledger { temporary: Mutex::default(), steps: Mutex::default(), vanishes_before, vanishes_after };
            let number = bring_home(&m3, &ledger, &key, &document).await;
            let model = model.lock().unwrap();
            let external = Reference::message_number_of(&key, 1);
            let lines = document.goods().len();
            prop_assert_eq!(model.of(&external), vec![("90", lines)]);
            prop_assert!(model.messages.keys().any(|(_, one)| *one == number));
            Ok(())
        })?;
    }
}
