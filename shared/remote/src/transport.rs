//! The seam between what is said to a service and how it gets there: one request, one answer.
//!
//! It knows HTTP by name only: neither tokens nor formats, and nothing of what an answer means. A simulation brings
//! a transport of its own and opens no sockets.

use std::time::Duration;

use async_trait::async_trait;
use domain::Private;
use reqwest::Url;

/// What is done with what the address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads it.
    Get,
    /// Gives it something.
    Post,
    /// Takes it away.
    Delete,
}

/// One request. Headers and body hold tokens, secrets and personal data, so neither is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is done.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers, by their names in small letters.
    pub headers: Vec<(&'static str, Private<String>)>,
    /// The body; empty for none.
    pub body: Private<Vec<u8>>,
    /// How long the whole exchange may take, the answer's body included.
    pub time_out: Duration,
    /// The headers of the answer that are wanted, in small letters.
    pub wanted: &'static [&'static str],
    /// The statuses whose body is read. Any other says everything by itself: it must not be lost with a body that
    /// breaks off.
    pub telling: &'static [u16],
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// The headers that were wanted and are there, as they were written.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for a status that says everything by itself.
    pub body: Private<Vec<u8>>,
}

impl HttpAnswer {
    /// A header that was wanted, by its name in small letters; nothing if it was not there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
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
    /// Whether the request certainly did not arrive.
    pub fn is_unsent(self) -> bool {
        matches!(self, Self::NoConnection | Self::NotMade)
    }
}

/// A way to a service's servers.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request once: no redirect is followed and nothing is sent again.
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken>;
}
