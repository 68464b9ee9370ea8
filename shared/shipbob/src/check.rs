//! Whether a topic and a body agree. The topic is not signed: somebody who replays a true body under another topic
//! is found out here, as far as the body tells.
//!
//! What is done with a body never depends on the topic alone, so nothing is posted wrongly by what passes.

use domain::{Finding, FindingCode};

use crate::{
    Event, Order, OrderStatus, Receipt, ReceiptStatus, Return, ReturnStatus, Shipment, ShipmentStatus,
    Subject, Topic, Transaction, TransactionType,
};

/// A topic that the body contradicts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body is not one of {topic}: {expected} was expected, and it is {found}")]
pub struct Mismatch {
    /// The topic of the header.
    pub topic: &'static str,
    /// The field that tells so; empty where the whole body does.
    pub field: &'static str,
    /// What a body of that topic is.
    pub expected: &'static str,
    /// What it is.
    pub found: String,
}

impl Mismatch {
    /// The error as a finding.
    pub fn finding(&self) -> Finding {
        let help = "compare the topic with ShipBob's delivery log: a header that was changed on the way is not noticed \
                    by the signature";
        Finding::new(FindingCode::UnreadablePayload, self.field, self.to_string(), help)
    }
}

/// Checks a topic against what its body says: the kind of object, and a status that the topic excludes. A status
/// that is missing or not known excludes nothing.
pub fn check(topic: Topic, event: &Event) -> Result<(), Mismatch> {
    let is_expected = match event.subject() {
        Subject::Shipment => topic == Topic::OrderShipped || topic.subject() == Subject::Shipment,
        // What is sent for a box is not documented: perhaps its whole receiving order.
        Subject::Receipt => matches!(topic.subject(), Subject::Receipt | Subject::Box),
        subject => topic.subject() == subject,
    };
    if !is_expected {
        return Err(Mismatch {
            topic: topic.as_str(),
            field: "",
            expected: topic.subject().as_str(),
            found: event.subject().as_str().to_owned(),
        });
    }
    let excluded = match event {
        Event::Order(order) => of_order(topic, order),
        Event::Shipment(shipment) => of_shipment(topic, shipment),
        Event::Receipt { receipt, boxes } => of_receipt(topic, receipt, boxes.is_some()),
        Event::Box(_) => None,
        Event::Return(returned) => of_return(topic, returned),
        Event::Transaction(transaction) => of_transaction(topic, transaction),
    };
    excluded.map_or(Ok(()), |(field, expected, found)| {
        Err(Mismatch { topic: topic.as_str(), field, expected, found: found.to_owned() })
    })
}

/// The field that excludes a topic, what it should say, and what it says.
type Excluded<'a> = Option<(&'static str, &'static str, &'a str)>;

fn of_order(topic: Topic, order: &Order) -> Excluded<'_> {
    use OrderStatus::{Cancelled, ImportReview};
    let status = order.status.as_ref()?;
    let is_excluded = matches!(topic, Topic::OrderShipped | Topic::OrderDelivered)
        && matches!(status, Cancelled | ImportReview)
        && !order.shipments.iter().flatten().any(|shipment| shipment.actual_fulfillment_date.is_some());
    is_excluded.then(|| ("status", "an order of which something left", status.as_str()))
}

fn of_shipment(topic: Topic, shipment: &Shipment) -> Excluded<'_> {
    use ShipmentStatus::{
        Cancelled, CleanSweeped, Completed, Exception, ImportReview, LabeledCreated, NoneYet, OnHold, Other,
    };
    let status = shipment.status.as_ref()?;
    let (is_excluded, expected) = match topic {
        Topic::OrderShipped | Topic::ShipmentDelivered => (
            matches!(status, Cancelled | OnHold | Exception | ImportReview | NoneYet),
            "a shipment that has left",
        ),
        Topic::ShipmentException => {
            (matches!(status, Completed | Cancelled | LabeledCreated), "a shipment that cannot be packed")
        }
        Topic::ShipmentOnHold => {
            (matches!(status, Completed | Cancelled | LabeledCreated), "a shipment that is held")
        }
        // A cancelled shipment stays cancelled.
        Topic::ShipmentCancelled => {
            (!matches!(status, Cancelled | CleanSweeped | Other(_)), "a shipment that is cancelled")
        }
        _ => return None,
    };
    is_excluded.then(|| ("status", expected, status.as_str()))
}

fn of_receipt(topic: Topic, receipt: &Receipt, is_fetched: bool) -> Excluded<'_> {
    use ReceiptStatus::{Completed, Incomplete, Other};
    // A body with boxes is one that the poller put together.
    if is_fetched && topic != Topic::WroFetched {
        return Some(("boxes", "a receiving order as ShipBob sends it", "one with its boxes"));
    }
    let status = receipt.status.as_ref()?;
    let is_excluded = topic == Topic::WroCompleted && !matches!(status, Completed | Incomplete | Other(_));
    is_excluded.then(|| ("status", "a receiving order that is completed", status.as_str()))
}

fn of_return(topic: Topic, returned: &Return) -> Excluded<'_> {
    use ReturnStatus::{Completed, Other};
    let status = returned.status.as_ref()?;
    let is_excluded = topic == Topic::ReturnCompleted && !matches!(status, Completed | Other(_));
    is_excluded.then(|| ("status", "a return that is completed", status.as_str()))
}

fn of_transaction(topic: Topic, transaction: &Transaction) -> Excluded<'_> {
    use TransactionType::{Charge, Credit, Other, Refund};
    let kind = transaction.transaction_type.as_ref()?;
    let (is_expected, expected) = match topic {
        Topic::BillingChargeCreated => (matches!(kind, Charge | Other(_)), "a charge"),
        Topic::BillingRefundCreated => (matches!(kind, Refund | Other(_)), "a refund"),
        Topic::BillingCreditCreated => (matches!(kind, Credit | Other(_)), "a credit"),
        _ => return None,
    };
    (!is_expected).then(|| ("transaction_type", expected, kind.as_str()))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
