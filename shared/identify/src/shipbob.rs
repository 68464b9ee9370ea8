//! Which record a delivery of ShipBob's is about.
//!
//! Some deliveries are about several records, or lack what stands elsewhere: an order with its shipments, a receiving
//! order without its boxes. Such a one has a record of its own, of the kind request, and unfolds into deliveries that
//! go their own way.

use ::shipbob::{Peek, Subject, Topic, peek};
use domain::{Kind, SourceId};

use crate::About;

/// Which record a body of a topic is about.
pub(crate) fn about(topic: &str, bytes: &[u8]) -> About {
    let peeked = Topic::parse(topic).and_then(|topic| Some((topic, peek(topic, bytes).ok()?)));
    let Some((topic, Peek { subject, id, updated_at, name })) = peeked else {
        return About { kind: Kind::Request, id: None, updated_at: None, name: String::new() };
    };
    let worded = |word: &str| format!("{word}-{id}").parse::<SourceId>().ok();
    let (kind, id) = match subject {
        Subject::Order if topic == Topic::OrderPolled => (Kind::Order, Some(id)),
        Subject::Order => (Kind::Request, worded("shipments")),
        Subject::Shipment => (Kind::Shipment, Some(id)),
        Subject::Receipt if topic == Topic::WroFetched => (Kind::Receipt, Some(id)),
        Subject::Receipt => (Kind::Request, worded("receipt")),
        Subject::Box => (Kind::Request, worded("box")),
        Subject::Return => (Kind::Return, Some(id)),
        Subject::Fee => (Kind::Fee, Some(id)),
    };
    About { kind, id, updated_at, name }
}
