//! A scripted Admin API: it answers what it was told to, in turn, and keeps what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::Private;
use serde_json::{Value, json};
use shopify_admin::{Admin, Broken, Credentials, HttpAnswer, InMemory, Post, Transport};
use tokio::time::Instant;

pub(crate) type Reply = Result<(u16, String), Broken>;

#[derive(Default)]
pub(crate) struct Script {
    replies: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Value>>,
}

impl Script {
    /// What was asked, call by call.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    /// The variables of each call.
    pub(crate) fn variables(&self) -> Vec<Value> {
        self.asked().into_iter().map(|asked| asked["variables"].clone()).collect()
    }
}

#[async_trait]
impl Transport for Script {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        assert_eq!(post.url.as_str(), "https://demo.myshopify.com/admin/api/2026-10/graphql.json");
        let token = post.headers.iter().find(|(name, _)| *name == "x-shopify-access-token").unwrap();
        assert_eq!(token.1.expose(), "shpat_hush");
        assert!(post.time_out <= Duration::from_secs(30));
        self.asked.lock().unwrap().push(serde_json::from_slice(post.body.expose()).unwrap());
        let reply = self.replies.lock().unwrap().pop_front().expect("more calls than replies");
        reply.map(|(status, body)| HttpAnswer {
            status,
            retry_after: None,
            body: Private::new(body.into_bytes()),
        })
    }
}

/// A client of a shop that gives these replies.
pub(crate) fn shop(replies: impl IntoIterator<Item = Reply>) -> (Admin, Arc<Script>) {
    let script = Arc::new(Script { replies: Mutex::new(replies.into_iter().collect()), ..Script::default() });
    let access_token = Private::new("shpat_hush".to_owned());
    let shared = Arc::new(InMemory::starting("2026-11-22T10:00:00Z".parse().unwrap()));
    let credentials = Credentials::AccessToken { access_token };
    let admin = Admin::new("demo.myshopify.com", None, credentials, script.clone(), shared).unwrap();
    (admin, script)
}

pub(crate) fn in_seconds(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

/// An answer with data, and with what the bucket holds after it.
#[expect(clippy::needless_pass_by_value, reason = "it is written in place")]
pub(crate) fn data(data: Value) -> Reply {
    Ok((200, json!({ "data": data, "extensions": cost(50, 1_900) }).to_string()))
}

pub(crate) fn cost(requested: u64, available: u64) -> Value {
    let throttle =
        json!({ "maximumAvailable": 2000.0, "currentlyAvailable": available, "restoreRate": 100.0 });
    json!({ "cost": { "requestedQueryCost": requested, "actualQueryCost": requested, "throttleStatus": throttle } })
}

pub(crate) fn error(code: &str) -> Reply {
    let error = json!({ "message": "words of Shopify", "extensions": { "code": code } });
    Ok((200, json!({ "errors": [error] }).to_string()))
}

pub(crate) fn throttled(requested: u64, available: u64) -> Reply {
    let error = json!({ "message": "Throttled", "extensions": { "code": "THROTTLED" } });
    Ok((200, json!({ "errors": [error], "extensions": cost(requested, available) }).to_string()))
}

pub(crate) fn status(status: u16) -> Reply {
    Ok((status, String::new()))
}

/// Refunds that come with an order at most, and that are asked for together at most.
const REFUNDS: (usize, usize) = (3, 10);

/// What the Admin API answers when this order is fetched, whose lists are short: the order, its refunds.
pub(crate) fn replies_for(order: &Value, zone: &str) -> Vec<Reply> {
    let refunds = order["refunds"].as_array().cloned().unwrap_or_default();
    let ids: Vec<_> = refunds.iter().map(|refund| json!({ "id": refund["id"] })).collect();
    let mut head = order.clone();
    head["refunds"] = ids.iter().take(REFUNDS.0).cloned().collect();
    let mut replies = vec![data(json!({ "shop": { "ianaTimezone": zone }, "order": head }))];
    let updated_at = &order["updatedAt"];
    if ids.len() >= REFUNDS.0 {
        replies.push(data(json!({ "order": { "updatedAt": updated_at, "refunds": ids } })));
    }
    for together in refunds.chunks(REFUNDS.1) {
        let with_head = together.iter().cloned().map(|mut refund| {
            refund["order"] = json!({ "updatedAt": updated_at });
            refund
        });
        replies.push(data(json!({ "nodes": with_head.collect::<Vec<_>>() })));
    }
    replies
}
