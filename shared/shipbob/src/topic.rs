//! The topics of webhook deliveries: what the body of each is about, and which are worked on.
//!
//! The topic stands in a header that is not signed. It says what a body is expected to be, and never what is done
//! with it: that the body alone decides.

/// A topic that this connector knows (ShipBob documentation, "Webhooks"). The published specification of 2026-01 does
/// not list those of receiving orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A label was bought, printed and scanned: once for each shipment of an order. Which of them it was, the body
    /// of an order does not say.
    OrderShipped,
    /// All shipments of an order were delivered.
    OrderDelivered,
    /// The carrier delivered a shipment.
    ShipmentDelivered,
    /// A shipment cannot be packed, for want of stock for instance; not a carrier's exception.
    ShipmentException,
    /// A shipment waits for somebody: an address, a payment, a customs value.
    ShipmentOnHold,
    /// A shipment was cancelled. Documented not to come for those that a person cancelled.
    ShipmentCancelled,
    /// The carrier told something new.
    ShipmentTrackingUpdated,
    /// The address of a shipment that is still to be packed changed.
    ShipmentAddressUpdated,
    /// A line was added to a shipment that is still to be packed.
    ShipmentLineItemAdded,
    /// A line was taken from a shipment that is still to be packed.
    ShipmentLineItemRemoved,
    /// A line of a shipment that is still to be packed changed.
    ShipmentLineItemUpdated,
    /// The carrier's service of a shipment that is still to be packed changed.
    ShipmentShippingServiceUpdated,
    /// A parcel of ShipBob's logistics product was tracked: its body names no goods.
    ShipmentTrackingReceived,
    /// A receiving order was made.
    WroCreated,
    /// A receiving order changed.
    WroUpdated,
    /// All of a receiving order is stowed.
    WroCompleted,
    /// A box arrived.
    WroBoxArrived,
    /// A box was scanned.
    WroBoxScanned,
    /// The goods of a box were stowed.
    WroBoxStowed,
    /// A return was announced.
    ReturnCreated,
    /// A return changed.
    ReturnUpdated,
    /// All of a return was worked on.
    ReturnCompleted,
    /// A fee was charged.
    BillingChargeCreated,
    /// A fee was given back.
    BillingRefundCreated,
    /// A credit was given.
    BillingCreditCreated,
    /// Ours: an order that the poller found, for which ShipBob has no topic.
    OrderPolled,
    /// Ours: a single shipment that the poller found.
    ShipmentPolled,
    /// Ours: a receiving order with its boxes, which ShipBob answers apart.
    WroFetched,
    /// Ours: a return that the poller found.
    ReturnPolled,
    /// Ours: a fee that the poller found.
    TransactionPolled,
}

/// What the body of a topic is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A whole order with its shipments.
    Order,
    /// One shipment of an order.
    Shipment,
    /// A receiving order (WRO): goods announced to a fulfilment centre.
    Receipt,
    /// One box of a receiving order.
    Box,
    /// Goods that come back.
    Return,
    /// A fee, a refund or a credit.
    Fee,
}

impl Subject {
    /// What people call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "an order",
            Self::Shipment => "a shipment",
            Self::Receipt => "a receiving order",
            Self::Box => "a box",
            Self::Return => "a return",
            Self::Fee => "a billing transaction",
        }
    }
}

/// Every topic with its name in the header, its name in the versions 1.0 and 2.0 (empty for none) and its subject, in
/// the order of [`Topic`].
const TOPICS: [(Topic, &str, &str, Subject); 30] = [
    (Topic::OrderShipped, "order.shipped", "order_shipped", Subject::Order),
    (Topic::OrderDelivered, "order.delivered", "", Subject::Order),
    (Topic::ShipmentDelivered, "order.shipment.delivered", "shipment_delivered", Subject::Shipment),
    (Topic::ShipmentException, "order.shipment.exception", "shipment_exception", Subject::Shipment),
    (Topic::ShipmentOnHold, "order.shipment.on_hold", "shipment_onhold", Subject::Shipment),
    (Topic::ShipmentCancelled, "order.shipment.cancelled", "shipment_cancelled", Subject::Shipment),
    (Topic::ShipmentTrackingUpdated, "order.shipment.tracking.updated", "", Subject::Shipment),
    (Topic::ShipmentAddressUpdated, "order.shipment.address.updated", "", Subject::Shipment),
    (Topic::ShipmentLineItemAdded, "order.shipment.line_item.added", "", Subject::Shipment),
    (Topic::ShipmentLineItemRemoved, "order.shipment.line_item.removed", "", Subject::Shipment),
    (Topic::ShipmentLineItemUpdated, "order.shipment.line_item.updated", "", Subject::Shipment),
    (Topic::ShipmentShippingServiceUpdated, "order.shipment.shipping_service.updated", "", Subject::Shipment),
    (Topic::ShipmentTrackingReceived, "order.shipment.tracking_received", "", Subject::Shipment),
    (Topic::WroCreated, "wro.created", "", Subject::Receipt),
    (Topic::WroUpdated, "wro.updated", "", Subject::Receipt),
    (Topic::WroCompleted, "wro.completed", "", Subject::Receipt),
    (Topic::WroBoxArrived, "wro.box.arrived", "", Subject::Box),
    (Topic::WroBoxScanned, "wro.box.scanned", "", Subject::Box),
    (Topic::WroBoxStowed, "wro.box.stowed", "", Subject::Box),
    (Topic::ReturnCreated, "return.created", "", Subject::Return),
    (Topic::ReturnUpdated, "return.updated", "", Subject::Return),
    (Topic::ReturnCompleted, "return.completed", "", Subject::Return),
    (Topic::BillingChargeCreated, "billing.charge.created", "", Subject::Fee),
    (Topic::BillingRefundCreated, "billing.refund.created", "", Subject::Fee),
    (Topic::BillingCreditCreated, "billing.credit.created", "", Subject::Fee),
    (Topic::OrderPolled, "order.polled", "", Subject::Order),
    (Topic::ShipmentPolled, "shipment.polled", "", Subject::Shipment),
    (Topic::WroFetched, "wro.fetched", "", Subject::Receipt),
    (Topic::ReturnPolled, "return.polled", "", Subject::Return),
    (Topic::TransactionPolled, "transaction.polled", "", Subject::Fee),
];

