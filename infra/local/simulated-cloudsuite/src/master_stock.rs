//! Master data of stock: partners of messages, locations, lots, aliases, what is on hand at the start.

use serde::{Deserialize, Serialize};

use crate::master::Record;

/// Master data of stock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StockData {
    /// Partners of stock messages (MMS865).
    pub partners: Vec<MessagePartner>,
    /// Locations: WHLO, WHSL. The first of a warehouse is taken where none is named; a warehouse that has none here
    /// accepts any.
    pub locations: Vec<Record>,
    /// Requisition and distribution order types (TRTP).
    pub order_types: Vec<String>,
    /// Responsibles (RESP), besides the service account's user.
    pub responsibles: Vec<String>,
    /// Transaction reasons (RSCD); empty: any is accepted.
    pub reasons: Vec<String>,
    /// Lots: ITNO, BANO.
    pub lots: Vec<Record>,
    /// Aliases (MMS025): ALWT, ALWQ, POPN, ITNO, and E0PA, ALUN, CNQT where they have any.
    pub aliases: Vec<Record>,
    /// Customer returns that are expected: REPN, RELI, CUNO, WHLO, ITNO, QTY, RIDN.
    pub returns: Vec<Record>,
    /// On hand at the start: WHLO, ITNO, STQT, and WHSL, BANO where they have any.
    pub balances: Vec<Record>,
}

/// A partner of stock messages (MMS865).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessagePartner {
    /// The partner.
    #[serde(rename = "E0PA")]
    pub name: String,
    /// The partner's id, by which its messages are looked up.
    #[serde(rename = "E0PB")]
    pub id: String,
    /// The message types it may send.
    #[serde(rename = "E065")]
    pub types: Vec<String>,
}

/// A purchase order that exists at the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenPurchaseOrder {
    /// Its lowest and highest status: 15 to 45 open, 85 invoiced, 99 closed.
    pub status: u8,
    /// PUNO, FACI, WHLO, SUNO, and whatever else the head shows.
    pub head: Record,
    /// PNLI, ITNO, ORQA, PUPR, and PUUN where it is not the item's basic unit.
    pub lines: Vec<Record>,
}
