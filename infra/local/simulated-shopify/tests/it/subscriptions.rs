//! Webhook subscriptions by the Admin API.

use serde_json::{Value, json};
use simulated_shopify::{DeclaredSubscription, ProtectedData, Settings};

use crate::bench::{Bench, HOOK};

fn create(bench: &mut Bench, topic: &str, input: &Value) -> Value {
    let query = "mutation($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {
        webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) {
            webhookSubscription { id topic uri format filter includeFields createdAt apiVersion { handle } }
            userErrors { field message } } }";
    bench.ask_with(query, &json!({ "topic": topic, "input": input }))["data"]["webhookSubscriptionCreate"]
        .take()
}

fn message(answer: &Value) -> &str {
    answer["userErrors"][0]["message"].as_str().unwrap_or_default()
}

#[test]
fn one_is_made_listed_counted_changed_and_deleted() {
    let mut bench = Bench::new();
    let made = create(&mut bench, "ORDERS_CREATE", &json!({ "uri": HOOK, "format": "JSON" }));
    assert_eq!(made["userErrors"], json!([]));
    let subscription = &made["webhookSubscription"];
    assert_eq!(
        subscription,
        &json!({
            "id": subscription["id"], "topic": "ORDERS_CREATE", "uri": HOOK, "format": "JSON", "filter": null,
            "includeFields": [], "createdAt": "2026-11-22T12:00:00Z", "apiVersion": { "handle": "2026-10" },
        })
    );
    create(&mut bench, "ORDERS_UPDATED", &json!({ "uri": HOOK }));
    let list = "{ webhookSubscriptions(first: 10, topics: [ORDERS_CREATE]) { nodes { id } }
        all: webhookSubscriptions(first: 1) { edges { node { topic } } pageInfo { hasNextPage } }
        webhookSubscriptionsCount { count precision } }";
    let listed = bench.data(list);
    assert_eq!(listed["webhookSubscriptions"]["nodes"], json!([{ "id": subscription["id"] }]));
    assert_eq!(listed["all"]["pageInfo"]["hasNextPage"], true);
    assert_eq!(listed["webhookSubscriptionsCount"], json!({ "count": 2, "precision": "EXACT" }));

    bench.pass(60);
    let change = format!(
        "mutation {{ webhookSubscriptionUpdate(id: {}, webhookSubscription: {{ uri: \"https://localhost/new\", includeFields: [\"id\"] }})
           {{ webhookSubscription {{ topic uri includeFields updatedAt }} userErrors {{ message }} }} }}",
        subscription["id"]
    );
    let changed = bench.data(&change);
    assert_eq!(
        changed["webhookSubscriptionUpdate"]["webhookSubscription"],
        json!({ "topic": "ORDERS_CREATE", "uri": "https://localhost/new", "includeFields": ["id"],
            "updatedAt": "2026-11-22T12:01:00Z" })
    );

    let delete = format!(
        "mutation {{ webhookSubscriptionDelete(id: {}) {{ deletedWebhookSubscriptionId userErrors {{ field message }} }} }}",
        subscription["id"]
    );
    assert_eq!(
        bench.data(&delete)["webhookSubscriptionDelete"]["deletedWebhookSubscriptionId"],
        subscription["id"]
    );
    let again = bench.data(&delete);
    assert_eq!(
        again["webhookSubscriptionDelete"],
        json!({ "deletedWebhookSubscriptionId": null,
            "userErrors": [{ "field": ["id"], "message": "Webhook subscription does not exist" }] })
    );
    assert_eq!(
        message(&bench.data(&change)["webhookSubscriptionUpdate"]),
        "Webhook subscription does not exist"
    );
}

#[test]
fn an_address_must_be_https_or_an_event_bus() {
    let mut bench = Bench::new();
    for (uri, expected) in [
        ("http://example.com/hook", "Address protocol http:// is not supported"),
        ("", "Address can't be blank"),
        ("https://", "Address is invalid"),
        ("example.com/hook", "Address is invalid"),
        ("kafka://topic", "Address protocol kafka:// is not supported"),
        ("https://other.myshopify.com/hook", "Address cannot be a Shopify or an internal domain"),
        ("https://example.com/hook", ""),
        ("pubsub://project:topic", ""),
        ("arn:aws:events:eu-west-1::event-source/aws.partner/shopify.com/1/main", ""),
    ] {
        let made = create(&mut bench, "ORDERS_CREATE", &json!({ "uri": uri }));
        assert_eq!(message(&made), expected, "{uri}");
        assert_eq!(made["webhookSubscription"].is_null(), !expected.is_empty(), "{uri}");
    }
    let missing = create(&mut bench, "ORDERS_CREATE", &json!({}));
    assert_eq!(message(&missing), "Address can't be blank");
}

#[test]
fn the_same_topic_and_address_are_refused_the_second_time() {
    let mut bench = Bench::new();
    let input = json!({ "uri": HOOK });
    create(&mut bench, "ORDERS_CREATE", &input);
    let again = create(&mut bench, "ORDERS_CREATE", &input);
    assert_eq!(message(&again), "Address for this topic has already been taken");
    assert_eq!(create(&mut bench, "ORDERS_PAID", &input)["userErrors"], json!([]));
    let filtered = create(&mut bench, "ORDERS_CREATE", &json!({ "uri": HOOK, "filter": "test:false" }));
    assert_eq!(filtered["userErrors"], json!([]));
}

#[test]
fn privacy_topics_are_no_topics_of_the_admin_api() {
    let mut bench = Bench::new();
    for topic in ["CUSTOMERS_REDACT", "CUSTOMERS_DATA_REQUEST", "SHOP_REDACT"] {
        let body = bench.ask_with(
            "mutation($t: WebhookSubscriptionTopic!) { webhookSubscriptionCreate(topic: $t, webhookSubscription: { uri: \"https://a.example\" }) { userErrors { message } } }",
            &json!({ "t": topic }),
        );
        assert_eq!(body["errors"][0]["extensions"]["code"], "INVALID_VARIABLE", "{topic}");
    }
}

#[test]
fn a_topic_with_customer_data_needs_approval() {
    let protected_data = ProtectedData { approved: false, ..ProtectedData::default() };
    let mut bench = Bench::with(Settings { protected_data, ..Settings::default() });
    let made = create(&mut bench, "ORDERS_CREATE", &json!({ "uri": HOOK }));
    assert!(message(&made).starts_with("This app is not approved to subscribe to webhook topics"));
    assert_eq!(create(&mut bench, "APP_UNINSTALLED", &json!({ "uri": HOOK }))["userErrors"], json!([]));
}

#[test]
fn declared_subscriptions_are_not_listed_but_deliver() {
    let mut bench = Bench::new();
    let declared = DeclaredSubscription {
        topic: "customers/redact".to_owned(),
        uri: format!("{HOOK}/"),
        name: Some("privacy".to_owned()),
        include_fields: Vec::new(),
    };
    bench.simulator.declare(&[declared], bench.now);
    assert_eq!(
        bench.data("{ webhookSubscriptionsCount { count } }")["webhookSubscriptionsCount"]["count"],
        0
    );
    bench.simulator.publish("customers/redact", json!({ "shop_id": 1 }), bench.now);
    let due = bench.due();
    assert_eq!((due.len(), due[0].address.as_str()), (1, HOOK), "the trailing slash is stripped");
    assert_eq!(due[0].header("x-shopify-name"), Some("privacy"));
}
