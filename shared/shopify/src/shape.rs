//! Which topic a body can be of.
//!
//! The topic's header is not signed: whoever has one signed delivery could send it again under another topic, and
//! have an order deleted by the body of its creation. So the top-level keys of a body must fit its topic.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{Gid, ParseError, Subject, Topic};

/// The top-level keys that tell the bodies of the topics apart, sorted.
const KEYS: [&str; 33] = [
    "admin_graphql_api_customer_deleted_id",
    "admin_graphql_api_customer_kept_id",
    "admin_graphql_api_id",
    "billing_address",
    "company",
    "created_at",
    "customer",
    "customer_admin_graphql_api_id",
    "data_request",
    "external_id",
    "financial_status",
    "id",
    "invoice_url",
    "line_items",
    "myshopify_domain",
    "name",
    "order_edit",
    "order_id",
    "orders_requested",
    "orders_to_redact",
    "plan_name",
    "refund_line_items",
    "shop_domain",
    "shop_id",
    "shop_owner",
    "state",
    "tax_exemptions",
    "total_price",
    "tracking_number",
    "transactions",
    "updated_at",
    "verified_email",
    "zip",
];

/// The top-level values of a body under [`KEYS`], unread.
#[derive(Debug)]
pub(crate) struct Top<'a>([Option<&'a RawValue>; KEYS.len()]);

impl<'a> Top<'a> {
    /// The value under one of [`KEYS`], null or not.
    fn raw(&self, key: &str) -> Option<&'a RawValue> {
        KEYS.binary_search(&key).ok().and_then(|place| self.0[place])
    }

    fn has(&self, key: &str) -> bool {
        self.raw(key).is_some()
    }

    /// The value under a key, if it is there and can be read.
    pub(crate) fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_str(self.raw(key)?.get()).ok()
    }

    /// Refuses a body that cannot be one of a topic. Says nothing of fields that every body may have.
    pub(crate) fn fits(&self, topic: Topic) -> Result<(), ParseError> {
        let rule = Rule::of(topic.subject());
        let other = |field, why| ParseError::OtherTopic { topic: topic.as_str(), field, why };
        let gid: Option<String> = self.get("admin_graphql_api_id");
        if gid.as_deref().and_then(Gid::parse).is_some_and(|gid| gid.kind != rule.kind) {
            return Err(other("admin_graphql_api_id", "names another kind of object"));
        }
        if let Some(field) = rule.never.iter().find(|key| self.has(key)) {
            return Err(other(field, "is never there"));
        }
        if let Some(field) = rule.needs.iter().find(|key| self.raw(key).is_none_or(is_null)) {
            return Err(other(field, "is missing"));
        }
        match rule.one_of.first() {
            Some(field) if !rule.one_of.iter().any(|key| self.has(key)) => Err(other(field, "is missing")),
            _ => Ok(()),
        }
    }
}

fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

/// What the top level of a topic's bodies is like. Shopify adds keys with each version and leaves out what a
/// subscription does not name, so a rule says only what tells the bodies apart.
struct Rule {
    /// The kind in the body's own global id.
    kind: &'static str,
    /// The keys that must be there and not null.
    needs: &'static [&'static str],
    /// Keys of which one must be there; empty for any.
    one_of: &'static [&'static str],
    /// The keys that are never there.
    never: &'static [&'static str],
}

