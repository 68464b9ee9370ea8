//! Webhooks: who subscribed to what, what is to be delivered when, and what a delivery looks like. The deliverer is a
//! state machine without sockets or clock; whoever has them asks it what is due and tells it what came of it.

mod deliverer;
mod message;
mod protected;
mod records;
mod subscriptions;

pub(crate) use deliverer::{Deliverer, Published};
pub use deliverer::{Delivery, Outcome};
pub(crate) use message::Signer;
pub(crate) use protected::needs_approval;
pub use records::{Attempt, DeliveryRecord, DeliveryState};
pub use subscriptions::DeclaredSubscription;
pub(crate) use subscriptions::{Subscription, Subscriptions, UserError, Wanted};
