//! Orders: which were updated in a window, and whole ones by their ids.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use crate::{
    Admin, AdminError, OrderDocument,
    answer::Answer,
    order::{Tree, document, without_withheld, zone},
    query,
};

/// Lines on the first page of an order that is fetched alone: the most that Shopify gives at once.
const LINES: usize = 250;
/// Lines on the first page where several orders are fetched together: few orders have more.
const LINES_OF_MANY: usize = 30;
/// Orders that are fetched together at most.
const TOGETHER: usize = 10;
/// The most lines that an order is fetched with: twice what a shop's checkout takes. A bound on the pages.
const MOST_LINES: usize = 2_000;
/// Refunds that are asked for: Shopify gives no further page of them.
const MOST_REFUNDS: usize = 250;
/// Orders on a page: the most that Shopify gives at once.
const MOST_ON_A_PAGE: u32 = 250;
/// How often an order that changes while its pages are fetched is begun anew.
const BEGINNINGS: usize = 3;

/// A window of update times: from its start on, up to its end and not at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

/// An order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The order's id.
    pub id: u64,
    /// The name that people use, such as `#1001`.
    pub name: String,
    /// When it last changed, to the second.
    pub updated_at: Timestamp,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The orders, those that changed first before the others.
    pub orders: Vec<Listed>,
    /// What the next page is asked for by; nothing if this is the last.
    pub cursor: Option<String>,
}

