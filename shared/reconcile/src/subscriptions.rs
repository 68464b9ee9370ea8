//! Which webhook subscriptions a shop lacks, and how they come back.

use domain::TenantId;
use shopify::Topic;
use shopify_admin::{Admin, AdminError, Repair, Wanted, is_compliance_topic, plan_repair};
use tokio::time::Instant;

/// What was found of a shop's subscriptions, and what was done. Topics are spelt as webhooks spell them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscribed {
    /// How many are as they should be.
    pub kept: usize,
    /// Topics that are not subscribed to: Shopify removes a subscription after eight failures in a row.
    pub missing: Vec<String>,
    /// Topics whose subscription goes elsewhere, or is filtered or cut down.
    pub different: Vec<String>,
    /// How many are there and not wanted; they are left.
    pub extra: usize,
    /// How many of the missing and the different ones were made as they should be.
    pub restored: usize,
    /// Topics that could not be restored, each with the reason.
    pub failed: Vec<(String, AdminError)>,
}

/// Every subscription that a tenant is to have: each topic that is worked on, delivered to the webhook's address for
/// that tenant below `url`. The compliance topics are among them, for `shopify.app.toml`.
pub fn wanted(url: &str, tenant: &TenantId) -> Vec<Wanted> {
    let uri = format!("{}/webhooks/shopify/{tenant}", url.trim_end_matches('/'));
    let topics = Topic::all().filter(|topic| topic.is_needed());
    topics.map(|topic| Wanted { topic: topic.as_str().to_owned(), uri: uri.clone(), filter: None }).collect()
}

/// Compares the subscriptions that were made through the Admin API with those that are wanted and, if asked to, makes
/// or changes what is not as it should be. One that cannot be restored keeps no other from it.
///
/// What `shopify.app.toml` declares is not among them: a shop whose subscriptions stand there must not be checked,
/// for it would seem to have none, and those that were made would deliver everything twice.
pub async fn check(
    admin: &Admin,
    wanted: &[Wanted],
    restore: bool,
    deadline: Instant,
) -> Result<Subscribed, AdminError> {
    let existing = admin.subscriptions(deadline).await?;
    let mut found = Subscribed::default();
    let wanted: Vec<_> =
        wanted.iter().filter(|wanted| !is_compliance_topic(&wanted.topic)).cloned().collect();
    for repair in plan_repair(&wanted, &existing) {
        let topic = match &repair {
            Repair::Keep(_) => {
                found.kept += 1;
                continue;
            }
            Repair::Extra(_) => {
                found.extra += 1;
                continue;
            }
            Repair::Create(wanted) => {
                found.missing.push(wanted.topic.clone());
                wanted.topic.clone()
            }
            Repair::Update { wanted, .. } => {
                found.different.push(wanted.topic.clone());
                wanted.topic.clone()
            }
        };
        if !restore {
            continue;
        }
        match admin.apply(&[repair], deadline).await {
            Ok(made) => found.restored += made,
            Err(error) => found.failed.push((topic, error)),
        }
    }
    Ok(found)
}
