//! The subscriptions job: are the webhook subscriptions still there?
//!
//! Shopify removes a subscription after eight failures in a row and tells nobody who reads logs; from then on the
//! reconcile job is all that brings orders.

use platform::telemetry::{self, Metric};
use reconcile::{Subscribed, check, wanted};
use tokio::time::Instant;

use crate::{
    Names, Poller,
    handler::Shops,
    reconcile::failed,
    turn::{in_turn, share},
};

impl Poller {
    /// Looks at these tenants' subscriptions, and restores what is missing where the mapping file asks for it.
    pub(crate) async fn subscriptions(&self, tenants: &Names, deadline: Instant) -> Shops {
        let mut shops = Shops::default();
        for (place, id) in in_turn(&tenants.0, self.clock.now()).enumerate() {
            let deadline = share(deadline, tenants.0.len() - place);
            let Some(open) = self.open(id, &mut shops).await else { continue };
            let restore = open.tenant.mapping.shopify.restore_subscriptions;
            match check(&open.admin, &wanted(&self.webhook_url, id), restore, deadline).await {
                Ok(found) => take_down(id.as_str(), &found, &mut shops),
                Err(error) if error.is_passing() => {
                    tracing::warn!(tenant = %id, %error, "the subscriptions could not be listed");
                    shops.shops_unfinished += 1;
                }
                Err(error) => failed(id, &error, &mut shops),
            }
        }
        shops
    }
}

fn take_down(tenant: &str, found: &Subscribed, shops: &mut Shops) {
    let Subscribed { missing, different, restored, failed, .. } = found;
    shops.shops_done += 1;
    shops.subscriptions_missing += missing.len() + different.len();
    shops.subscriptions_restored += restored;
    if missing.is_empty() && different.is_empty() {
        return;
    }
    tracing::warn!(
        tenant,
        ?missing,
        ?different,
        restored,
        "Shopify does not deliver these topics to this connector"
    );
    for (topic, error) in failed {
        tracing::error!(tenant, topic, %error, "the subscription could not be restored");
    }
    telemetry::count(Metric::SubscriptionMissing, tenant, missing.len() + different.len());
}
