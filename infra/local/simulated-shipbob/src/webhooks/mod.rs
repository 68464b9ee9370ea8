//! Webhooks: who subscribed to what, what is to be delivered when, and what a delivery looks like. The deliverer is a
//! state machine without sockets or clock; whoever has them asks it what is due and tells it what came of it.

mod deliverer;
mod records;
mod signer;
mod subscriptions;
mod topics;

pub(crate) use deliverer::Deliverer;
pub use deliverer::{Delivery, Outcome};
pub use records::{Attempt, DeliveryRecord, DeliveryState};
pub use signer::sign;
pub(crate) use subscriptions::{Subscription, Subscriptions, Wanted};
pub(crate) use topics::Topic;

/// What happened, to be told to whoever subscribed to its topic.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) topic: Topic,
    /// The id of the object that it is about.
    pub(crate) object: String,
    /// The resource as its GET endpoint answers it, without an envelope.
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn new(topic: Topic, object: &impl ToString, body: &impl serde::Serialize) -> Self {
        // Plain data always serializes; a mistake shows as an empty body.
        Self { topic, object: object.to_string(), body: serde_json::to_vec(body).unwrap_or_default() }
    }
}
