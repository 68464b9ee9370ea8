//! A shop of many orders, as a script that answers lists only: what a comparison costs the ledger does not depend on
//! how Shopify is played.

use async_trait::async_trait;
use domain::Private;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shopify_admin::{Admin, Broken, Credentials, HttpAnswer, InMemory, Post, Transport};

/// So many orders, one every so many seconds from this time on.
pub(crate) struct Script {
    pub(crate) orders: usize,
    pub(crate) from: Timestamp,
    pub(crate) seconds: i64,
}

impl Script {
    pub(crate) fn updated_at(&self, order: usize) -> Timestamp {
        let offset = SignedDuration::from_secs(self.seconds * i64::try_from(order).unwrap());
        self.from.checked_add(offset).unwrap()
    }

    pub(crate) fn admin(self) -> Admin {
        let access_token = Private::new("shpat_1".to_owned());
        let shared = std::sync::Arc::new(InMemory::starting(self.from));
        let credentials = Credentials::AccessToken { access_token };
        Admin::new("demo.myshopify.com", None, credentials, std::sync::Arc::new(self), shared).unwrap()
    }
}

#[async_trait]
impl Transport for Script {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        let asked: Value = serde_json::from_slice(post.body.expose()).unwrap();
        assert_eq!(asked["operationName"], "OrdersUpdated", "nothing is missing, so nothing is fetched");
        let variables = &asked["variables"];
        let begin: usize = variables["after"].as_str().map_or(0, |cursor| cursor.parse().unwrap());
        let end = self.orders.min(begin + usize::try_from(variables["first"].as_u64().unwrap()).unwrap());
        let node = |order: usize| {
            let (id, time) = (order + 1, self.updated_at(order).to_string());
            json!({ "id": format!("gid://shopify/Order/{id}"), "name": format!("#{id}"), "updatedAt": time })
        };
        let nodes: Vec<_> = (begin..end).map(node).collect();
        let info = json!({ "hasNextPage": end < self.orders, "endCursor": end.to_string() });
        let body = json!({ "data": { "orders": { "nodes": nodes, "pageInfo": info } } });
        Ok(HttpAnswer { status: 200, retry_after: None, body: Private::new(body.to_string().into_bytes()) })
    }
}
