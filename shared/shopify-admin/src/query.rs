//! The queries, each a text in `queries/`, and what each is believed to cost before Shopify has said so.

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
    /// Points of the cost bucket. Shopify publishes that an object costs 1 and a mutation 10, and not how a
    /// connection is sized (250 nodes of two objects were seen to cost 25), so these are estimates; from the first
    /// answer on, what the answer says is used.
    pub(crate) cost: u64,
    pub(crate) kind: Kind,
}

macro_rules! text {
    ($($file:literal),+) => { concat!($(include_str!(concat!("../queries/", $file, ".graphql")), "\n"),+) };
}

const fn query(name: &'static str, cost: u64, kind: Kind, text: &'static str) -> Query {
    Query { name, text, cost, kind }
}

const ORDER_TEXT: &str = text!("order", "order_fields", "line_fields", "refund_line_fields", "money_fields");
const ORDERS_TEXT: &str =
    text!("orders", "order_fields", "line_fields", "refund_line_fields", "money_fields");

#[rustfmt::skip]
mod table {
    use super::{Kind::{Read, Write}, ORDER_TEXT, ORDERS_TEXT, Query, query};

    pub(crate) const SHOP: Query = query("Shop", 1, Read, text!("shop"));
    pub(crate) const ORDER: Query = query("Order", 600, Read, ORDER_TEXT);
    pub(crate) const ORDERS: Query = query("Orders", 900, Read, ORDERS_TEXT);
    pub(crate) const ORDER_LINES: Query = query("OrderLines", 350, Read, text!("order_lines", "line_fields", "money_fields"));
    pub(crate) const REFUND_LINES: Query = query("RefundLines", 100, Read, text!("refund_lines", "refund_line_fields", "money_fields"));
    pub(crate) const ORDERS_UPDATED: Query = query("OrdersUpdated", 25, Read, text!("orders_updated"));
    pub(crate) const SUBSCRIPTIONS: Query = query("Subscriptions", 15, Read, text!("subscriptions", "subscription_fields"));
    pub(crate) const SUBSCRIBE: Query = query("Subscribe", 10, Write, text!("subscribe", "subscription_fields"));
    pub(crate) const UPDATE_SUBSCRIPTION: Query = query("UpdateSubscription", 10, Write, text!("update_subscription", "subscription_fields"));
    pub(crate) const UNSUBSCRIBE: Query = query("Unsubscribe", 10, Write, text!("unsubscribe"));
}

pub(crate) use table::{
    ORDER, ORDER_LINES, ORDERS, ORDERS_UPDATED, REFUND_LINES, SHOP, SUBSCRIBE, SUBSCRIPTIONS, UNSUBSCRIBE,
    UPDATE_SUBSCRIPTION,
};

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
