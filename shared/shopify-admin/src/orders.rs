//! Which orders were updated in a window.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::Instant;

use crate::{Admin, AdminError, query};

/// Orders on a page: the most that Shopify gives at once.
const MOST_ON_A_PAGE: u32 = 250;

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

/// The number in an order's gid.
pub(crate) fn gid_number(gid: &str) -> Option<u64> {
    gid.strip_prefix("gid://shopify/Order/")?.parse().ok()
}
