//! Which record a delivery is about: the poster claims it, and operators look for it.

mod shipbob;
mod shopify;

use domain::{Delivery, Digest, Kind, RecordKey, Source, SourceId, TenantId};
use jiff::Timestamp;
use platform::Envelope;

/// What a source's part says of a body.
struct About {
    kind: Kind,
    /// Nothing if the body names none.
    id: Option<SourceId>,
    /// The source's own update time of what the body shows.
    updated_at: Option<Timestamp>,
    /// The name that people use for it; empty where there is none.
    name: String,
}

/// Which record the delivery in an envelope is about, `bytes` being its body. A body that names none still gets one, so
/// that it does not disappear.
pub fn identify(envelope: &Envelope, bytes: &[u8]) -> (RecordKey, Delivery) {
    let body = Digest::of(bytes);
    let about = about(envelope.source, &envelope.topic, bytes);
    let key = RecordKey {
        kind: envelope.about.unwrap_or(about.kind),
        ..key(&envelope.tenant, envelope.source, &about, &body)
    };
    let delivery = Delivery {
        id: envelope.delivery_id.clone(),
        topic: envelope.topic.clone(),
        received_at: envelope.received_at,
        updated_at: about.updated_at,
        triggered_at: envelope.triggered_at,
        body,
        name: about.name,
        again: envelope.again.is_some(),
    };
    (key, delivery)
}

/// The record that a delivery of a topic with this body would be about.
pub fn record_of(tenant: &TenantId, source: Source, topic: &str, bytes: &[u8]) -> RecordKey {
    key(tenant, source, &about(source, topic, bytes), &Digest::of(bytes))
}

fn about(source: Source, topic: &str, bytes: &[u8]) -> About {
    match source {
        Source::Shopify => shopify::about(topic, bytes),
        Source::Shipbob => shipbob::about(topic, bytes),
    }
}

fn key(tenant: &TenantId, source: Source, about: &About, body: &Digest) -> RecordKey {
    let id = about.id.clone().unwrap_or_else(|| SourceId::unreadable(body));
    RecordKey { tenant: tenant.clone(), source, kind: about.kind, id }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_topic_has_its_record() {
        let (shopify, shipbob) = (Source::Shopify, Source::Shipbob);
        let (order, shipment) = (json!({ "id": 7, "shipments": [] }), json!({ "id": 7, "order_id": 5 }));
        let cases = [
            (
                shopify,
                "orders/create",
                json!({ "id": 820_982_911_946_154_508_u64, "line_items": [] }),
                "shopify/order/820982911946154508",
            ),
            (
                shopify,
                "refunds/create",
                json!({ "id": 3, "order_id": 1, "refund_line_items": [] }),
                "shopify/refund/3",
            ),
            (
                shopify,
                "customers/delete",
                json!({ "id": 3, "tax_exemptions": [] }),
                "shopify/customer/gone-3",
            ),
            (
                shopify,
                "app/uninstalled",
                json!({ "id": 3, "domain": "a.example.com", "myshopify_domain": "a.myshopify.com" }),
                "shopify/request/uninstalled-3",
            ),
            (shipbob, "order.shipped", order.clone(), "shipbob/request/shipments-7"),
            (shipbob, "order.polled", order, "shipbob/order/7"),
            (shipbob, "order.shipped", shipment.clone(), "shipbob/shipment/7"),
            (shipbob, "order.shipment.delivered", shipment, "shipbob/shipment/7"),
            (
                shipbob,
                "wro.updated",
                json!({ "id": 7, "inventory_quantities": [] }),
                "shipbob/request/receipt-7",
            ),
            (shipbob, "return.completed", json!({ "id": 7, "inventory": [] }), "shipbob/return/7"),
        ];
        for (source, topic, body, expected) in cases {
            let key = record_of(&"demo".parse().unwrap(), source, topic, body.to_string().as_bytes());
            assert_eq!(key.to_string(), format!("demo/{expected}"), "{topic}");
        }
    }

    #[test]
    fn a_body_that_names_no_record_has_one_all_the_same() {
        for (source, topic, kind) in
            [(Source::Shopify, "orders/create", Kind::Order), (Source::Shipbob, "wro.updated", Kind::Request)]
        {
            let key = record_of(&"demo".parse().unwrap(), source, topic, b"not JSON");
            assert_eq!((key.kind, key.id), (kind, SourceId::unreadable(&Digest::of(b"not JSON"))));
        }
    }
}
