//! What a delivery only hints at is fetched from the source and sent down the usual way.

use domain::{Event, Held};
use platform::{Body, Envelope};
use tenants::Tenant;

use crate::{Ending, Poster, turn::Turn};

/// The topic under which a fetched order goes on.
const WHOLE_ORDER: &str = "orders/updated";

impl Poster {
    /// Fetches an edited order and puts it on the queue as the delivery that brings it whole. Done twice, the second
    /// is a duplicate there.
    pub(crate) async fn fetch(&self, held: &mut Held, tenant: &Tenant, order: u64, turn: Turn) -> Ending {
        let Some(shop) = &tenant.shop else {
            let reason = "orders/updated brings what was edited: the tenant has no Admin API credentials";
            return self.skip(held, reason.to_owned()).await;
        };
        let fetched = match shop.order(order, turn.latest_begin).await {
            Ok(Some(fetched)) => fetched,
            Ok(None) => return self.skip(held, format!("Shopify has no order {order}")).await,
            Err(error) if error.is_passing() => {
                let seconds = i64::try_from(error.wait().as_secs()).unwrap_or(i64::MAX);
                return self.put_off(held, seconds.max(1), &error.to_string()).await;
            }
            Err(error) => return self.reject(held, vec![error.finding()]).await,
        };
        let now = self.clock.now();
        let (key, id) = (&held.record.key, held.record.correlation.clone());
        let body = Body::compress(fetched.body.expose());
        let mut envelope =
            Envelope::new(key.tenant.clone(), key.source, WHOLE_ORDER.to_owned(), id, now, body);
        envelope.api_version = Some(shopify_admin::VERSION.to_owned());
        if let Err(error) = self.queue.send(&key.tenant, envelope.to_message()).await {
            return self.put_off(held, 1, &error.to_string()).await;
        }
        held.note(now, Event::Fetched, format!("order {order}"));
        self.skip(held, format!("order {order} was fetched and goes its own way")).await
    }
}
