//! What every product line of CloudSuite can do, in terms of documents.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::{
    Company, Document, DocumentKind, Finding, OrderLineNumber, RecordKey, Reference, References, Step,
};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;

use crate::{Amended, Amendment, CallError};

/// Master data that a batch of documents depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Items, each with the warehouse that must keep it.
    pub items: BTreeSet<(String, String)>,
    /// Warehouses.
    pub warehouses: BTreeSet<String>,
    /// Facilities.
    pub facilities: BTreeSet<String>,
    /// Customer order types.
    pub order_types: BTreeSet<String>,
    /// Customer templates.
    pub templates: BTreeSet<String>,
    /// Customer numbers.
    pub customers: BTreeSet<String>,
    /// Supplier numbers.
    pub suppliers: BTreeSet<String>,
    /// Parts of accounting strings, each with its place in the string (1 to 7).
    pub accounts: BTreeSet<(u8, String)>,
    /// Purchase orders that goods are received for.
    pub purchase_orders: BTreeSet<String>,
    /// Sales orders that goods are delivered for.
    pub orders: BTreeSet<String>,
}

/// How one master record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is there and may be used.
    Usable,
    /// It is there and may not be used, for this reason.
    NotUsable(String),
    /// It is not there.
    Unknown,
    /// CloudSuite's answer is not covered by any rule: neither there nor missing. Its code and text.
    Unclear(String),
    /// The product line has nothing to ask with: CloudSuite judges it when it gets the document.
    LeftToCloudSuite,
}

/// How one part of an accounting string stands, and when it may be booked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStanding {
    /// How it stands, apart from the days.
    pub standing: Standing,
    /// The first day on which it may be booked to, if there is one.
    pub from: Option<Date>,
    /// The last day, if there is one.
    pub until: Option<Date>,
}

/// What is known of an item beside its standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemFacts {
    /// Its basic unit of measure; empty if CloudSuite does not tell.
    pub unit: String,
    /// Whether it is kept by lots, so that nothing of it moves without a lot number.
    pub is_lot_controlled: bool,
}

/// How one order stands. It changes with every movement, so it is never believed for longer than one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStanding {
    /// How the order itself stands.
    pub standing: Standing,
    /// The supplier of a purchase order, the customer of a sales order; empty if it is not known.
    pub partner: String,
    /// Its lines, by their numbers.
    pub lines: Vec<OrderLineStanding>,
}

/// How one line of an order stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLineStanding {
    /// Its number.
    pub number: OrderLineNumber,
    /// Its item.
    pub item: String,
    /// Its warehouse; empty if CloudSuite does not tell.
    pub warehouse: String,
    /// The quantity ordered, in the item's basic unit.
    pub ordered: Decimal,
    /// What of it was received or delivered, in the item's basic unit.
    pub moved: Decimal,
    /// Whether its status lets more of it be moved.
    pub is_open: bool,
    /// The unit in which it was ordered; empty if CloudSuite does not tell.
    pub unit: String,
}

impl OrderLineStanding {
    /// What is still to be moved; never below zero.
    pub fn open(&self) -> Decimal {
        (self.ordered - self.moved).max(Decimal::ZERO)
    }
}

/// What CloudSuite said of the master data wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Items, each with its warehouse.
    pub items: BTreeMap<(String, String), Standing>,
    /// Warehouses.
    pub warehouses: BTreeMap<String, Standing>,
    /// Facilities.
    pub facilities: BTreeMap<String, Standing>,
    /// Customer order types.
    pub order_types: BTreeMap<String, Standing>,
    /// Customer templates.
    pub templates: BTreeMap<String, Standing>,
    /// Customer numbers.
    pub customers: BTreeMap<String, Standing>,
    /// Supplier numbers.
    pub suppliers: BTreeMap<String, Standing>,
    /// Parts of accounting strings, each with its place in the string (1 to 7).
    pub accounts: BTreeMap<(u8, String), AccountStanding>,
    /// What is known of the items that are usable, by their numbers.
    pub item_facts: BTreeMap<String, ItemFacts>,
    /// Purchase orders, as they are at this moment.
    pub purchase_orders: BTreeMap<String, OrderStanding>,
    /// Sales orders, as they are at this moment.
    pub orders: BTreeMap<String, OrderStanding>,
}

impl Known {
    /// Counts what a document that passed its check moves on the lines of its order, so that the next document of the
    /// batch sees it there.
    pub fn count(&mut self, document: &Document) {
        let order = match document {
            Document::GoodsReceipt(receipt) => self.purchase_orders.get_mut(&receipt.purchase_order),
            Document::InventoryIssue(issue) => {
                issue.order.as_ref().and_then(|order| self.orders.get_mut(&order.number))
            }
            _ => None,
        };
        for order_line in order.into_iter().flat_map(|order| &mut order.lines) {
            let on_it = document.goods().iter().filter(|line| line.order_line == Some(order_line.number));
            order_line.moved += on_it.map(|line| line.quantity).sum::<Decimal>();
        }
    }
}

