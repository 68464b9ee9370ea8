//! The quick look: what is needed of a body before its record is claimed.

use domain::SourceId;
use jiff::Timestamp;

use crate::{ParseError, Subject, Topic, event::parse, top::Top};

/// The longest name that is kept.
const LONGEST_NAME: usize = 64;

/// What is needed of a body before its record is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peek {
    /// What the body is about, as its keys tell.
    pub subject: Subject,
    /// Its id.
    pub id: SourceId,
    /// When it last changed; nothing if it does not say so in a way that can be read.
    pub updated_at: Option<Timestamp>,
    /// The name that people use, cut to a bounded length; empty where there is none. Never a person's.
    pub name: String,
}

/// Reads only what is needed to claim a record. An object with an id is never lost by a fault in another field: the
/// full reading finds that fault.
///
/// | body | id | time | name |
/// | --- | --- | --- | --- |
/// | an order | `id` | the newest of its shipments, for it has none of its own | its number |
/// | a shipment | `id` | `last_update_at` or `last_tracking_update_at`, whichever is newer | the order's reference |
/// | a receiving order | `id` | `last_updated_date`, else the newest of `status_history`; its boxes' if newer | the purchase order |
/// | a box | `box_id` | the newest of its dates | |
/// | a return | `id` | the newest of its dates and of `status_history` | its reference |
/// | a fee | `transaction_id` | | the fee's name |
pub fn peek(topic: Topic, body: &[u8]) -> Result<Peek, ParseError> {
    let top = Top::of(body)?;
    let subject = top.subject().unwrap_or(topic.subject());
    match glance(subject, &top) {
        Some(peek) => Ok(peek),
        // The full reading says which field cannot be read, and where.
        None => Err(parse(topic, body).err().unwrap_or_else(|| no_id(subject))),
    }
}

const SHIPMENT_TIMES: [&str; 2] = ["last_update_at", "last_tracking_update_at"];
const BOX_TIMES: [&str; 3] = ["arrived_date", "counting_started_date", "received_date"];
const RETURN_TIMES: [&str; 5] =
    ["insert_date", "arrived_date", "processing_date", "completed_date", "cancelled_date"];

fn glance(subject: Subject, top: &Top<'_>) -> Option<Peek> {
    let (id, updated_at, name) = match subject {
        Subject::Order => {
            let shipments = top.list("shipments");
            let newest = shipments.iter().filter_map(|shipment| shipment.newest(&SHIPMENT_TIMES)).max();
            (number(top, "id"), newest, top.text("order_number").or_else(|| top.text("reference_id")))
        }
        Subject::Shipment => (number(top, "id"), top.newest(&SHIPMENT_TIMES), top.text("reference_id")),
        Subject::Receipt => {
            let inner: Option<Top<'_>> = top.get("receipt");
            let receipt = inner.as_ref().unwrap_or(top);
            let own = receipt.newest(&["last_updated_date"]).or_else(|| changed(receipt));
            let boxes = top.list("boxes").iter().filter_map(|boxed| boxed.newest(&BOX_TIMES)).max();
            (number(receipt, "id"), own.max(boxes), receipt.text("purchase_order_number"))
        }
        Subject::Box => (number(top, "box_id"), top.newest(&BOX_TIMES), None),
        Subject::Return => {
            (number(top, "id"), top.newest(&RETURN_TIMES).max(changed(top)), top.text("reference_id"))
        }
        Subject::Fee => {
            let id = top.text("transaction_id").and_then(|id| id.parse().ok());
            (id, None, top.text("transaction_fee"))
        }
    };
    let name = name.unwrap_or_default().chars().take(LONGEST_NAME).collect();
    Some(Peek { subject, id: id?, updated_at, name })
}

fn number(top: &Top<'_>, key: &str) -> Option<SourceId> {
    top.id(key).map(SourceId::from)
}

/// When the status last changed.
fn changed(top: &Top<'_>) -> Option<Timestamp> {
    top.list("status_history").iter().filter_map(|change| change.newest(&["timestamp"])).max()
}

/// Never reached as long as both readings ask for the same id.
fn no_id(subject: Subject) -> ParseError {
    let what = format!("{} without an id", subject.as_str());
    ParseError::Field { path: "id".to_owned(), line: 1, column: 0, what }
}
