//! What a delivery says: the body of each topic, read.

use serde::Deserialize;

use crate::{
    Order, ParseError, Receipt, ReceivingBox, Return, Shipment, Subject, Topic, Transaction, parse::read,
    top::Top,
};

/// What a delivery says.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// An order as it is now, with all its shipments: which of them the delivery is about it does not say.
    Order(Box<Order>),
    /// A shipment as it is now.
    Shipment(Box<Shipment>),
    /// A receiving order as it is now.
    Receipt {
        /// The receiving order.
        receipt: Box<Receipt>,
        /// Its boxes, which alone know lots; nothing where they were not fetched.
        boxes: Option<Vec<ReceivingBox>>,
    },
    /// A box of a receiving order, which it does not name.
    Box(Box<ReceivingBox>),
    /// A return as it is now.
    Return(Box<Return>),
    /// A fee, a refund or a credit as it is now.
    Transaction(Box<Transaction>),
}

impl Event {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Order(_) => Subject::Order,
            Self::Shipment(_) => Subject::Shipment,
            Self::Receipt { .. } => Subject::Receipt,
            Self::Box(_) => Subject::Box,
            Self::Return(_) => Subject::Return,
            Self::Transaction(_) => Subject::Fee,
        }
    }
}

/// A receiving order with its boxes: the body of our own topic `wro.fetched`.
#[derive(Deserialize)]
struct Fetched {
    receipt: Receipt,
    #[serde(default)]
    boxes: Option<Vec<ReceivingBox>>,
}

/// Reads a body. What it is, its own keys tell, for they are signed and the topic is not; the topic is asked only
/// where no key tells. Whether the two agree, [`crate::check`] finds out.
pub fn parse(topic: Topic, body: &[u8]) -> Result<Event, ParseError> {
    let top = Top::of(body)?;
    Ok(match top.subject().unwrap_or(topic.subject()) {
        Subject::Order => Event::Order(Box::new(read(body)?)),
        Subject::Shipment => Event::Shipment(Box::new(read(body)?)),
        Subject::Receipt if top.has("receipt") => {
            let Fetched { receipt, boxes } = read(body)?;
            Event::Receipt { receipt: Box::new(receipt), boxes }
        }
        Subject::Receipt => Event::Receipt { receipt: Box::new(read(body)?), boxes: None },
        Subject::Box => Event::Box(Box::new(read(body)?)),
        Subject::Return => Event::Return(Box::new(read(body)?)),
        Subject::Fee => Event::Transaction(Box::new(read(body)?)),
    })
}
