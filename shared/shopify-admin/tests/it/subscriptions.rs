//! Webhook subscriptions: listed, made, changed and ended.

use serde_json::{Value, json};
use shopify_admin::{AdminError, Repair, Wanted, plan_repair};

use crate::world::{data, in_seconds, shop};

const URI: &str = "https://hooks.example.com/webhooks/shopify/demo";

fn subscription(id: u64, topic: &str) -> Value {
    json!({
        "id": format!("gid://shopify/WebhookSubscription/{id}"), "topic": topic, "uri": URI, "filter": null,
        "format": "JSON", "includeFields": []
    })
}

fn wanted(topic: &str) -> Wanted {
    Wanted { topic: topic.into(), uri: URI.into(), filter: None }
}

fn page(nodes: &[Value], cursor: Option<&str>) -> Value {
    let info = json!({ "hasNextPage": cursor.is_some(), "endCursor": cursor });
    json!({ "webhookSubscriptions": { "nodes": nodes, "pageInfo": info } })
}

#[tokio::test(start_paused = true)]
async fn all_pages_are_listed() {
    let first = page(&[subscription(1, "ORDERS_CREATE")], Some("c1"));
    let (admin, script) = shop([data(first), data(page(&[subscription(2, "ORDERS_PAID")], None))]);
    let found = admin.subscriptions(in_seconds(10)).await.unwrap();
    assert_eq!(found.iter().map(|s| s.topic.as_str()).collect::<Vec<_>>(), ["ORDERS_CREATE", "ORDERS_PAID"]);
    assert_eq!(script.variables()[1]["after"], "c1");
}

#[tokio::test(start_paused = true)]
async fn a_plan_makes_what_is_missing_changes_what_differs_and_leaves_what_nobody_asked_about() {
    let old = json!({ "uri": "https://old.example.com", "id": "gid://shopify/WebhookSubscription/2", "topic": "ORDERS_PAID",
        "filter": "test:false", "format": "JSON", "includeFields": [] });
    let there = page(&[old, subscription(3, "THEMES_UPDATE")], None);
    let made = json!({ "webhookSubscriptionCreate": { "webhookSubscription": subscription(1, "ORDERS_CREATE"), "userErrors": [] } });
    let changed = json!({ "webhookSubscriptionUpdate": { "webhookSubscription": subscription(2, "ORDERS_PAID"), "userErrors": [] } });
    let (admin, script) = shop([data(there), data(made), data(changed)]);
    let existing = admin.subscriptions(in_seconds(10)).await.unwrap();
    let plan =
        plan_repair(&[wanted("orders/create"), wanted("orders/paid"), wanted("shop/redact")], &existing);
    assert!(
        matches!(plan.as_slice(), [Repair::Create(_), Repair::Update { .. }, Repair::Extra(_)]),
        "{plan:?}"
    );
    assert_eq!(admin.apply(&plan, in_seconds(10)).await, Ok(2));
    let variables = script.variables();
    let input = json!({ "uri": URI, "format": "JSON", "filter": null, "includeFields": [] });
    assert_eq!(variables[1], json!({ "topic": "ORDERS_CREATE", "webhookSubscription": input }));
    assert_eq!(
        variables[2],
        json!({ "id": "gid://shopify/WebhookSubscription/2", "webhookSubscription": input })
    );
}

#[tokio::test(start_paused = true)]
async fn user_errors_are_read_though_the_answer_is_200() {
    let refusal = json!({ "webhookSubscriptionCreate": { "webhookSubscription": null, "userErrors": [
        { "field": ["webhookSubscription", "uri"], "message": "Address for this topic has already been taken" },
        { "field": null, "message": "You do not have permission" }
    ] } });
    let (admin, _) = shop([data(refusal)]);
    let error = admin.subscribe(&wanted("orders/create"), in_seconds(10)).await.unwrap_err();
    assert!(matches!(&error, AdminError::Invalid(errors) if errors.len() == 2), "{error}");
    assert!(error.to_string().contains("`webhookSubscription.uri` Address for this topic"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_subscription_is_ended() {
    let id = "gid://shopify/WebhookSubscription/1";
    let ended =
        json!({ "webhookSubscriptionDelete": { "deletedWebhookSubscriptionId": id, "userErrors": [] } });
    let silent =
        json!({ "webhookSubscriptionDelete": { "deletedWebhookSubscriptionId": null, "userErrors": [] } });
    let (admin, _) = shop([data(ended), data(silent)]);
    assert_eq!(admin.unsubscribe(id, in_seconds(10)).await, Ok(()));
    assert!(matches!(admin.unsubscribe(id, in_seconds(10)).await, Err(AdminError::Unreadable(_))));
}
