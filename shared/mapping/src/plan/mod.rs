//! The plan of an event: what CloudSuite gets for it, or why it gets nothing.

mod accounts;
mod address;
mod buyer;
mod charges;
mod customer;
mod goods;
mod items;
mod journal;
mod order;
mod place;
mod planner;
mod purchase;
mod refund;
mod sales;
mod taxes;
mod warehouse;
mod worth;

use domain::{Customer, Document, Finding, RecordKey};

pub use customer::{plan_company, plan_company_location, plan_customer};
pub use journal::plan_journal;
pub use order::plan_order;
pub use refund::plan_refund;
pub use warehouse::{Skus, plan_fee, plan_receipt, plan_return, plan_shipbob_order, plan_shipment};

/// What is to be done for an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// A document is to be posted, unless there are findings: then it is what could be planned all the same, so that
    /// CloudSuite's findings on it can stand in the same report.
    Planned {
        /// What is to be posted. The customer number of a sales order is still empty.
        document: Box<Document>,
        /// Who buys; nobody for documents without a buyer, and if the findings say why.
        buyer: Option<Box<Buyer>>,
        /// Everything that is wrong with it.
        findings: Vec<Finding>,
    },
    /// CloudSuite has it under this number already, says the source: nothing is to be posted, and the number kept.
    Known {
        /// The number in CloudSuite (M3: CUNO).
        number: String,
    },
    /// Nothing is to be done, for this reason.
    Skip(String),
    /// It cannot even be planned; this is everything that is wrong with it.
    Reject(Vec<Finding>),
}

impl Plan {
    /// A document without a buyer.
    fn of(document: Document, findings: Vec<Finding>) -> Self {
        Self::Planned { document: Box::new(document), buyer: None, findings }
    }
}

/// Who buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Buyer {
    /// A person or firm with a record of its own.
    Customer {
        /// The key of that record.
        key: RecordKey,
        /// What CloudSuite is to know of them.
        document: Box<Customer>,
    },
    /// A firm whose number in CloudSuite the merchant entered at the source: the first of these records that has a
    /// number tells it. If none has, the order waits for the firm's own event, or is rejected.
    Firm {
        /// The keys of the records of the firm's location and of the firm, in this order.
        keys: Vec<RecordKey>,
    },
    /// Nobody in particular: the customer that the mapping names for such orders.
    Fallback(String),
}