#[derive(Deserialize)]
struct ListData {
    orders: Connection,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection {
    nodes: Vec<Node>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: String,
    name: String,
    updated_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

impl Admin {
    /// One page of the orders that were updated in a window, all states included, the longest ago first. Only ids,
    /// names and times are asked for. Without the scope `read_all_orders` Shopify shows the last 60 days only and
    /// does not say what is left out.
    pub async fn orders_updated(
        &self,
        window: Window,
        cursor: Option<&str>,
        page_size: u32,
        deadline: Instant,
    ) -> Result<Page, AdminError> {
        let first = page_size.clamp(1, MOST_ON_A_PAGE);
        let variables = json!({ "query": search(window), "first": first, "after": cursor });
        let answer = self.call(&query::ORDERS_UPDATED, variables, deadline).await?;
        let ListData { orders } = answer.data()?;
        let cursor = next_page(orders.page_info)?;
        let listed = orders.nodes.into_iter().map(|node| {
            let id = gid_number(&node.id)
                .ok_or_else(|| AdminError::Unreadable("an order's id is not a gid".into()))?;
            Ok(Listed { id, name: node.name, updated_at: node.updated_at })
        });
        Ok(Page { orders: listed.collect::<Result<_, AdminError>>()?, cursor })
    }

    /// One order, with all its lines; nothing if the shop has none of this id, or it is older than the token may see.
    pub async fn order(&self, id: u64, deadline: Instant) -> Result<Option<OrderDocument>, AdminError> {
        let mut lines = LINES;
        let mut beginnings = 0;
        while beginnings < BEGINNINGS {
            let variables = json!({ "id": gid(id), "lines": lines });
            let answer = match self.call(&query::ORDER, variables, deadline).await {
                // Shopify's own count of the cost is not published: fewer lines cost less.
                Err(AdminError::TooCostly) if lines > 1 => {
                    lines = lines.div_ceil(4);
                    continue;
                }
                answer => answer?,
            };
            beginnings += 1;
            let (data, zone) = data_of(&answer)?;
            let Some(order) = data.at("order").filter(|order| **order != Tree::Null) else { return Ok(None) };
            if let Some(order) = self.completed(order.clone(), lines, deadline).await? {
                return document(&order, &zone).map(Some);
            }
        }
        Err(AdminError::Unreachable("the order kept changing while it was fetched".into()))
    }

    /// Orders by their ids, as many together as one call may cost. An id that the shop does not have is left out.
    pub async fn orders(&self, ids: &[u64], deadline: Instant) -> Result<Vec<OrderDocument>, AdminError> {
        let mut found = BTreeMap::new();
        let mut together = TOGETHER;
        let mut left = ids;
        while !left.is_empty() {
            let (chunk, rest) = left.split_at(together.min(left.len()));
            let gids: Vec<_> = chunk.iter().copied().map(gid).collect();
            let variables = json!({ "ids": gids, "lines": LINES_OF_MANY });
            let answer = match self.call(&query::ORDERS, variables, deadline).await {
                Err(AdminError::TooCostly) if together > 1 => {
                    together = together.div_ceil(2);
                    continue;
                }
                answer => answer?,
            };
            let (data, zone) = data_of(&answer)?;
            for order in
                data.list("nodes").iter().filter(|order| order.at("id").is_some_and(|id| *id != Tree::Null))
            {
                let order = match self.completed(order.clone(), LINES_OF_MANY, deadline).await? {
                    Some(order) => Some(document(&order, &zone)?),
                    // It changed meanwhile: alone it is fetched from its beginning.
                    None => self.order(order_number(order)?, deadline).await?,
                };
                found.extend(order.map(|order| (order.id, order)));
            }
            left = rest;
        }
        // In the order that was asked for, each once.
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The order with all pages of its lines and refunds; nothing if it changed meanwhile.
    async fn completed(
        &self,
        mut order: Tree,
        lines: usize,
        deadline: Instant,
    ) -> Result<Option<Tree>, AdminError> {
        check_short_lists(&order)?;
        let id = order.text("id").unwrap_or_default().to_owned();
        let updated_at = order.text("updatedAt").map(str::to_owned);
        while let Some(cursor) = further(&order, "lineItems")? {
            let variables = json!({ "id": id, "lines": lines, "after": cursor });
            let answer = self.call(&query::ORDER_LINES, variables, deadline).await?;
            let page = tree_of(&answer)?;
            if page.text("order.updatedAt") != updated_at.as_deref() {
                return Ok(None);
            }
            append(&mut order, "lineItems", &page, "order.lineItems")?;
        }
        let mut refunds = order.list("refunds").to_vec();
        for refund in &mut refunds {
            while let Some(cursor) = further(refund, "refundLineItems")? {
                let variables = json!({ "id": refund.text("id"), "lines": LINES, "after": cursor });
                let answer = self.call(&query::REFUND_LINES, variables, deadline).await?;
                append(refund, "refundLineItems", &tree_of(&answer)?, "refund.refundLineItems")?;
            }
        }
        order.set("refunds", Tree::List(refunds));
        Ok(Some(order))
    }
}

/// Shopify's search syntax. What it does not know it ignores without a word, so nothing else is put in.
fn search(window: Window) -> String {
    // Orders are dated to the second, so parts of one are rounded outwards.
    let second = |at: Timestamp, up: bool| {
        let rounded = at.as_second() + i64::from(up && at.subsec_nanosecond() > 0);
        Timestamp::from_second(rounded).unwrap_or(at)
    };
    format!("updated_at:>='{}' updated_at:<'{}'", second(window.from, false), second(window.until, true))
}

fn next_page(info: PageInfo) -> Result<Option<String>, AdminError> {
    match info {
        PageInfo { has_next_page: false, .. } => Ok(None),
        PageInfo { end_cursor: Some(cursor), .. } => Ok(Some(cursor)),
        PageInfo { end_cursor: None, .. } => {
            Err(AdminError::Unreadable("a further page has no cursor".into()))
        }
    }
}

/// An answer's data without what was withheld, and the zone of the shop.
fn data_of(answer: &Answer) -> Result<(Tree, jiff::tz::TimeZone), AdminError> {
    let data = tree_of(answer)?;
    let zone = zone(data.text("shop.ianaTimezone").unwrap_or_default())?;
    Ok((data, zone))
}

fn tree_of(answer: &Answer) -> Result<Tree, AdminError> {
    let mut data = answer.tree()?;
    without_withheld(&mut data, &answer.withheld);
    Ok(data)
}

/// The cursor of a connection's next page; nothing if it is whole.
fn further(tree: &Tree, connection: &str) -> Result<Option<String>, AdminError> {
    if tree.list(&format!("{connection}.nodes")).len() > MOST_LINES {
        return Err(AdminError::Incomplete(format!("it has more than {MOST_LINES} of `{connection}`")));
    }
    if !tree.is_true(&format!("{connection}.pageInfo.hasNextPage")) {
        return Ok(None);
    }
    let cursor = tree.text(&format!("{connection}.pageInfo.endCursor"));
    let no_cursor = || AdminError::Unreadable("a further page has no cursor".into());
    cursor.map(|cursor| Some(cursor.to_owned())).ok_or_else(no_cursor)
}

/// Adds a further page's nodes; the page's own cursor replaces the one before.
fn append(tree: &mut Tree, connection: &str, page: &Tree, at: &str) -> Result<(), AdminError> {
    let more = page.list(&format!("{at}.nodes"));
    let info = page.at(&format!("{at}.pageInfo")).cloned();
    let (false, Some(info)) = (more.is_empty(), info) else {
        return Err(AdminError::Incomplete(format!("a further page of `{connection}` is empty")));
    };
    if let Some(Tree::List(nodes)) = tree.at_mut(&format!("{connection}.nodes")) {
        nodes.extend(more.iter().cloned());
    }
    if let Some(connection) = tree.at_mut(connection) {
        connection.set("pageInfo", info);
    }
    Ok(())
}

/// Lists of which only one page is fetched, for no order has so many: a longer one is told, never cut.
fn check_short_lists(order: &Tree) -> Result<(), AdminError> {
    let too_many = |what: &str| Err(AdminError::Incomplete(format!("it has too many of `{what}`")));
    for list in ["shippingLines", "discountApplications", "paymentTerms.paymentSchedules"] {
        if order.is_true(&format!("{list}.pageInfo.hasNextPage")) {
            return too_many(list);
        }
    }
    let refunds = order.list("refunds");
    if refunds.len() >= MOST_REFUNDS {
        return too_many("refunds");
    }
    for list in ["refundShippingLines", "orderAdjustments", "transactions"] {
        if refunds.iter().any(|refund| refund.is_true(&format!("{list}.pageInfo.hasNextPage"))) {
            return too_many(&format!("refunds.{list}"));
        }
    }
    Ok(())
}

fn gid(id: u64) -> String {
    format!("gid://shopify/Order/{id}")
}

fn gid_number(gid: &str) -> Option<u64> {
    gid.strip_prefix("gid://shopify/Order/")?.parse().ok()
}

fn order_number(order: &Tree) -> Result<u64, AdminError> {
    let number = order.text("id").and_then(gid_number);
    number.ok_or_else(|| AdminError::Unreadable("an order's id is not a gid".into()))
}