impl Rule {
    const fn of(subject: Subject) -> Self {
        let (kind, needs, one_of, never): (_, &[_], &[_], &[_]) = match subject {
            Subject::Order => ("Order", &["id"], ORDERS_OWN, NOT_ORDERS),
            Subject::OrderEdit => ("OrderEdit", &["order_edit"], &[], &["id", "line_items"]),
            Subject::OrderDelete => ("Order", &["id"], &[], MORE_THAN_AN_ID),
            Subject::Refund => {
                let never = &["line_items", "invoice_url", "order_edit", "verified_email", "shop_domain"];
                ("Refund", &["id"], &["refund_line_items", "transactions"], never)
            }
            Subject::Customer => {
                ("Customer", &["id"], &["state", "verified_email", "created_at"], NOT_CUSTOMERS)
            }
            Subject::CustomerDelete => {
                let never =
                    &["created_at", "updated_at", "state", "verified_email", "line_items", "order_id"];
                ("Customer", &["id"], &["admin_graphql_api_id", "tax_exemptions"], never)
            }
            Subject::CustomerMerge => {
                let needs = &["admin_graphql_api_customer_kept_id", "admin_graphql_api_customer_deleted_id"];
                ("", needs, &[], &["id", "line_items"])
            }
            Subject::Company => {
                let never = &["company", "billing_address", "customer_admin_graphql_api_id"];
                ("Company", &["admin_graphql_api_id"], &[], never)
            }
            Subject::CompanyLocation => {
                let never = &["customer_admin_graphql_api_id", "line_items"];
                ("CompanyLocation", &["admin_graphql_api_id"], &["company", "billing_address", "name"], never)
            }
            Subject::CompanyContact => {
                let never = &["billing_address", "external_id", "line_items"];
                (
                    "CompanyContact",
                    &["admin_graphql_api_id"],
                    &["customer_admin_graphql_api_id", "company"],
                    never,
                )
            }
            Subject::DraftOrder => ("DraftOrder", &["id"], &[], &["financial_status", "refund_line_items"]),
            Subject::AppUninstalled => {
                let never = &["line_items", "customer", "order_id", "verified_email"];
                ("Shop", &["id"], &["myshopify_domain", "shop_owner", "plan_name"], never)
            }
            Subject::CustomersDataRequest => {
                ("", &["shop_id"], &["data_request", "orders_requested"], &["id", "orders_to_redact"])
            }
            Subject::CustomersRedact => {
                ("", &["shop_id", "customer"], &[], &["id", "data_request", "orders_requested"])
            }
            Subject::ShopRedact => {
                let never = &["id", "customer", "data_request", "orders_requested", "orders_to_redact"];
                ("", &["shop_id"], &[], never)
            }
        };
        Self { kind, needs, one_of, never }
    }
}

/// One of these is there even where a subscription leaves out most of an order: a bare id is a deletion.
const ORDERS_OWN: &[&str] = &["line_items", "name", "financial_status", "total_price"];

/// Keys of edits, refunds, drafts, fulfilments, transactions, customers, shops and privacy requests. Only such as
/// Shopify will hardly add to orders: a new one here would stop them all.
const NOT_ORDERS: &[&str] = &[
    "order_id",
    "order_edit",
    "refund_line_items",
    "invoice_url",
    "verified_email",
    "myshopify_domain",
    "shop_owner",
    "shop_domain",
];

/// Keys of orders, refunds, shops and privacy requests.
const NOT_CUSTOMERS: &[&str] = &[
    "line_items",
    "financial_status",
    "total_price",
    "order_id",
    "order_edit",
    "refund_line_items",
    "myshopify_domain",
    "shop_owner",
    "plan_name",
    "shop_domain",
    "customer",
];

/// Keys of anything that is more than a bare id. A deletion that looks like more is refused: it cannot be undone.
const MORE_THAN_AN_ID: &[&str] = &[
    "created_at",
    "updated_at",
    "name",
    "line_items",
    "financial_status",
    "total_price",
    "order_id",
    "order_edit",
    "customer",
    "billing_address",
    "refund_line_items",
    "transactions",
    "invoice_url",
    "tracking_number",
    "state",
    "tax_exemptions",
    "verified_email",
    "myshopify_domain",
    "shop_owner",
    "shop_id",
    "zip",
];

impl<'de> Deserialize<'de> for Top<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TopVisitor)
    }
}

struct TopVisitor;

impl<'de> Visitor<'de> for TopVisitor {
    type Value = Top<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Top<'de>, A::Error> {
        let mut values = [None; KEYS.len()];
        while let Some(Key(key)) = map.next_key()? {
            let Ok(place) = KEYS.binary_search(&&*key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if values[place].replace(map.next_value()?).is_some() {
                return Err(A::Error::duplicate_field(KEYS[place]));
            }
        }
        Ok(Top(values))
    }
}

/// A key, copied only where it is written with escapes.
#[derive(Deserialize)]
pub(crate) struct Key<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_sorted_and_every_rule_names_only_them() {
        assert!(KEYS.is_sorted());
        for topic in Topic::all() {
            let rule = Rule::of(topic.subject());
            for key in rule.needs.iter().chain(rule.one_of).chain(rule.never) {
                assert!(KEYS.contains(key), "{}: {key}", topic.as_str());
            }
        }
    }

    #[test]
    fn every_key_is_used() {
        let rules: Vec<_> = Topic::all().map(|topic| Rule::of(topic.subject())).collect();
        for key in KEYS {
            let is_used = rules.iter().any(|rule| {
                rule.needs.contains(&key) || rule.one_of.contains(&key) || rule.never.contains(&key)
            });
            assert!(is_used, "{key}");
        }
    }
}
