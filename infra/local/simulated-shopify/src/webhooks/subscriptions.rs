//! Webhook subscriptions: those made by the Admin API, which it lists, and those declared in the app's `shopify.app.toml`,
//! which it does not know.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Subscription {
    pub(crate) id: u64,
    /// As GraphQL writes it: `ORDERS_CREATE`.
    pub(crate) topic: String,
    pub(crate) uri: String,
    pub(crate) filter: Option<String>,
    pub(crate) format: String,
    pub(crate) include_fields: Vec<String>,
    pub(crate) metafield_namespaces: Vec<String>,
    /// Only of declared ones: the GraphQL input of the supported versions has none.
    pub(crate) name: Option<String>,
    pub(crate) declared: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// Failed attempts in a row.
    pub(crate) failures: u32,
}

/// What the Admin API asks a subscription to be; what is missing stays as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wanted {
    pub(crate) uri: Option<String>,
    pub(crate) filter: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) include_fields: Option<Vec<String>>,
    pub(crate) metafield_namespaces: Option<Vec<String>>,
}

/// A subscription of the app's `shopify.app.toml`. It may name a privacy topic, and is never removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredSubscription {
    /// The topic as `orders/create`.
    pub topic: String,
    /// Where to; a trailing slash is stripped.
    pub uri: String,
    /// Sent as `X-Shopify-Name`.
    #[serde(default)]
    pub name: Option<String>,
    /// Paths of the payload to send; none: all of it.
    #[serde(default)]
    pub include_fields: Vec<String>,
}

/// All subscriptions of the app.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    known: BTreeMap<u64, Subscription>,
    next: u64,
}

/// The name of a topic in GraphQL: `orders/create` is `ORDERS_CREATE`.
pub(crate) fn topic_name(topic: &str) -> String {
    topic.replace(['/', '.'], "_").to_uppercase()
}

impl Subscriptions {
    /// Makes one by the Admin API.
    ///
    /// # Errors
    /// What is wrong with it, each as a user error's field and message.
    pub(crate) fn create(
        &mut self,
        topic: &str,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<&Subscription, Vec<UserError>> {
        let blank = Subscription {
            id: 0,
            topic: topic.to_owned(),
            uri: String::new(),
            filter: None,
            format: "JSON".to_owned(),
            include_fields: Vec::new(),
            metafield_namespaces: Vec::new(),
            name: None,
            declared: false,
            created_at: now,
            updated_at: now,
            failures: 0,
        };
        let mut made = changed(blank, wanted);
        self.check(&made)?;
        made.id = self.new_id();
        Ok(self.known.entry(made.id).or_insert(made))
    }

    /// Changes one that was made by the Admin API; its topic stays.
    ///
    /// # Errors
    /// As [`Subscriptions::create`]; also if there is none.
    pub(crate) fn update(
        &mut self,
        id: u64,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<&Subscription, Vec<UserError>> {
        let known = self.get(id).ok_or_else(does_not_exist)?.clone();
        let changed = Subscription { updated_at: now, failures: 0, ..changed(known, wanted) };
        self.check(&changed)?;
        let entry = self.known.entry(id).insert_entry(changed);
        Ok(entry.into_mut())
    }

    /// Removes one that was made by the Admin API.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn delete(&mut self, id: u64) -> Result<(), Vec<UserError>> {
        self.get(id).ok_or_else(does_not_exist)?;
        self.known.remove(&id);
        Ok(())
    }

    /// Declares those of `shopify.app.toml`, in place of the ones declared before.
    pub(crate) fn declare(&mut self, declared: &[DeclaredSubscription], now: Timestamp) {
        self.known.retain(|_, known| !known.declared);
        for one in declared {
            let id = self.new_id();
            let subscription = Subscription {
                id,
                topic: topic_name(&one.topic),
                uri: one.uri.trim_end_matches('/').to_owned(),
                filter: None,
                format: "JSON".to_owned(),
                include_fields: one.include_fields.clone(),
                metafield_namespaces: Vec::new(),
                name: one.name.clone(),
                declared: true,
                created_at: now,
                updated_at: now,
                failures: 0,
            };
            self.known.insert(id, subscription);
        }
    }

    /// One that was made by the Admin API.
    pub(crate) fn get(&self, id: u64) -> Option<&Subscription> {
        self.known.get(&id).filter(|known| !known.declared)
    }

    /// Those made by the Admin API, by id.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Subscription> {
        self.known.values().filter(|known| !known.declared)
    }

