//! The seam between what is said to Shopify and how it gets there: one POST, one answer.
//!
//! It knows HTTP by name only: neither tokens nor GraphQL, and nothing of what an answer means. A simulation
//! brings a transport of its own and opens no sockets.

use std::time::Duration;

use async_trait::async_trait;
use domain::Private;
use reqwest::Url;

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
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// The header `Retry-After`, as it was written.
    pub retry_after: Option<String>,
    /// The body; empty for a status that says everything by itself (any but 200, 400 and 401).
    pub body: Private<Vec<u8>>,
}

/// Why nothing came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// There was no connection: nothing was sent.
    #[error("no connection")]
    NoConnection,
    /// The request could not even be made, by a fault of ours: nothing was sent.
    #[error("the request could not be made")]
    NotMade,
    /// The time was over. Whether the request was processed nobody knows.
    #[error("timed out")]
    TimedOut,
    /// The connection ended before the answer did. Whether the request was processed nobody knows.
    #[error("the connection broke off")]
    BrokenOff,
    /// The answer was longer than anything that is read. The request was processed in some way.
    #[error("the answer is longer than {most} bytes")]
    TooLong {
        /// The longest answer that is read, in bytes.
        most: usize,
    },
}

impl Broken {
    /// Whether the request certainly did not reach Shopify.
    pub(crate) fn is_unsent(self) -> bool {
        matches!(self, Self::NoConnection | Self::NotMade)
    }
}

/// A way to Shopify's servers.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request once: no redirect is followed and nothing is sent again.
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken>;
}
