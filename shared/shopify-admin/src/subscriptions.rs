//! Webhook subscriptions that were made through the Admin API. Those of `shopify.app.toml` are not among them: they
//! belong to the app and not to the shop.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    Admin, AdminError, Repair, UserError, Wanted,
    answer::Answer,
    error::bounded,
    query::{self, Query},
    repair::graphql_topic,
};

/// Subscriptions on a page.
const ON_A_PAGE: u32 = 100;
/// The most pages that are read: an app has one subscription for a topic and address, and there are 200 topics.
const MOST_PAGES: usize = 20;

/// A webhook subscription as Shopify has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id, `gid://shopify/WebhookSubscription/…`.
    pub id: String,
    /// Its topic, as the Admin API spells it: `ORDERS_CREATE`.
    pub topic: String,
    /// Where deliveries go.
    pub uri: String,
    /// Which deliveries are made (Shopify search syntax); nothing for all.
    pub filter: Option<String>,
    /// `JSON` or `XML`.
    pub format: String,
    /// The fields that bodies are cut down to; empty for whole ones.
    #[serde(default)]
    pub include_fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListData {
    webhook_subscriptions: Connection,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection {
    nodes: Vec<Subscription>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

/// What a mutation answers, whichever it is.
#[derive(Deserialize)]
struct Changed {
    #[serde(
        alias = "webhookSubscriptionCreate",
        alias = "webhookSubscriptionUpdate",
        alias = "webhookSubscriptionDelete"
    )]
    change: Option<Change>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    #[serde(default)]
    webhook_subscription: Option<Subscription>,
    #[serde(default)]
    deleted_webhook_subscription_id: Option<String>,
    user_errors: Vec<UserErrorBody>,
}

#[derive(Deserialize)]
struct UserErrorBody {
    field: Option<Vec<String>>,
    message: String,
}

impl Admin {
    /// All subscriptions of the app in the shop.
    pub async fn subscriptions(&self, deadline: Instant) -> Result<Vec<Subscription>, AdminError> {
        let mut found = Vec::new();
        let mut cursor = None;
        for _ in 0..MOST_PAGES {
            let variables = json!({ "first": ON_A_PAGE, "after": cursor });
            let answer = self.call(&query::SUBSCRIPTIONS, variables, deadline).await?;
            let ListData { webhook_subscriptions: page } = answer.data()?;
            found.extend(page.nodes);
            match page.page_info {
                PageInfo { has_next_page: false, .. } => return Ok(found),
                PageInfo { end_cursor, .. } => cursor = end_cursor,
            }
        }
        Err(AdminError::Unreadable(format!("there are more than {MOST_PAGES} pages of subscriptions")))
    }

    /// Makes a subscription. A topic of protected data that the app is not granted is refused by a user error.
    /// Whether it was made is not known after [`AdminError::Unknown`]: list them before it is made again.
    pub async fn subscribe(&self, wanted: &Wanted, deadline: Instant) -> Result<Subscription, AdminError> {
        let topic = graphql_topic(&wanted.topic);
        let variables = json!({ "topic": topic, "webhookSubscription": input(wanted) });
        self.change(&query::SUBSCRIBE, variables, deadline)
            .await?
            .webhook_subscription
            .ok_or_else(no_subscription)
    }

    /// Gives a subscription another address or filter.
    pub async fn update(
        &self,
        id: &str,
        wanted: &Wanted,
        deadline: Instant,
    ) -> Result<Subscription, AdminError> {
        let variables = json!({ "id": id, "webhookSubscription": input(wanted) });
        let change = self.change(&query::UPDATE_SUBSCRIPTION, variables, deadline).await?;
        change.webhook_subscription.ok_or_else(no_subscription)
    }

    /// Ends a subscription.
    pub async fn unsubscribe(&self, id: &str, deadline: Instant) -> Result<(), AdminError> {
        let change = self.change(&query::UNSUBSCRIBE, json!({ "id": id }), deadline).await?;
        change.deleted_webhook_subscription_id.map(|_| ()).ok_or_else(no_subscription)
    }

    /// Does what a plan says, one after another, and returns how many changes were made. What is [`Repair::Extra`] is
    /// left: somebody else of the same app may need it. Ends with the first change that fails.
    pub async fn apply(&self, repairs: &[Repair], deadline: Instant) -> Result<usize, AdminError> {
        let mut made = 0;
        for repair in repairs {
            match repair {
                Repair::Create(wanted) => drop(self.subscribe(wanted, deadline).await?),
                Repair::Update { id, wanted } => drop(self.update(id, wanted, deadline).await?),
                Repair::Keep(_) | Repair::Extra(_) => continue,
            }
            made += 1;
        }
        Ok(made)
    }

    async fn change(&self, query: &Query, variables: Value, deadline: Instant) -> Result<Change, AdminError> {
        let answer = self.call(query, variables, deadline).await?;
        accepted(&answer)
    }
}

fn input(wanted: &Wanted) -> Value {
    // A filter that is not wanted any more has to be taken away, so null is said.
    json!({ "uri": wanted.uri, "format": "JSON", "filter": wanted.filter, "includeFields": [] })
}

/// The change, if Shopify says nothing against it.
fn accepted(answer: &Answer) -> Result<Change, AdminError> {
    let change = answer.data::<Changed>()?.change.ok_or_else(no_subscription)?;
    if change.user_errors.is_empty() {
        return Ok(change);
    }
    let errors = change.user_errors.iter().map(|error| UserError {
        field: bounded(&error.field.as_deref().unwrap_or_default().join(".")),
        message: bounded(&error.message),
    });
    Err(AdminError::Invalid(errors.collect()))
}

fn no_subscription() -> AdminError {
    AdminError::Unreadable("it names no subscription".into())
}
