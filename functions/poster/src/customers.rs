//! Customers by their own events, not by an order of theirs.

use std::collections::BTreeMap;

use domain::{Document, RecordKey};

use crate::{
    Ending,
    buyers::{self, Holding, Missing},
    posting::{Batch, CUSTOMER_WAIT},
};

impl Batch<'_> {
    /// Creates or updates the customers whose own events came, in one request.
    pub(crate) async fn post_customers(&mut self) {
        let (poster, tenant, company) = (self.poster, self.tenant.clone(), self.company.clone());
        let mut held = Vec::new();
        let mut keys = BTreeMap::new();
        for (place, entry) in self.entries.iter_mut().enumerate().filter(|(_, entry)| entry.ending.is_none())
        {
            let Document::Customer(document) = &entry.going.document else { continue };
            let record = &entry.going.held.record;
            if keys.contains_key(&record.key) {
                continue;
            }
            keys.insert(record.key.clone(), place);
            let number = record.references.number.clone();
            held.push(Holding { held: entry.going.held.clone(), document: document.clone(), number });
        }
        if held.is_empty() {
            return;
        }
        let results = buyers::write(poster, &tenant, &company, held).await;
        for (key, place) in keys {
            self.entries[place].ending = Some(ending(&key, results.get(&key)));
        }
    }
}

/// The customer's record says already what became of it.
fn ending(key: &RecordKey, result: Option<&Result<String, Missing>>) -> Ending {
    match result {
        Some(Ok(_)) => Ending::Done,
        Some(Err(Missing::Refused(findings))) => Ending::rejected(key, findings),
        Some(Err(Missing::Later(why))) => {
            let seconds = u32::try_from(CUSTOMER_WAIT).unwrap_or(u32::MAX);
            Ending::Again { seconds, why: why.clone() }
        }
        None => Ending::again("the customer was not handled"),
    }
}