impl Topic {
    /// Every topic.
    pub fn all() -> impl Iterator<Item = Self> {
        TOPICS.into_iter().map(|(topic, ..)| topic)
    }

    /// The topic of a name, of either kind; nothing for one that is not known. Knows our own topics too: what comes
    /// from outside must not be [`Topic::is_internal`].
    pub fn parse(text: &str) -> Option<Self> {
        let is_named = |name: &str, legacy: &str| text == name || (!legacy.is_empty() && text == legacy);
        TOPICS.into_iter().find(|(_, name, legacy, _)| is_named(name, legacy)).map(|(topic, ..)| topic)
    }

    /// Its name in the header `x-webhook-topic`.
    pub fn as_str(self) -> &'static str {
        TOPICS[self as usize].1
    }

    /// What its body is about. That of `order.shipped` may be a shipment too.
    pub fn subject(self) -> Subject {
        TOPICS[self as usize].3
    }

    /// Whether it is one of ours, that ShipBob never sends: a webhook must refuse it.
    pub fn is_internal(self) -> bool {
        self as usize >= Self::OrderPolled as usize
    }

    /// Whether deliveries of this topic are worked on.
    pub fn is_needed(self) -> bool {
        self.ignored_because().is_none()
    }

    /// Why deliveries of this topic are not worked on, though it is known; nothing for those that are.
    pub fn ignored_because(self) -> Option<&'static str> {
        match self {
            Self::ShipmentAddressUpdated
            | Self::ShipmentLineItemAdded
            | Self::ShipmentLineItemRemoved
            | Self::ShipmentLineItemUpdated
            | Self::ShipmentShippingServiceUpdated => {
                Some("the shipment is still to be packed: what leaves in the end comes by order.shipped")
            }
            Self::ShipmentTrackingReceived => {
                Some("it is about a parcel of ShipBob's logistics product and names no goods")
            }
            _ => None,
        }
    }
}

/// Whether deliveries of a topic, as the header names it, are worked on. Our own topics are not: nobody outside may
/// use them.
pub fn is_needed(topic: &str) -> bool {
    Topic::parse(topic).is_some_and(|topic| topic.is_needed() && !topic.is_internal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_by_its_names_and_stands_in_its_place() {
        for (place, (topic, name, legacy, _)) in TOPICS.into_iter().enumerate() {
            assert_eq!((Topic::parse(name), topic as usize), (Some(topic), place));
            assert_eq!(topic.as_str(), name);
            assert!(legacy.is_empty() || Topic::parse(legacy) == Some(topic), "{legacy}");
        }
        assert_eq!(TOPICS.len(), Topic::TransactionPolled as usize + 1);
    }

    #[test]
    fn our_own_topics_are_known_and_never_needed_from_outside() {
        let own: Vec<_> = Topic::all().filter(|topic| topic.is_internal()).map(Topic::as_str).collect();
        assert_eq!(
            own,
            ["order.polled", "shipment.polled", "wro.fetched", "return.polled", "transaction.polled"]
        );
        assert!(own.into_iter().all(|topic| !is_needed(topic) && Topic::parse(topic).is_some()));
    }

    #[test]
    fn what_is_not_packed_yet_and_what_names_no_goods_is_ignored_with_a_reason() {
        let ignored: Vec<_> = Topic::all().filter(|topic| !topic.is_needed()).map(Topic::as_str).collect();
        assert_eq!(ignored.len(), 6, "{ignored:?}");
        assert!(ignored.iter().all(|topic| topic.starts_with("order.shipment.")));
        assert!(
            is_needed("order.shipped") && is_needed("order_shipped") && is_needed("billing.charge.created")
        );
    }

    #[test]
    fn a_name_that_is_not_exactly_a_topics_is_not_known() {
        for topic in [
            "",
            "order",
            "order.shipped ",
            "ORDER.SHIPPED",
            "inventory_changed",
            "order_cancelled",
            "orders/create",
        ] {
            assert_eq!(Topic::parse(topic), None, "{topic}");
            assert!(!is_needed(topic));
        }
    }
}
