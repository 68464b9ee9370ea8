//! The refunds of an order: their ids first, then several whole ones at a time, then further pages of their lists.

use serde_json::json;

use super::{Reading, Stop, pages::OF_REFUND, tree_of};
use crate::{
    AdminError,
    order::Tree,
    query::{self, REFUNDS_OF_ORDER},
};

impl Reading<'_> {
    /// All refunds of an order, in its order.
    pub(super) async fn refunds(&self, order: &Tree) -> Result<Vec<Tree>, Stop> {
        let ids = self.refund_ids(order).await?;
        let mut refunds = Vec::with_capacity(ids.len());
        let mut together = query::REFUNDS.size;
        let mut left = ids.as_slice();
        while !left.is_empty() {
            let (chunk, rest) = left.split_at(together.min(left.len()));
            let answer = match self.admin.call(&query::REFUNDS, json!({ "ids": chunk }), self.deadline).await
            {
                Err(AdminError::TooCostly) if together > 1 => {
                    together = together.div_ceil(2);
                    continue;
                }
                answer => answer?,
            };
            let page = tree_of(&answer)?;
            let nodes = page.list("nodes");
            if nodes.len() != chunk.len() {
                return Err(
                    AdminError::Unreadable("it has not all refunds that were asked for".into()).into()
                );
            }
            for refund in nodes {
                refunds.push(self.refund(refund.clone()).await?);
            }
            left = rest;
        }
        Ok(refunds)
    }

    /// A refund with all pages of its lists.
    async fn refund(&self, mut refund: Tree) -> Result<Tree, Stop> {
        self.same(&refund, "order.updatedAt")?;
        for list in &OF_REFUND {
            self.complete(&mut refund, list).await?;
        }
        Ok(refund)
    }

    /// The ids of all refunds. The head tells those of nearly every order. The list has no further pages, so a full one
    /// may have been cut.
    async fn refund_ids(&self, order: &Tree) -> Result<Vec<String>, Stop> {
        let first = order.list("refunds");
        if first.len() < REFUNDS_OF_ORDER {
            return ids(first);
        }
        let most = query::ORDER_REFUNDS.size;
        let variables = json!({ "id": order.text("id"), "first": most });
        let answer = self.admin.call(&query::ORDER_REFUNDS, variables, self.deadline).await?;
        let page = tree_of(&answer)?;
        self.same(&page, "order.updatedAt")?;
        let all = page.list("order.refunds");
        if all.len() >= most {
            return Err(AdminError::Incomplete(format!("it has {most} refunds or more")).into());
        }
        ids(all)
    }
}

fn ids(refunds: &[Tree]) -> Result<Vec<String>, Stop> {
    let no_gid = || AdminError::Unreadable("a refund has no id".into());
    let ids = refunds.iter().map(|refund| refund.text("id").map(str::to_owned).ok_or_else(no_gid));
    Ok(ids.collect::<Result<_, _>>()?)
}
