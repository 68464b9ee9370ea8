//! The shop that the credentials open.

use serde::Deserialize;
use tokio::time::Instant;

use crate::{Admin, AdminError, query};

/// A shop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shop {
    /// Its id, `gid://shopify/Shop/…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its own domain, `*.myshopify.com`: the one that webhooks name.
    pub myshopify_domain: String,
    /// Its currency (ISO 4217).
    pub currency_code: String,
    /// Its time zone, by its name in the IANA database.
    pub iana_timezone: String,
}

#[derive(Deserialize)]
struct Data {
    shop: Shop,
}

impl Admin {
    /// The shop: the cheapest call there is, and a proof that the credentials are good.
    pub async fn shop(&self, deadline: Instant) -> Result<Shop, AdminError> {
        let answer = self.call(&query::SHOP, serde_json::json!({}), deadline).await?;
        answer.data::<Data>().map(|data| data.shop)
    }
}