    /// Every one, declared ones too.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Subscription> {
        self.known.values()
    }

    /// Notes what came of an attempt; returns the failures in a row.
    pub(crate) fn note(&mut self, id: u64, accepted: bool) -> u32 {
        let Some(known) = self.known.get_mut(&id) else { return 0 };
        known.failures = if accepted { 0 } else { known.failures + 1 };
        known.failures
    }

    /// Removes one that failed too often, unless it is declared.
    pub(crate) fn remove_failed(&mut self, id: u64) -> bool {
        let removable = self.get(id).is_some();
        if removable {
            self.known.remove(&id);
        }
        removable
    }

    /// Removes those made by the Admin API, as an uninstallation does.
    pub(crate) fn clear(&mut self) {
        self.known.retain(|_, known| known.declared);
    }

    fn new_id(&mut self) -> u64 {
        self.next += 1;
        1_380_000_000_000 + self.next
    }

    fn check(&self, wanted: &Subscription) -> Result<(), Vec<UserError>> {
        let mut errors: Vec<UserError> = address_error(&wanted.uri).into_iter().map(callback).collect();
        let same = |other: &&Subscription| {
            other.id != wanted.id
                && (&other.topic, &other.uri, &other.filter) == (&wanted.topic, &wanted.uri, &wanted.filter)
        };
        if self.listed().any(|other| same(&other)) {
            errors.push(callback("Address for this topic has already been taken".to_owned()));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// One entry of `userErrors`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct UserError {
    pub(crate) field: Vec<String>,
    pub(crate) message: String,
}

impl UserError {
    pub(crate) fn new(field: &[&str], message: &str) -> Self {
        Self { field: field.iter().map(|part| (*part).to_owned()).collect(), message: message.to_owned() }
    }
}

fn callback(message: String) -> UserError {
    UserError { message, ..UserError::new(&["webhookSubscription", "callbackUrl"], "") }
}

fn does_not_exist() -> Vec<UserError> {
    vec![UserError::new(&["id"], "Webhook subscription does not exist")]
}

/// What Shopify says about an address it does not take. Loopback addresses, which it refuses, pass here.
fn address_error(uri: &str) -> Option<String> {
    if uri.trim().is_empty() {
        return Some("Address can't be blank".to_owned());
    }
    let (protocol, rest) = uri.split_once(':').unwrap_or_default();
    let host = rest.trim_start_matches('/').split(['/', ':', '?']).next().unwrap_or_default();
    match protocol {
        "https" if host.is_empty() || uri.contains(char::is_whitespace) => {
            Some("Address is invalid".to_owned())
        }
        "https"
            if host == "shopify.com"
                || host.ends_with(".shopify.com")
                || host.ends_with(".myshopify.com") =>
        {
            Some("Address cannot be a Shopify or an internal domain".to_owned())
        }
        "https" | "pubsub" => None,
        "arn" if rest.starts_with("aws:events:") => None,
        "" | "arn" => Some("Address is invalid".to_owned()),
        other => Some(format!("Address protocol {other}:// is not supported")),
    }
}

fn changed(mut known: Subscription, wanted: &Wanted) -> Subscription {
    if let Some(uri) = &wanted.uri {
        uri.trim().clone_into(&mut known.uri);
    }
    if let Some(format) = &wanted.format {
        format.clone_into(&mut known.format);
    }
    if let Some(fields) = &wanted.include_fields {
        fields.clone_into(&mut known.include_fields);
    }
    if let Some(namespaces) = &wanted.metafield_namespaces {
        namespaces.clone_into(&mut known.metafield_namespaces);
    }
    if wanted.filter.is_some() {
        known.filter.clone_from(&wanted.filter);
    }
    known
}
