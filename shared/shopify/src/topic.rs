//! The topics of webhook deliveries that carry a whole order, and which of them are needed.

/// A topic whose body is a whole order. The bodies are alike: only the header tells the topics apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// An order was placed.
    OrdersCreate,
    /// An order changed in any way; also sent beside the other topics.
    OrdersUpdated,
    /// An order was paid in full. May come before `orders/create`.
    OrdersPaid,
    /// An order was cancelled.
    OrdersCancelled,
    /// Every line of an order was fulfilled.
    OrdersFulfilled,
    /// Some lines of an order were fulfilled.
    OrdersPartiallyFulfilled,
}

impl Topic {
    /// The topic of the header `X-Shopify-Topic`; nothing for one whose body is not a whole order.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "orders/create" => Some(Self::OrdersCreate),
            "orders/updated" => Some(Self::OrdersUpdated),
            "orders/paid" => Some(Self::OrdersPaid),
            "orders/cancelled" => Some(Self::OrdersCancelled),
            "orders/fulfilled" => Some(Self::OrdersFulfilled),
            "orders/partially_fulfilled" => Some(Self::OrdersPartiallyFulfilled),
            _ => None,
        }
    }

    /// Whether deliveries of this topic are worked on. An order is entered by whichever of these comes first.
    pub fn is_needed(self) -> bool {
        matches!(self, Self::OrdersCreate | Self::OrdersUpdated | Self::OrdersPaid)
    }
}

/// Whether deliveries of a topic, as the header names it, are worked on.
pub fn is_needed(topic: &str) -> bool {
    Topic::parse(topic).is_some_and(Topic::is_needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_topics_that_bring_an_order_are_needed() {
        for topic in ["orders/create", "orders/updated", "orders/paid"] {
            assert!(is_needed(topic), "{topic}");
        }
    }

    /// `orders/edited` and `orders/delete` look like orders by their name and are not: their bodies hold an edit
    /// and a bare id.
    #[test]
    fn other_topics_are_not_needed() {
        for topic in
            ["", "orders/edited", "orders/delete", "orders/cancelled", "ORDERS/CREATE", "app/uninstalled"]
        {
            assert!(!is_needed(topic), "{topic}");
        }
    }
}
