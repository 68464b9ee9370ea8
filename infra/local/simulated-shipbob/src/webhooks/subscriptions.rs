//! Webhook subscriptions: made, listed and deleted by the API, disabled when their address fails for long.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Topic;

/// One subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Subscription {
    pub(crate) id: u64,
    pub(crate) topics: Vec<Topic>,
    pub(crate) url: String,
    pub(crate) description: Option<String>,
    /// Signs the deliveries; none: a legacy subscription, which is not signed.
    #[serde(skip)]
    pub(crate) secret: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) created_at: Timestamp,
    /// Since when nothing but failures came of it.
    pub(crate) failing_since: Option<Timestamp>,
}

/// What a subscription is asked to be (`OpenAPI`, `Webhooks.V2.CreateSubscriptionRequest`).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) topics: Vec<Topic>,
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) secret: Option<String>,
}

impl Wanted {
    /// What is wrong with it, by field.
    pub(crate) fn fault(&self, plain_http_on_loopback: bool) -> Option<(&'static str, &'static str)> {
        let loopback = plain_http_on_loopback && self.url.starts_with("http://127.0.0.1:");
        if self.topics.is_empty() {
            return Some(("Topics", "At least one topic is required."));
        }
        if !self.url.starts_with("https://") && !loopback {
            return Some(("Url", "The url must be an absolute https address."));
        }
        match &self.secret {
            Some(secret) if !is_secret(secret) => {
                Some(("Secret", "The secret must match ^whsec_[a-zA-Z0-9+/]{32}$."))
            }
            _ => None,
        }
    }
}

fn is_secret(text: &str) -> bool {
    let Some(key) = text.strip_prefix("whsec_") else { return false };
    key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// All subscriptions of the account.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    known: BTreeMap<u64, Subscription>,
    last: u64,
}

impl Subscriptions {
    /// Makes one that signs with this secret, or a legacy one that does not sign.
    pub(crate) fn create(&mut self, wanted: Wanted, secret: Option<String>, now: Timestamp) -> &Subscription {
        self.last = self.last.max(1581) + 1;
        let Wanted { topics, url, description, .. } = wanted;
        let id = self.last;
        let made = Subscription {
            id,
            topics,
            url,
            description,
            secret,
            enabled: true,
            created_at: now,
            failing_since: None,
        };
        self.known.entry(id).or_insert(made)
    }

    /// Removes one; whether there was one.
    pub(crate) fn delete(&mut self, id: u64) -> bool {
        self.known.remove(&id).is_some()
    }

    /// All, by number.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Subscription> {
        self.known.values()
    }

    /// Those that a message of this topic goes to.
    pub(crate) fn of(&self, topic: Topic) -> impl Iterator<Item = &Subscription> {
        let takes = move |one: &&Subscription| {
            one.enabled
                && one.topics.contains(&topic)
                && (one.secret.is_some() || topic.legacy_name().is_some())
        };
        self.known.values().filter(takes)
    }

    /// Enables one again, as the dashboard does; whether there is one.
    pub(crate) fn enable(&mut self, id: u64) -> bool {
        let Some(one) = self.known.get_mut(&id) else { return false };
        (one.enabled, one.failing_since) = (true, None);
        true
    }

    /// Notes that an attempt was accepted.
    pub(super) fn succeeded(&mut self, id: u64) {
        if let Some(one) = self.known.get_mut(&id) {
            one.failing_since = None;
        }
    }

    /// Notes that an attempt failed; whether that disables the subscription.
    pub(super) fn failed(&mut self, id: u64, at_once: bool, hours: u32, now: Timestamp) -> bool {
        let Some(one) = self.known.get_mut(&id) else { return false };
        let since = *one.failing_since.get_or_insert(now);
        let long = now.duration_since(since) >= SignedDuration::from_hours(i64::from(hours));
        let disables = one.enabled && (at_once || long);
        one.enabled &= !disables;
        disables
    }
}
