//! Claims: what a delivery wishes to do with a record, and what it may do.
//!
//! Pure: the guards against duplicates, late events, vanished holders and poison stand here, in one function.

use jiff::{SignedDuration, Timestamp};

use crate::{Digest, Kind, Record, RecordKey, State};

/// How often a record may be tried before it needs a person. A try that only had to wait does not count.
pub const MOST_ATTEMPTS: u32 = 5;

/// One delivery of one event about a record, as the guards see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The source's id of the delivery (Shopify: `X-Shopify-Webhook-Id`), our correlation id.
    pub id: String,
    /// The source's topic, such as `orders/create`.
    pub topic: String,
    /// When the webhook accepted it.
    pub received_at: Timestamp,
    /// The source's own update time of the object, if the payload has one.
    pub updated_at: Option<Timestamp>,
    /// When the source began to tell of it (Shopify: `X-Shopify-Triggered-At`), if it says so: a tie-breaker between
    /// deliveries of one update time, which Shopify gives in whole seconds. It is not signed: false, it could decide no
    /// more than which of two authentic bodies of one second is the newer.
    pub triggered_at: Option<Timestamp>,
    /// Digest of the signed body.
    pub body: Digest,
    /// The name that people use for the object, such as `#1001`; empty where there is none.
    pub name: String,
    /// It was handled before and somebody asked for it to be taken up again.
    pub again: bool,
}

/// A wish to work on a record.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Which record.
    pub key: RecordKey,
    /// Because of which delivery.
    pub delivery: Delivery,
    /// How long the work may take at most.
    pub lease: SignedDuration,
    /// How long a write whose answer was lost may still arrive: CloudSuite is asked for it only then.
    pub quiet: SignedDuration,
    /// Nothing else would be harmed if this work ended the process.
    pub alone: bool,
}

/// What a claim on an existing record comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The record may be worked on.
    Take,
    /// Somebody works on it, or it has to wait, until this time.
    Busy(Timestamp),
    /// The very same delivery was handled before.
    Duplicate,
    /// The record already holds something newer.
    Stale,
    /// CloudSuite has the record already; whether this delivery would change anything there is for the plan to say.
    AlreadyPosted,
    /// A former holder vanished over it: it may be worked on where no neighbour would be harmed.
    Alone,
    /// It was tried as often as is allowed: it needs a person.
    Exhausted,
    /// The record's personal data was erased after this delivery was accepted: it must not be taken in.
    Erased,
}

/// Decides what a claim may do to a record that exists.
pub fn decide(record: &Record, claim: &Claim, now: Timestamp) -> Decision {
    let delivery = &claim.delivery;
    if let Some(lease) = record.lease.filter(|lease| lease.until > now) {
        return Decision::Busy(lease.until);
    }
    if record.is_erased_for(delivery) {
        return Decision::Erased;
    }
    // What the record took in last is not late: it comes again while the record is in doubt, although something
    // newer was compared with it meanwhile.
    if is_late(record, delivery) && delivery.body != record.body {
        return Decision::Stale;
    }
    match (waits_until(record, claim.quiet), standing(record, delivery)) {
        (Some(until), _) if until > now => Decision::Busy(until),
        (_, Some(decision)) => decision,
        _ if record.attempts >= MOST_ATTEMPTS => Decision::Exhausted,
        _ if record.lease.is_some() && !claim.alone => Decision::Alone,
        _ => Decision::Take,
    }
}

/// Whether a delivery shows an older state than the record took in last. Of one update time, the one that was triggered
/// later is the newer; where that is not known, they are taken as they come.
fn is_late(record: &Record, delivery: &Delivery) -> bool {
    let is_older =
        |delivered, known| matches!((delivered, known), (Some(delivered), Some(known)) if delivered < known);
    let is_tied = delivery.updated_at.is_some() && delivery.updated_at == record.updated_at;
    is_older(delivery.updated_at, record.updated_at)
        || is_tied && is_older(delivery.triggered_at, record.triggered_at)
}

/// Until when nobody may work on a record that nobody holds.
fn waits_until(record: &Record, quiet: SignedDuration) -> Option<Timestamp> {
    match &record.state {
        State::Waiting { until, .. } => Some(*until),
        State::InDoubt { since, .. } => since.checked_add(quiet).ok(),
        // What its last holder sent may arrive for a while after the lease ended.
        State::Posting { .. } => record.lease?.until.checked_add(quiet).ok(),
        _ => None,
    }
}

/// What a delivery is to a record that CloudSuite has; nothing if it is to be worked on.
fn standing(record: &Record, delivery: &Delivery) -> Option<Decision> {
    match &record.state {
        // Somebody asks whether CloudSuite can make an order of it by now.
        State::Failed { .. } | State::NeedsReview { .. } if delivery.again => None,
        State::Posted
        | State::Confirmed
        | State::Failed { .. }
        | State::NeedsReview { .. }
        | State::Cancelled => {
            let is_same = delivery.body == record.body;
            if record.key.kind == Kind::Request && !is_repeated(record, delivery) {
                return None;
            }
            Some(if is_same { Decision::Duplicate } else { Decision::AlreadyPosted })
        }
        _ => None,
    }
}

/// Whether a request is the very one that was obeyed, and not another one in the same words. One that still waits
/// for a person is not asked for twice.
fn is_repeated(record: &Record, delivery: &Delivery) -> bool {
    let is_open = matches!(record.state, State::NeedsReview { .. });
    delivery.id == record.correlation || (is_open && delivery.body == record.body)
}

#[cfg(test)]
#[path = "claim_tests.rs"]
pub(crate) mod tests;