/// One document to be posted.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Its record.
    pub key: RecordKey,
    /// The document.
    pub document: Document,
    /// CloudSuite's number of a customer that exists and is to be brought up to date.
    pub existing: Option<String>,
    /// What CloudSuite has of it already, not confirmed, from an earlier try.
    pub begun: Option<Begun>,
}

/// A document that was begun and not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its temporary number, as the product line gave it.
    pub temporary: String,
    /// The numbers of the lines that are there: 1 for the document's first.
    pub lines: BTreeSet<u32>,
    /// It must be taken out and begun anew: it is of another content, or nobody knows what stands beside its
    /// lines.
    pub outdated: bool,
}

/// A document whose fate is in doubt, to be looked for by our reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Its record.
    pub key: RecordKey,
    /// What kind of document was written.
    pub document: DocumentKind,
    /// Our reference, as it was written.
    pub reference: Reference,
    /// The customer that it was written for; empty for a customer, or if none was known.
    pub customer: String,
    /// The numbers that CloudSuite had given before the answer was lost.
    pub references: References,
    /// The number of the movement of goods; empty for a document that moves none.
    pub message_number: String,
}

/// What CloudSuite has of a document that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Absent,
    /// It was begun and not confirmed.
    Begun(Begun),
    /// It took it, under these numbers; what became of it then is for the confirmation to tell.
    Taken(References),
    /// Its answers do not tell, for this reason.
    Unclear(String),
}

/// The poster no longer holds the record: nothing more may be written for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abandoned;

/// Where a product line tells how far a document has come, before the next step begins.
#[async_trait]
pub trait Progress: Send + Sync {
    /// The document at this place of the batch is about to enter a step. Returning means that the ledger has it.
    async fn reached(&self, index: usize, step: Step, references: References) -> Result<(), Abandoned>;

    /// Until when the right to write holds for every document of the batch. Nothing is sent after it.
    fn until(&self) -> Timestamp;
}

/// What became of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// CloudSuite took it and gave these numbers.
    Posted(References),
    /// CloudSuite took it, but it cannot be used as it is.
    Failed(References, Vec<Finding>),
    /// CloudSuite refused it; nothing of it remains there.
    Rejected(Vec<Finding>),
    /// Nothing was written; try again after the wait that the error names.
    Later(CallError),
    /// Nobody knows whether the write at this step arrived.
    InDoubt(Step, String),
    /// The lease was lost; nothing more was written.
    Abandoned,
}

/// A document that was posted and is to be confirmed.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// Its record.
    pub key: RecordKey,
    /// What kind of document was posted.
    pub document: DocumentKind,
    /// The numbers that CloudSuite gave.
    pub references: References,
    /// How many lines it must have; nothing if that is not known.
    pub lines: Option<u32>,
    /// The number of the movement of goods; empty for a document that moves none.
    pub message_number: String,
}

/// What CloudSuite says of a document that was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// It is really there, under this number.
    Confirmed(String),
    /// It will not be, without a person.
    Failed(Vec<Finding>),
    /// It is really there, under this number, and less than was accepted.
    Incomplete(String, Vec<Finding>),
    /// It is there, or was, and is not confirmed: as if it had never been asked to be.
    Open(String),
    /// A person in CloudSuite has to release it, as was asked for; in words for the trail.
    LeftToAPerson(String),
    /// Not yet, or no rule knows the answer; in words for the trail.
    Pending(String),
}

/// A product line of CloudSuite.
#[async_trait]
pub trait ProductLine: Send + Sync {
    /// Looks up master data; every wanted key has a standing in the answer.
    async fn look_up(&self, company: &Company, wanted: &Wanted) -> Result<Known, CallError>;

    /// Posts documents of one company in as few requests as the line allows; one outcome for each, in order.
    async fn post(&self, company: &Company, batch: &[Posting], progress: &dyn Progress) -> Vec<Outcome>;

    /// Looks for documents of one company whose fate is in doubt; one answer for each, in order, by as few
    /// requests as the line allows.
    async fn find(&self, company: &Company, sought: &[Sought]) -> Result<Vec<Found>, CallError>;

    /// Asks what became of documents of one company; one answer for each, in order.
    async fn confirm(&self, company: &Company, batch: &[Submitted]) -> Result<Vec<Confirmation>, CallError>;

    /// Brings documents of one company that CloudSuite has to what they are to be, or cancels them; one answer for
    /// each, in order, by as few requests as the line allows. Done twice, it does nothing the second time.
    async fn amend(&self, company: &Company, batch: &[Amendment], progress: &dyn Progress) -> Vec<Amended>;
}
