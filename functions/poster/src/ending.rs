//! How the handling of one message ends, and what is done with the message then.

use aws_lambda_events::sqs::SqsMessage;
use domain::{Finding, Record, RecordKey, State};
use jiff::Timestamp;
use ledger::LedgerError;
use platform::{
    DeadLetter, Queues,
    telemetry::{self, Metric},
};

/// How long a message is hidden when nothing says better: a fault of ours or of AWS, or another message first.
const A_WHILE: u32 = 60;
/// After how many receives a message that comes again is put on the queue anew. SQS gives it up after
/// `maxReceiveCount` in the template; the difference is for processes that end.
const RENEWED_AFTER: u32 = 10;
/// The longest that a message waits for nothing but the number of its receives.
const LONGEST_WAIT: u32 = 900;

/// How the handling of one message ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Its record says everything; the message is deleted.
    Done,
    /// It is to come again after some seconds.
    Again {
        /// Seconds from now.
        seconds: u32,
        /// Why, for the log.
        why: String,
    },
    /// It is to come again unless its turn comes before: nothing is wrong with it, but it is handled alone, and
    /// another message of its batch comes first.
    Aside,
    /// It needs a person: it goes to the dead-letter queue at once.
    Bury {
        /// Its record, if it has one.
        record: Option<RecordKey>,
        /// Why, as codes.
        reason: String,
    },
}

impl Ending {
    /// To come again after a while, for a fault that is not the message's.
    pub fn again(why: impl std::fmt::Display) -> Self {
        Self::Again { seconds: A_WHILE, why: why.to_string() }
    }

    /// To come again at a time, spread by up to a quarter so that what waits together does not come together.
    pub fn at(until: Timestamp, now: Timestamp, spread: &str, why: impl Into<String>) -> Self {
        let seconds =
            u32::try_from(until.as_second().saturating_sub(now.as_second()).max(1)).unwrap_or(u32::MAX);
        let spread = spread.bytes().map(u32::from).sum::<u32>() % (seconds / 4 + 1);
        Self::Again { seconds: seconds.saturating_add(spread).saturating_add(1), why: why.into() }
    }

    /// To the dead-letter queue, because of findings.
    pub fn rejected(record: &RecordKey, findings: &[Finding]) -> Self {
        let mut codes: Vec<_> = findings.iter().map(|finding| finding.code.to_string()).collect();
        codes.sort();
        codes.dedup();
        Self::Bury { record: Some(record.clone()), reason: format!("rejected: {}", codes.join(", ")) }
    }

    /// What the ledger's failure to claim a record means: most pass, a damaged item needs a person.
    pub fn of_the_ledger(record: &RecordKey, error: &LedgerError) -> Self {
        if error.is_retryable() {
            return Self::again(error);
        }
        tracing::error!(%error, %record, "the ledger needs a person");
        Self::Bury { record: Some(record.clone()), reason: "ledger".to_owned() }
    }

    /// To the dead-letter queue, because the record was tried as often as is allowed.
    pub fn exhausted(record: &Record) -> Self {
        let reason = match record.state {
            State::InDoubt { step, .. } | State::Posting { step } => format!("in doubt: {step}"),
            _ => "exhausted".to_owned(),
        };
        Self::Bury { record: Some(record.key.clone()), reason }
    }
}

/// Does with a message what its ending says. Returns whether the message stays on the queue.
///
/// **Architecture Invariant:** a message leaves the queue only when its record or the dead-letter queue has it.
pub(crate) async fn settle(queue: &Queues, message: &SqsMessage, tenant: &str, ending: Ending) -> bool {
    match ending {
        Ending::Done => false,
        Ending::Again { seconds, why } => {
            let seconds = seconds.max(patience(message));
            tracing::info!(seconds, why, "the message comes again");
            put_back(queue, message, tenant, seconds).await
        }
        Ending::Aside => {
            tracing::info!("the message stands aside: another one is handled alone");
            put_back(queue, message, tenant, A_WHILE).await
        }
        Ending::Bury { record, reason } => {
            let record = record.map(|key| key.to_string()).unwrap_or_default();
            tracing::warn!(record, reason, "to the dead-letter queue");
            let letter = DeadLetter {
                message: message.body.clone().unwrap_or_default(),
                tenant: tenant.to_owned(),
                record,
                reason,
                correlation: correlation(message),
            };
            match queue.bury(letter).await {
                Ok(()) => {
                    telemetry::count(Metric::DeadLettered, tenant, 1);
                    false
                }
                Err(error) => {
                    tracing::error!(%error, "the message stays on the queue");
                    defer(queue, message, A_WHILE).await;
                    true
                }
            }
        }
    }
}

/// Has a message come again after some seconds. Returns whether it stays on the queue: one that came often is put
/// there anew.
async fn put_back(queue: &Queues, message: &SqsMessage, tenant: &str, seconds: u32) -> bool {
    if receives(message) >= RENEWED_AFTER && renew(queue, message, tenant, seconds).await {
        return false;
    }
    defer(queue, message, seconds).await;
    true
}

/// The least that a message waits which has come so often already: an outage of hours is not met with a call a
/// minute for each message.
fn patience(message: &SqsMessage) -> u32 {
    let often = receives(message).saturating_sub(3);
    often.saturating_mul(often).saturating_mul(5).min(LONGEST_WAIT)
}

/// How often SQS has given the message out, this time included.
fn receives(message: &SqsMessage) -> u32 {
    message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// Puts the message on the queue anew, with no receives counted: waiting must never lead to the dead-letter
/// queue. Whether the one received may go now.
async fn renew(queue: &Queues, message: &SqsMessage, tenant: &str, seconds: u32) -> bool {
    let (Ok(tenant), Some(body)) = (tenant.parse(), message.body.clone()) else { return false };
    match queue.renew(&tenant, body, seconds).await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "the message could not be put on the queue anew");
            false
        }
    }
}

async fn defer(queue: &Queues, message: &SqsMessage, seconds: u32) {
    let receipt = message.receipt_handle.as_deref().unwrap_or_default();
    if let Err(error) = queue.defer(receipt, seconds).await {
        // It then comes again when its visibility time-out ends: later, but not lost.
        tracing::warn!(%error, "the message comes again later than wished");
    }
}

/// The id under which the message is looked for: its delivery's, else SQS's own.
fn correlation(message: &SqsMessage) -> String {
    let envelope = message.body.as_deref().and_then(|body| platform::Envelope::from_message(body).ok());
    envelope.map(|e| e.delivery_id).or_else(|| message.message_id.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_comes_often_waits_longer_up_to_a_quarter_of_an_hour() {
        let received = |count: &str| {
            let mut message = SqsMessage::default();
            message.attributes.insert("ApproximateReceiveCount".into(), count.into());
            patience(&message)
        };
        let waits = ["1", "3", "5", "10", "17", "100", "no number"].map(received);
        assert_eq!(waits, [0, 0, 20, 245, 900, 900, 0]);
    }

    #[test]
    fn what_waits_together_is_spread() {
        let (now, until) = (Timestamp::from_second(0).unwrap(), Timestamp::from_second(100).unwrap());
        let seconds = |spread| match Ending::at(until, now, spread, "") {
            Ending::Again { seconds, .. } => seconds,
            other => panic!("{other:?}"),
        };
        assert!((101..=126).contains(&seconds("a")));
        assert_ne!(seconds("a"), seconds("b"));
        assert_eq!(seconds("a"), seconds("a"));
    }
}
