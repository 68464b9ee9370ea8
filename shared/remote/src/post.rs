//! The narrow seam, for services that are asked by POST alone and pause a caller by `Retry-After`: Infor's gateway,
//! Shopify's Admin API, token endpoints. Whatever sends requests at all sends these.

use std::time::Duration;

use async_trait::async_trait;
use domain::Private;
use reqwest::Url;

use crate::transport::{Broken, Method, Request, Transport};

/// The statuses whose body is read.
const TELLING: &[u16] = &[200, 400, 401];
const RETRY_AFTER: &str = "retry-after";

/// One POST. Headers and body hold tokens, secrets and personal data, so neither is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Where to.
    pub url: Url,
    /// Headers, by their names in small letters.
    pub headers: Vec<(&'static str, Private<String>)>,
    /// The body.
    pub body: Private<Vec<u8>>,
    /// How long the whole exchange may take, the answer's body included.
    pub time_out: Duration,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostAnswer {
    /// HTTP status.
    pub status: u16,
    /// The header `Retry-After`, as it was written.
    pub retry_after: Option<String>,
    /// The body; empty for a status that says everything by itself (any but 200, 400 and 401).
    pub body: Private<Vec<u8>>,
}

/// A way to servers that are asked by POST alone.
#[async_trait]
pub trait PostTransport: Send + Sync {
    /// Sends one request once: no redirect is followed and nothing is sent again.
    async fn post(&self, post: Post) -> Result<PostAnswer, Broken>;
}

#[async_trait]
impl<T: Transport + ?Sized> PostTransport for T {
    async fn post(&self, post: Post) -> Result<PostAnswer, Broken> {
        let Post { url, headers, body, time_out } = post;
        let (method, wanted) = (Method::Post, [RETRY_AFTER].as_slice());
        let request = Request { method, url, headers, body, time_out, wanted, telling: TELLING };
        let answer = self.send(request).await?;
        let retry_after = answer.header(RETRY_AFTER).map(str::to_owned);
        Ok(PostAnswer { status: answer.status, retry_after, body: answer.body })
    }
}
