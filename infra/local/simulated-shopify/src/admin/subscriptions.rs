//! Webhook subscriptions in GraphQL: list, count, create, update, delete. Privacy topics are no value of the topic enum,
//! so GraphQL itself refuses them.

use apollo_compiler::resolvers::FieldError;
use apollo_compiler::response::{JsonMap, JsonValue};
use serde_json::{Value, json};

use super::resolve::paging;
use super::root::{Api, count, invalid_id, text, version};
use super::shapes::id_in;
use crate::settings::Settings;
use crate::webhooks::{Subscription, UserError, Wanted, needs_approval};

/// The value of a root field that is about subscriptions; none if it is not.
pub(super) fn field(api: &mut Api<'_>, name: &str, arguments: &JsonMap) -> Option<Result<Value, FieldError>> {
    Some(match name {
        "webhookSubscription" => own_id(arguments).map(|id| node(api, id)),
        "webhookSubscriptions" => list(api, arguments),
        "webhookSubscriptionsCount" => Ok(count(api.subscriptions.listed().count(), arguments)),
        "webhookSubscriptionCreate" => Ok(create(api, arguments)),
        "webhookSubscriptionUpdate" => own_id(arguments).map(|id| update(api, id, arguments)),
        "webhookSubscriptionDelete" => own_id(arguments).map(|id| delete(api, id, arguments)),
        _ => return None,
    })
}

/// One subscription by its number; null without it.
pub(super) fn node(api: &Api<'_>, id: u64) -> Value {
    api.subscriptions.get(id).map_or(Value::Null, |known| shaped(known, api.settings))
}

fn own_id(arguments: &JsonMap) -> Result<u64, FieldError> {
    let gid = text(arguments, "id").unwrap_or_default();
    id_in(gid, "WebhookSubscription").ok_or_else(|| invalid_id(gid))
}

fn list(api: &Api<'_>, arguments: &JsonMap) -> Result<Value, FieldError> {
    let topics = arguments.get("topics").and_then(JsonValue::as_array);
    let wanted = |one: &&Subscription| {
        topics.is_none_or(|topics| topics.iter().any(|topic| topic.as_str() == Some(one.topic.as_str())))
            && text(arguments, "uri").is_none_or(|uri| uri == one.uri)
            && text(arguments, "format").is_none_or(|format| format == one.format)
    };
    let listed = api.subscriptions.listed().filter(wanted);
    // Ids rise with time, so both sort keys come to the same.
    let placed = listed.map(|one| ((String::new(), one.id), one)).collect();
    Ok(paging(arguments)?.page(placed, |one| shaped(one, api.settings)))
}

fn create(api: &mut Api<'_>, arguments: &JsonMap) -> Value {
    let topic = text(arguments, "topic").unwrap_or_default();
    if needs_approval(topic) && !api.settings.protected_data.approved {
        let message =
            "This app is not approved to subscribe to webhook topics containing protected customer data.";
        return answer(&Value::Null, &[UserError::new(&["webhookSubscription"], message)]);
    }
    match api.subscriptions.create(topic, &wanted(arguments), api.now) {
        Ok(made) => answer(&shaped(made, api.settings), &[]),
        Err(errors) => answer(&Value::Null, &errors),
    }
}

fn update(api: &mut Api<'_>, id: u64, arguments: &JsonMap) -> Value {
    match api.subscriptions.update(id, &wanted(arguments), api.now) {
        Ok(changed) => answer(&shaped(changed, api.settings), &[]),
        Err(errors) => answer(&Value::Null, &errors),
    }
}

fn delete(api: &mut Api<'_>, id: u64, arguments: &JsonMap) -> Value {
    let (deleted, errors) = match api.subscriptions.delete(id) {
        Ok(()) => (text(arguments, "id"), Vec::new()),
        Err(errors) => (None, errors),
    };
    json!({ "deletedWebhookSubscriptionId": deleted, "userErrors": errors })
}

/// GraphQL has checked the input's fields and types before.
fn wanted(arguments: &JsonMap) -> Wanted {
    let input = arguments.get("webhookSubscription").and_then(|input| serde_json::to_value(input).ok());
    input.and_then(|input| serde_json::from_value(input).ok()).unwrap_or_default()
}

fn answer(subscription: &Value, errors: &[UserError]) -> Value {
    json!({ "webhookSubscription": subscription, "userErrors": errors })
}

fn shaped(one: &Subscription, settings: &Settings) -> Value {
    json!({
        "__typename": "WebhookSubscription",
        "id": format!("gid://shopify/WebhookSubscription/{}", one.id),
        "legacyResourceId": one.id.to_string(),
        "topic": one.topic,
        "uri": one.uri,
        "format": one.format,
        "filter": one.filter,
        "includeFields": one.include_fields,
        "metafieldNamespaces": one.metafield_namespaces,
        "apiVersion": version(&settings.webhook_version, settings),
        "createdAt": one.created_at.to_string(),
        "updatedAt": one.updated_at.to_string(),
    })
}
