//! Bringing what CloudSuite has to what the source has now, or cancelling it.

use std::sync::Arc;

use cloudsuite::{Amended, Amendment, Difference};
use domain::{Finding, FindingCode, Held, Step};
use platform::telemetry::{self, Metric};

use crate::{
    Ending, Poster,
    posting::{Batch, Entry, not_posted, written},
    progress::Records,
    settle::{Going, taken_up_at},
};

impl Batch<'_> {
    /// Amends, in as few requests as the line allows, what CloudSuite has already.
    pub(crate) async fn amend_documents(&mut self) {
        let (poster, tenant, company) = (self.poster, self.tenant.clone(), self.company.clone());
        let mut amending: Vec<&mut Entry> =
            self.open().filter(|entry| entry.going.amendment.is_some()).collect();
        if amending.is_empty() {
            return;
        }
        let amendments: Vec<_> = amending.iter().filter_map(|entry| amendment(&entry.going)).collect();
        let held = amending.iter().map(|entry| (entry.going.held.clone(), written(&entry.going))).collect();
        let records = Records::new(poster.ledger.clone(), Arc::clone(&poster.clock), held)
            .amending(tenant.version.short());
        let answers = tenant.line.amend(&company, &amendments, &records).await;
        for ((entry, held), amended) in amending.iter_mut().zip(records.into_held()).zip(answers) {
            entry.going.held = held;
            match amended {
                // It is no order yet: it is taken out and entered anew, with the others that are entered.
                Amended::Anew(begun) => {
                    (entry.going.begun, entry.going.amendment) = (Some(begun), None);
                }
                amended => entry.ending = Some(finish(poster, &mut entry.going, amended).await),
            }
        }
    }
}

fn amendment(going: &Going) -> Option<Amendment> {
    let wish = going.amendment.as_ref()?;
    Some(Amendment {
        key: going.held.record.key.clone(),
        references: going.held.record.references.clone(),
        document: going.document.clone(),
        before: wish.before.clone(),
        cancel: wish.cancel,
    })
}

/// Records what became of one amendment of what CloudSuite has.
async fn finish(poster: &Poster, going: &mut Going, amended: Amended) -> Ending {
    let now = poster.clock.now();
    let cancel = going.amendment.as_ref().is_some_and(|wish| wish.cancel);
    let changes = match amended {
        Amended::Unchanged => Vec::new(),
        Amended::Done(changes) => changes,
        Amended::Cancelled if cancel => {
            return poster.conclude(going.held.cancelled(now), Ending::Done).await;
        }
        Amended::Cancelled => return review(poster, going, vec![gone(&going.held)]).await,
        Amended::NeedsReview(differences) => {
            return review(poster, going, differences.iter().map(finding).collect()).await;
        }
        Amended::Later(error) => return not_posted(poster, going, &error).await,
        Amended::InDoubt(why) => return in_doubt(poster, &going.held, why).await,
        Amended::Abandoned | Amended::Anew(_) => return Ending::again("the record could not be held"),
    };
    if let Err(ending) = poster.follow_up(&going.held, going.follow_up.take()).await {
        return ending;
    }
    let next = going.held.amended(now, &written(going), &changes);
    poster.conclude(next, Ending::Done).await
}

async fn review(poster: &Poster, going: &Going, findings: Vec<Finding>) -> Ending {
    poster.review(&going.held, Some(going.fingerprint), findings).await
}

/// Nobody knows whether the changes arrived: they are compared again once the quiet time is over.
async fn in_doubt(poster: &Poster, held: &Held, why: String) -> Ending {
    let now = poster.clock.now();
    telemetry::count(Metric::InDoubt, held.record.key.tenant.as_str(), 1);
    let until = now.checked_add(poster.quiet).unwrap_or(now);
    let ending = Ending::at(until, now, &held.record.correlation, format!("in doubt: {}", Step::Amend));
    poster.conclude(held.in_doubt(now, Step::Amend, why, Some(taken_up_at(poster, now))), ending).await
}

fn finding(difference: &Difference) -> Finding {
    let Difference { field, has, wanted } = difference;
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "another or none".to_owned());
    let message = format!("CloudSuite has {}, the source has {}", value(has), value(wanted));
    let help =
        "change it in CloudSuite, or leave it: it is compared again with the next change at the source";
    Finding::new(FindingCode::Differs, field.clone(), message, help)
}

fn gone(held: &Held) -> Finding {
    let number = held.record.references.number.as_deref().unwrap_or_default();
    let message = format!("{number} is closed or no longer in CloudSuite, and the source still has it");
    let help = "find out who took it out there, and enter it by hand if it is wanted";
    Finding::new(FindingCode::Differs, "", message, help)
}
