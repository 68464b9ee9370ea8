//! What is changed: webhooks, and the marks that something was passed on.

use domain::Private;
use remote::Method;
use serde::Serialize;
use tokio::time::Instant;

use crate::{
    ApiError, Json, Pages, ShipBob, WEBHOOK_VERSION,
    call::{Call, Kind},
    query::{Query, segment},
};

/// How many ids one call marks. UNCONFIRMED: ShipBob names no limit.
const MOST_MARKS: usize = 250;
/// How many characters follow the mark of a webhook's secret: 24 bytes in base64.
const SECRET_LENGTH: usize = 32;

/// A webhook subscription that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// What it delivers, one at least.
    pub topics: Vec<String>,
    /// Where to, over HTTPS. It may hold a secret.
    pub url: Private<String>,
    /// What it is for, in words for people.
    pub description: Option<String>,
    /// The secret that deliveries are signed with, `whsec_` and 32 characters of base64; ShipBob makes one if there is
    /// none, and tells it this once.
    pub secret: Option<Private<String>>,
}

#[derive(Serialize)]
struct SubscriptionBody<'a> {
    topics: &'a [String],
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
}

impl Subscription {
    /// What ShipBob would refuse, in words.
    fn fault(&self) -> Option<&'static str> {
        if self.topics.is_empty() {
            Some("a webhook needs a topic")
        } else if !self.url.expose().starts_with("https://") {
            Some("a webhook's address must be https")
        } else if self.secret.as_ref().is_some_and(|secret| !is_secret(secret.expose())) {
            Some("a webhook's secret must be whsec_ and 32 characters of base64")
        } else {
            None
        }
    }
}

fn is_secret(text: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.strip_prefix("whsec_").is_some_and(|key| key.len() == SECRET_LENGTH && key.bytes().all(is_base64))
}

impl ShipBob {
    /// All webhook subscriptions. Each tells whether it is `enabled`; none tells its secret.
    pub async fn webhooks(&self, deadline: Instant) -> Result<Vec<Json>, ApiError> {
        let call = webhook("webhooks", "/webhook").query(Query::default().with("RecordsPerPage", &250));
        Pages::linked(self, call, "Cursor").all(deadline).await
    }

    /// Makes a subscription and returns it, with its secret. After [`ApiError::Unknown`], look before it is made again:
    /// two of them deliver everything twice.
    pub async fn create_webhook(
        &self,
        subscription: &Subscription,
        deadline: Instant,
    ) -> Result<Json, ApiError> {
        let what = "a new webhook";
        if let Some(fault) = subscription.fault() {
            return Err(ApiError::Refused { what, says: fault.to_owned() });
        }
        let Subscription { topics, url, description, secret } = subscription;
        let secret = secret.as_ref().map(|secret| secret.expose().as_str());
        let body =
            SubscriptionBody { topics, url: url.expose(), description: description.as_deref(), secret };
        let call = Call::post(what, "/webhook", Kind::Once, &body)?;
        let made = self.one(&Call { version: WEBHOOK_VERSION, ..call }, deadline).await?;
        made.ok_or_else(|| ApiError::Refused { what, says: "HTTP 404".into() })
    }

    /// Ends a subscription. Returns whether there was one: after a lost answer there may be none any more.
    pub async fn delete_webhook(&self, id: &str, deadline: Instant) -> Result<bool, ApiError> {
        let call = webhook("the end of a webhook", format!("/webhook/{}", segment(id)));
        let answer = self.call(&Call { method: Method::Delete, ..call }, deadline).await?;
        Ok(answer.status != 404)
    }

    /// Marks receiving orders as passed on, or not. Returns what ShipBob says about each, as it was written: one object
    /// for every 250.
    pub async fn set_external_sync(
        &self,
        ids: &[u64],
        is_synced: bool,
        deadline: Instant,
    ) -> Result<Vec<Json>, ApiError> {
        let mut said = Vec::new();
        for ids in ids.chunks(MOST_MARKS) {
            let body = serde_json::json!({ "ids": ids, "is_external_sync": is_synced });
            said.push(
                self.mark("the mark of receiving orders", "/receiving:setExternalSync", &body, deadline)
                    .await?,
            );
        }
        Ok(said)
    }

    /// Marks the tracking of shipments as passed on, or not. Returns what ShipBob says about each, as it was written: one
    /// object for every 250.
    pub async fn set_tracking_uploaded(
        &self,
        shipments: &[u64],
        is_uploaded: bool,
        deadline: Instant,
    ) -> Result<Vec<Json>, ApiError> {
        let mut said = Vec::new();
        for ids in shipments.chunks(MOST_MARKS) {
            let body = serde_json::json!({ "shipment_ids": ids, "is_tracking_uploaded": is_uploaded });
            let path = "/shipment:batchUpdateTrackingUpload";
            said.push(self.mark("the mark of shipments", path, &body, deadline).await?);
        }
        Ok(said)
    }

    /// A mark is the same however often it is set.
    async fn mark(
        &self,
        what: &'static str,
        path: &'static str,
        body: &serde_json::Value,
        deadline: Instant,
    ) -> Result<Json, ApiError> {
        let said = self.one(&Call::post(what, path, Kind::Harmless, body)?, deadline).await?;
        said.ok_or_else(|| ApiError::Refused { what, says: "HTTP 404".into() })
    }
}

fn webhook(what: &'static str, path: impl Into<String>) -> Call {
    Call { version: WEBHOOK_VERSION, ..Call::get(what, path) }
}
