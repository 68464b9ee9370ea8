//! Whole orders by their ids: the head of each with the first page of its lists, then every further page.
//!
//! Nothing is cut: a list that has more is fetched to its end, and one that has more than any order is an error. All
//! pages show the same state of the order: its update time stands on each, and where it changed, the order is begun anew.
//! Orders are dated to the second, so a change within the very second of the head shows in the next delivery alone.

mod pages;
mod refunds;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    Admin, AdminError, ORDERS_TOGETHER, OrderDocument,
    answer::Answer,
    order::{Tree, document, without_withheld, zone},
    orders::gid_number,
    query::{self, LINES_OF_MANY, Query},
};

/// How often an order that changes while its pages are fetched is begun anew.
const BEGINNINGS: usize = 3;

/// Why an order was not fetched to its end.
enum Stop {
    /// It changed between two pages.
    Changed,
    /// A call failed, or there is too much of something.
    Failed(AdminError),
}

impl From<AdminError> for Stop {
    fn from(error: AdminError) -> Self {
        Self::Failed(error)
    }
}

impl Admin {
    /// One order, with all its lines and refunds; nothing if the shop has none of this id, or it is older than the token
    /// may see. An order that keeps changing is an error that passes.
    pub async fn order(&self, id: u64, deadline: Instant) -> Result<Option<OrderDocument>, AdminError> {
        for _ in 0..BEGINNINGS {
            let answer = self.sized(&query::ORDER, json!({ "id": gid(id) }), deadline).await?;
            let (data, zone) = data_of(&answer)?;
            let Some(order) = data.at("order").filter(|order| **order != Tree::Null) else { return Ok(None) };
            match self.whole(order.clone(), deadline).await {
                Ok(order) => return document(&order, &zone).map(Some),
                Err(Stop::Changed) => {}
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        Err(AdminError::Unreachable("the order kept changing while it was fetched".into()))
    }

    /// Orders by their ids, as many together as one call may cost. An id that the shop does not have is left out.
    pub async fn orders(&self, ids: &[u64], deadline: Instant) -> Result<Vec<OrderDocument>, AdminError> {
        let mut found = BTreeMap::new();
        let mut together = ORDERS_TOGETHER;
        let mut left = ids;
        while !left.is_empty() {
            let (chunk, rest) = left.split_at(together.min(left.len()));
            let gids: Vec<_> = chunk.iter().copied().map(gid).collect();
            let variables = json!({ "ids": gids, "first": LINES_OF_MANY });
            let answer = match self.call(&query::ORDERS, variables, deadline).await {
                Err(AdminError::TooCostly) if together > 1 => {
                    together = together.div_ceil(2);
                    continue;
                }
                answer => answer?,
            };
            let (data, zone) = data_of(&answer)?;
            for order in data.list("nodes").iter().filter(|order| is_there(order)) {
                let order = self.one_of_many(order, &zone, deadline).await?;
                found.extend(order.map(|order| (order.id, order)));
            }
            left = rest;
        }
        // In the order that was asked for, each once.
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    async fn one_of_many(
        &self,
        order: &Tree,
        zone: &TimeZone,
        deadline: Instant,
    ) -> Result<Option<OrderDocument>, AdminError> {
        match self.whole(order.clone(), deadline).await {
            Ok(order) => document(&order, zone).map(Some),
            // Alone it is fetched from its beginning.
            Err(Stop::Changed) => {
                let number = order.text("id").and_then(gid_number);
                let no_gid = || AdminError::Unreadable("an order's id is not a gid".into());
                self.order(number.ok_or_else(no_gid)?, deadline).await
            }
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// The order with all pages of its lists.
    async fn whole(&self, mut order: Tree, deadline: Instant) -> Result<Tree, Stop> {
        let updated_at = order.text("updatedAt").unwrap_or_default().to_owned();
        let reading = Reading { admin: self, updated_at, deadline };
        for list in &pages::OF_ORDER {
            reading.complete(&mut order, list).await?;
        }
        let refunds = reading.refunds(&order).await?;
        order.set("refunds", Tree::List(refunds));
        Ok(order)
    }

    /// Calls a query for a page of its usual size; for a smaller one as long as Shopify finds it too costly, for how a
    /// page costs by its size is not documented.
    async fn sized(
        &self,
        query: &Query,
        mut variables: Value,
        deadline: Instant,
    ) -> Result<Answer, AdminError> {
        let mut first = query.size;
        loop {
            variables["first"] = json!(first);
            match self.call(query, &variables, deadline).await {
                Err(AdminError::TooCostly) if first > 1 => first = first.div_ceil(4),
                answer => return answer,
            }
        }
    }
}

/// The reading of one state of one order.
struct Reading<'a> {
    admin: &'a Admin,
    /// The order's update time on its head.
    updated_at: String,
    deadline: Instant,
}

impl Reading<'_> {
    /// Whether an object tells the same state of the order at this path. One that is gone does not.
    fn same(&self, tree: &Tree, path: &str) -> Result<(), Stop> {
        if tree.text(path) == Some(&self.updated_at) { Ok(()) } else { Err(Stop::Changed) }
    }
}

/// An answer's data without what was withheld, and the zone of the shop.
fn data_of(answer: &Answer) -> Result<(Tree, TimeZone), AdminError> {
    let data = tree_of(answer)?;
    let zone = zone(data.text("shop.ianaTimezone").unwrap_or_default())?;
    Ok((data, zone))
}

fn tree_of(answer: &Answer) -> Result<Tree, AdminError> {
    let mut data = answer.tree()?;
    without_withheld(&mut data, &answer.withheld);
    Ok(data)
}

/// What is no order is null or without any field.
fn is_there(order: &Tree) -> bool {
    order.at("id").is_some_and(|id| *id != Tree::Null)
}

fn gid(id: u64) -> String {
    format!("gid://shopify/Order/{id}")
}
