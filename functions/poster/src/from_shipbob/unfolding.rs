//! What a delivery unfolds into: an order into its shipments, a receiving order into itself with its boxes.

use domain::Held;
use platform::{Body, Envelope, LARGEST_MESSAGE};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipbob::{Event, Receipt, Topic, parse};
use shipbob_api::ApiError;
use tenants::Tenant;

use crate::{Ending, Poster, turn::Turn};

/// The shipments of an order, each as ShipBob wrote it.
#[derive(Deserialize)]
struct Shipments<'a> {
    #[serde(borrow, default)]
    shipments: Vec<&'a RawValue>,
}

/// A delivery of our own.
struct Part {
    topic: Topic,
    id: String,
    body: Vec<u8>,
}

impl Poster {
    /// Puts what a delivery unfolds into on the queue, each as a delivery of its own. Done twice, the second ones are
    /// duplicates there.
    pub(crate) async fn unfold(
        &self,
        held: &mut Held,
        tenant: &Tenant,
        topic: &str,
        bytes: &[u8],
        turn: Turn,
    ) -> Ending {
        let event = Topic::parse(topic).and_then(|topic| parse(topic, bytes).ok());
        let parts = match event {
            Some(Event::Order(_)) => shipments(held, bytes),
            Some(Event::Receipt { receipt, .. }) => {
                match self.with_boxes(held, tenant, &receipt, bytes, turn).await {
                    Ok(part) => vec![part],
                    Err(ending) => return ending,
                }
            }
            Some(Event::Box(_)) => {
                let reason = "a box names no receiving order: those in work are fetched by the ingest job";
                return self.skip(held, reason.to_owned()).await;
            }
            _ => return self.skip(held, "it unfolds into nothing".to_owned()).await,
        };
        let count = parts.len();
        for part in parts {
            if let Err(ending) = self.send_part(held, part).await {
                return ending;
            }
        }
        self.skip(held, format!("{count} deliveries of it go their own way")).await
    }

    /// The receiving order with its boxes, which alone know lots; without access to ShipBob's API as it came.
    async fn with_boxes(
        &self,
        held: &Held,
        tenant: &Tenant,
        receipt: &Receipt,
        bytes: &[u8],
        turn: Turn,
    ) -> Result<Part, Ending> {
        let text = String::from_utf8_lossy(bytes);
        let boxes = match &tenant.shipbob {
            None => String::new(),
            Some(shipbob) => match shipbob.boxes(receipt.id, turn.latest_begin).await {
                Ok(boxes) => {
                    let boxes = boxes.unwrap_or_default();
                    let boxes: Vec<_> = boxes.iter().map(shipbob_api::Json::text).collect();
                    format!(",\"boxes\":[{}]", boxes.join(","))
                }
                Err(error) => return Err(self.not_fetched(held, &error).await),
            },
        };
        let body = format!("{{\"receipt\":{text}{boxes}}}").into_bytes();
        Ok(Part { topic: Topic::WroFetched, id: format!("{}-boxes", held.record.correlation), body })
    }

    async fn not_fetched(&self, held: &Held, error: &ApiError) -> Ending {
        if error.is_passing() {
            let seconds = i64::try_from(error.wait().as_secs()).unwrap_or(i64::MAX);
            self.put_off(held, seconds.max(1), &error.to_string()).await
        } else {
            self.reject(held, vec![error.finding()]).await
        }
    }

    async fn send_part(&self, held: &Held, part: Part) -> Result<(), Ending> {
        let (key, now) = (&held.record.key, self.clock.now());
        let body = Body::compress(&part.body);
        let topic = part.topic.as_str().to_owned();
        let envelope = Envelope::new(key.tenant.clone(), key.source, topic, part.id, now, body);
        let message = envelope.to_message();
        if message.len() > LARGEST_MESSAGE {
            let help = "enter it by hand: it has more lines than a message of the queue can carry";
            let finding =
                domain::Finding::new(domain::FindingCode::TooLong, "", "a part of it is too large", help);
            return Err(self.reject(held, vec![finding]).await);
        }
        let sent = self.queue.send(&key.tenant, message).await;
        match sent {
            Ok(()) => Ok(()),
            Err(error) => Err(self.put_off(held, 1, &error.to_string()).await),
        }
    }
}

fn shipments(held: &Held, bytes: &[u8]) -> Vec<Part> {
    let read = serde_json::from_slice::<Shipments<'_>>(bytes);
    let shipments = read.map(|read| read.shipments).unwrap_or_default().into_iter();
    let part = |(place, raw): (usize, &RawValue)| Part {
        topic: Topic::ShipmentPolled,
        id: format!("{}-{place}", held.record.correlation),
        body: raw.get().as_bytes().to_vec(),
    };
    shipments.enumerate().map(part).collect()
}
