//! A ShipBob that answers by a script and keeps what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::Private;
use remote::{Broken, HttpAnswer, InMemory, Method, Request, Transport};
use shipbob_api::{Access, Json, LIMITS, ShipBob};
use tokio::time::Instant;

/// What is answered: a status, headers and a body, or nothing.
pub(crate) type Reply = Result<(u16, Vec<(&'static str, &'static str)>, String), Broken>;

/// An answer without headers.
pub(crate) fn says(status: u16, body: &str) -> Reply {
    Ok((status, Vec::new(), body.to_owned()))
}

/// An answer with one header.
pub(crate) fn with(status: u16, name: &'static str, value: &'static str, body: &str) -> Reply {
    Ok((status, vec![(name, value)], body.to_owned()))
}

pub(crate) struct Script {
    replies: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Request>>,
}

impl Script {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        Arc::new(Self { replies: Mutex::new(replies.into_iter().collect()), asked: Mutex::default() })
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    /// Methods, paths and queries of what was asked, as they go over the wire.
    pub(crate) fn asked(&self) -> Vec<String> {
        let line = |request: &Request| {
            let method = match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
                Method::Delete => "DELETE",
            };
            let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
            format!("{method} {}{query}", request.url.path())
        };
        self.requests().iter().map(line).collect()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        assert_eq!(request.url.host_str(), Some("api.shipbob.com"), "the token goes nowhere else");
        let wanted = request.wanted;
        self.asked.lock().unwrap().push(request);
        let reply = self.replies.lock().unwrap().pop_front().unwrap_or_else(|| says(599, ""));
        let (status, headers, body) = reply?;
        let headers = headers.into_iter().filter(|(name, _)| wanted.contains(name));
        let headers = headers.map(|(name, value)| (name, value.to_owned())).collect();
        Ok(HttpAnswer { status, headers, body: Private::new(body.into_bytes()) })
    }
}

pub(crate) fn store() -> Arc<InMemory> {
    Arc::new(InMemory::starting("2026-11-22T10:00:00Z".parse().unwrap()))
}

pub(crate) fn access(secret: &str) -> Access {
    Access::parse(&Private::new(secret.to_owned())).unwrap()
}

/// ShipBob by this script, with a personal access token.
pub(crate) fn shipbob(replies: impl IntoIterator<Item = Reply>) -> (ShipBob, Arc<Script>) {
    let script = Script::new(replies);
    let access = access(r#"{"kind":"access_token","access_token":"pat-hush","channel_id":17}"#);
    (ShipBob::new(access, script.clone(), store(), LIMITS).unwrap(), script)
}

/// A minute from now.
pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

pub(crate) fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

pub(crate) fn texts(values: &[Json]) -> Vec<&str> {
    values.iter().map(Json::text).collect()
}
