//! What became of each delivery, for tests and people to read. It holds no payload.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

/// Records that are kept; older ones are forgotten.
const KEPT: usize = 20_000;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Its next attempt is to come.
    Waiting,
    /// An attempt is under way.
    UnderWay,
    /// It was answered with 2xx in time.
    Accepted,
    /// Its last retry failed.
    GivenUp,
    /// It is never attempted, as the settings ask.
    Lost,
    /// Its subscription was deleted or disabled before it arrived.
    Dropped,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// When it ended, in simulated time.
    pub at: Timestamp,
    /// The answer's status; none if there was no answer in time.
    pub status: Option<u16>,
    /// Whether it counts as delivered.
    pub accepted: bool,
}

/// One delivery and its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryRecord {
    /// Number of the delivery, in the order of triggering.
    pub id: u64,
    /// Number of the subscription.
    pub subscription: u64,
    /// The topic by its dotted name.
    pub topic: String,
    /// The id of the object that the payload is about.
    pub object: String,
    /// `webhook-id`.
    pub webhook_id: String,
    /// When it was triggered, in simulated time.
    pub triggered_at: Timestamp,
    /// Whether it is the second of two equal ones, as the settings ask.
    pub duplicate: bool,
    /// Where it stands.
    pub state: DeliveryState,
    /// Its attempts so far.
    pub attempts: Vec<Attempt>,
}

/// The last records, by number.
#[derive(Debug, Default)]
pub(super) struct Records(BTreeMap<u64, DeliveryRecord>);

impl Records {
    pub(super) fn add(&mut self, record: DeliveryRecord) {
        self.0.insert(record.id, record);
        if self.0.len() > KEPT {
            self.0.pop_first();
        }
    }

    pub(super) fn set(&mut self, id: u64, state: DeliveryState) {
        if let Some(record) = self.0.get_mut(&id) {
            record.state = state;
        }
    }

    pub(super) fn attempt(&mut self, id: u64, attempt: Attempt) {
        if let Some(record) = self.0.get_mut(&id) {
            record.attempts.push(attempt);
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &DeliveryRecord> {
        self.0.values()
    }
}
