//! Which record a delivery is about.

use domain::{Delivery, Digest, Kind, RecordKey, Source, SourceId};
use jiff::Timestamp;
use platform::Envelope;

use crate::{from_shipbob, from_shopify};

/// What a source's part says of a delivery.
pub(crate) struct About {
    pub(crate) kind: Kind,
    /// Nothing if the body names none.
    pub(crate) id: Option<SourceId>,
    /// The source's own update time of what the body shows.
    pub(crate) updated_at: Option<Timestamp>,
    /// The name that people use for it; empty where there is none.
    pub(crate) name: String,
}

/// Which record a delivery is about. A body that names none still gets one, so that it does not disappear.
pub(crate) fn identify(envelope: &Envelope, bytes: &[u8]) -> (RecordKey, Delivery) {
    let body = Digest::of(bytes);
    let About { kind, id, updated_at, name } = match envelope.source {
        Source::Shopify => from_shopify::about(envelope, bytes),
        Source::Shipbob => from_shipbob::about(envelope, bytes),
    };
    let key = RecordKey {
        tenant: envelope.tenant.clone(),
        source: envelope.source,
        kind: envelope.about.unwrap_or(kind),
        id: id.unwrap_or_else(|| SourceId::unreadable(&body)),
    };
    let delivery = Delivery {
        id: envelope.delivery_id.clone(),
        topic: envelope.topic.clone(),
        received_at: envelope.received_at,
        updated_at,
        triggered_at: envelope.triggered_at,
        body,
        name,
        again: envelope.again.is_some(),
    };
    (key, delivery)
}
