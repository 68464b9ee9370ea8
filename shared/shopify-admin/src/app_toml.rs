//! The same subscriptions as a fragment of `shopify.app.toml`, which Shopify does not remove after failures.

use serde::Serialize;

use crate::{VERSION, Wanted, is_compliance_topic};

#[derive(Serialize)]
struct File<'a> {
    webhooks: Webhooks<'a>,
}

#[derive(Serialize)]
struct Webhooks<'a> {
    api_version: &'a str,
    subscriptions: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    topics: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    compliance_topics: Vec<&'a str>,
    uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a str>,
}

/// The fragment: one entry for each address and filter, each topic once in it, compliance topics under their own key
/// (Shopify CLI refuses a topic, address and filter that stand there twice).
pub fn shopify_app_toml(wanted: &[Wanted]) -> String {
    let mut subscriptions: Vec<Entry<'_>> = Vec::new();
    for wanted in wanted {
        let (uri, filter) = (wanted.uri.trim_end_matches('/'), wanted.filter.as_deref());
        let place = subscriptions.iter().position(|entry| entry.uri == uri && entry.filter == filter);
        let place = place.unwrap_or_else(|| {
            subscriptions.push(Entry { topics: Vec::new(), compliance_topics: Vec::new(), uri, filter });
            subscriptions.len() - 1
        });
        let entry = &mut subscriptions[place];
        let topics =
            if is_compliance_topic(&wanted.topic) { &mut entry.compliance_topics } else { &mut entry.topics };
        if !topics.contains(&wanted.topic.as_str()) {
            topics.push(&wanted.topic);
        }
    }
    // Texts and lists of texts can always be written.
    toml::to_string(&File { webhooks: Webhooks { api_version: VERSION, subscriptions } }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_of_one_address_share_an_entry() {
        let wanted = |topic: &str, uri: &str, filter: Option<&str>| Wanted {
            topic: topic.into(),
            uri: uri.into(),
            filter: filter.map(str::to_owned),
        };
        let fragment = shopify_app_toml(&[
            wanted("orders/create", "https://hooks.example.com/s", None),
            wanted("customers/redact", "https://hooks.example.com/s", None),
            wanted("orders/updated", "https://hooks.example.com/s/", None),
            wanted("orders/create", "https://hooks.example.com/s", None),
            wanted(
                "orders/paid",
                "arn:aws:events:eu-central-1::event-source/aws.partner/shopify.com/1/s",
                Some("test:false"),
            ),
        ]);
        let expected = r#"[webhooks]
api_version = "2026-10"

[[webhooks.subscriptions]]
topics = ["orders/create", "orders/updated"]
compliance_topics = ["customers/redact"]
uri = "https://hooks.example.com/s"

[[webhooks.subscriptions]]
topics = ["orders/paid"]
uri = "arn:aws:events:eu-central-1::event-source/aws.partner/shopify.com/1/s"
filter = "test:false"
"#;
        assert_eq!(fragment, expected);
    }
}
