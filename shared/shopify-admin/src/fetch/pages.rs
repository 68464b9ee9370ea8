//! Further pages of the lists of an order and of a refund.

use serde_json::json;

use super::{Reading, Stop, tree_of};
use crate::{
    AdminError,
    order::Tree,
    query::{self, Query},
};

/// A list of which a page at a time is fetched.
pub(super) struct Paged {
    /// Where it stands in what it belongs to, and in the answer of its query below `root`.
    at: &'static str,
    /// Its further pages.
    query: Query,
    /// The root field of that query.
    root: &'static str,
    /// The order's update time in that query's answer.
    updated_at: &'static str,
    /// How many it may have: a bound on the pages.
    most: usize,
}

const fn of_order(at: &'static str, query: Query, most: usize) -> Paged {
    Paged { at, query, root: "order", updated_at: "order.updatedAt", most }
}

const fn of_refund(at: &'static str, query: Query, most: usize) -> Paged {
    Paged { at, query, root: "refund", updated_at: "refund.order.updatedAt", most }
}

/// Lines that an order is fetched with at most: four times what a shop's checkout takes.
const MOST_LINES: usize = 2_000;
/// How many of all else.
const MOST: usize = 500;

/// The lists of an order, but for its refunds: Shopify gives no further page of those.
pub(super) const OF_ORDER: [Paged; 4] = [
    of_order("lineItems", query::ORDER_LINES, MOST_LINES),
    of_order("shippingLines", query::ORDER_SHIPPING, MOST),
    of_order("discountApplications", query::ORDER_DISCOUNTS, MOST),
    of_order("paymentTerms.paymentSchedules", query::ORDER_SCHEDULES, MOST),
];

/// The lists of a refund.
pub(super) const OF_REFUND: [Paged; 4] = [
    of_refund("refundLineItems", query::REFUND_LINES, MOST_LINES),
    of_refund("refundShippingLines", query::REFUND_SHIPPING, MOST),
    of_refund("orderAdjustments", query::REFUND_ADJUSTMENTS, MOST),
    of_refund("transactions", query::REFUND_TRANSACTIONS, MOST),
];

impl Reading<'_> {
    /// Fetches all further pages of a list, and adds them to it.
    pub(super) async fn complete(&self, owner: &mut Tree, list: &Paged) -> Result<(), Stop> {
        while let Some(cursor) = further(owner, list)? {
            let variables = json!({ "id": owner.text("id"), "after": cursor });
            let answer = self.admin.sized(&list.query, variables, self.deadline).await?;
            let page = tree_of(&answer)?;
            self.same(&page, list.updated_at)?;
            append(owner, list, &page)?;
        }
        Ok(())
    }
}

/// The cursor of a list's next page; nothing if it is whole.
fn further(owner: &Tree, list: &Paged) -> Result<Option<String>, AdminError> {
    let Paged { at, most, .. } = list;
    if owner.list(&format!("{at}.nodes")).len() > *most {
        return Err(AdminError::Incomplete(format!("it has more than {most} of `{at}`")));
    }
    if !owner.is_true(&format!("{at}.pageInfo.hasNextPage")) {
        return Ok(None);
    }
    let cursor = owner.text(&format!("{at}.pageInfo.endCursor"));
    let no_cursor = || AdminError::Unreadable("a further page has no cursor".into());
    cursor.map(|cursor| Some(cursor.to_owned())).ok_or_else(no_cursor)
}

/// Adds a further page's nodes; the page's own cursor replaces the one before.
fn append(owner: &mut Tree, list: &Paged, page: &Tree) -> Result<(), AdminError> {
    let Paged { at, root, .. } = list;
    let more = page.list(&format!("{root}.{at}.nodes"));
    let info = page.at(&format!("{root}.{at}.pageInfo")).cloned();
    let (false, Some(info)) = (more.is_empty(), info) else {
        return Err(AdminError::Incomplete(format!("a further page of `{at}` is empty")));
    };
    if let Some(Tree::List(nodes)) = owner.at_mut(&format!("{at}.nodes")) {
        nodes.extend(more.iter().cloned());
    }
    if let Some(kept) = owner.at_mut(at) {
        kept.set("pageInfo", info);
    }
    Ok(())
}
