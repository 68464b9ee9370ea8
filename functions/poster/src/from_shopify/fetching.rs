//! What a delivery only hints at is fetched from the source and sent down the usual way.

use domain::{Event, Finding, FindingCode, Held};
use platform::{Body, Envelope, LARGEST_MESSAGE};
use tenants::{Tenant, installation::is_uninstalled};

use crate::{Ending, Poster, turn::Turn};

/// How many seconds an edit waits for what did not answer.
const A_WHILE: i64 = 60;
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
        match is_uninstalled(&*self.ledger, &held.record.key.tenant).await {
            Ok(false) => {}
            Ok(true) => {
                return self.skip(held, "the shop has removed the app: nothing is fetched".to_owned()).await;
            }
            Err(error) => return self.put_off(held, A_WHILE, &error.to_string()).await,
        }
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
        let message = envelope.to_message();
        if message.len() > LARGEST_MESSAGE {
            let help = "look for the order in orders/updated, or enter the change by hand";
            let message = format!("order {order} is too large for a message of the queue");
            return self.reject(held, vec![Finding::new(FindingCode::TooLong, "order", message, help)]).await;
        }
        if let Err(error) = self.queue.send(&key.tenant, message).await {
            return self.put_off(held, 1, &error.to_string()).await;
        }
        held.note(now, Event::Fetched, format!("order {order}"));
        self.skip(held, format!("order {order} was fetched and goes its own way")).await
    }
}
