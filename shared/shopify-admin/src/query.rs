//! The queries, each a text in `queries/`, and what each costs.
//!
//! One query may cost 1,000 points, whatever the plan (Shopify documentation, "GraphQL Admin API rate limits"): an
//! object costs 1, a mutation 10, and a list is "sized by `first` and `last`", by a formula that is not documented. So
//! each list is asked for by a small page, and every query is below 1,000 by the strictest reading there is: that a list
//! costs its size times what one of it costs. A test reckons that.

/// Whether a query changes something. Only what changes nothing is sent again after an answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
}

/// One query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Query {
    /// The operation's name, also in errors and logs.
    pub(crate) name: &'static str,
    /// GraphQL.
    pub(crate) text: &'static str,
    /// How many of its list it asks for at most (the variable `first`), or how many objects (the variable `ids`); 1
    /// where it takes neither.
    pub(crate) size: usize,
    /// Points of the cost bucket at that size, by the strictest reading; from the first answer on, what the answer says
    /// is used.
    pub(crate) cost: u64,
    pub(crate) kind: Kind,
}

macro_rules! text {
    ($($file:literal),+) => { concat!($(include_str!(concat!("../queries/", $file, ".graphql")), "\n"),+) };
}

/// An order with the first page of each of its lists.
macro_rules! with_order {
    ($file:literal) => {
        text!(
            $file,
            "order_fields",
            "line_fields",
            "shipping_fields",
            "discount_fields",
            "schedule_fields",
            "share_fields",
            "money_fields"
        )
    };
}

const fn read(name: &'static str, size: usize, cost: u64, text: &'static str) -> Query {
    Query { name, text, size, cost, kind: Kind::Read }
}

const fn write(name: &'static str, text: &'static str) -> Query {
    Query { name, text, size: 1, cost: 10, kind: Kind::Write }
}

/// Lines of each order where several are fetched together: few orders have more.
pub(crate) const LINES_OF_MANY: usize = 6;
/// How many refunds come with an order, as `order_fields.graphql` has it.
pub(crate) const REFUNDS_OF_ORDER: usize = 3;

#[rustfmt::skip]
mod table {
    use super::{Query, read, write};

    pub(crate) const SHOP: Query = read("Shop", 1, 1, text!("shop"));

    // Orders: their heads with first pages, then further pages of each list.
    pub(crate) const ORDER: Query = read("Order", 25, 796, with_order!("order"));
    pub(crate) const ORDERS: Query = read("Orders", 3, 847, with_order!("orders"));
    pub(crate) const ORDER_LINES: Query = read("OrderLines", 30, 814, text!("order_lines", "line_fields", "share_fields", "money_fields"));
    pub(crate) const ORDER_SHIPPING: Query = read("OrderShipping", 50, 654, text!("order_shipping", "shipping_fields", "share_fields", "money_fields"));
    pub(crate) const ORDER_DISCOUNTS: Query = read("OrderDiscounts", 100, 204, text!("order_discounts", "discount_fields"));
    pub(crate) const ORDER_SCHEDULES: Query = read("OrderSchedules", 100, 205, text!("order_schedules", "schedule_fields"));
    pub(crate) const ORDER_REFUNDS: Query = read("OrderRefunds", 250, 253, text!("order_refunds"));

    // Refunds: likewise.
    pub(crate) const REFUNDS: Query = read("Refunds", 10, 830, text!("refunds", "refund_line_fields", "refund_shipping_fields", "adjustment_fields", "transaction_fields", "money_fields"));
    pub(crate) const REFUND_LINES: Query = read("RefundLines", 90, 815, text!("refund_lines", "refund_line_fields", "money_fields"));
    pub(crate) const REFUND_SHIPPING: Query = read("RefundShipping", 100, 405, text!("refund_shipping", "refund_shipping_fields", "money_fields"));
    pub(crate) const REFUND_ADJUSTMENTS: Query = read("RefundAdjustments", 100, 705, text!("refund_adjustments", "adjustment_fields", "money_fields"));
    pub(crate) const REFUND_TRANSACTIONS: Query = read("RefundTransactions", 100, 305, text!("refund_transactions", "transaction_fields"));

    pub(crate) const ORDERS_UPDATED: Query = read("OrdersUpdated", 250, 253, text!("orders_updated"));
    pub(crate) const SUBSCRIPTIONS: Query = read("Subscriptions", 100, 103, text!("subscriptions", "subscription_fields"));
    pub(crate) const SUBSCRIBE: Query = write("Subscribe", text!("subscribe", "subscription_fields"));
    pub(crate) const UPDATE_SUBSCRIPTION: Query = write("UpdateSubscription", text!("update_subscription", "subscription_fields"));
    pub(crate) const UNSUBSCRIBE: Query = write("Unsubscribe", text!("unsubscribe"));
}

pub(crate) use table::*;

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
