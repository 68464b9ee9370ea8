//! The sample of what API Gateway hands over: its body is one of the samples, and its signature holds.

use std::collections::BTreeMap;

use domain::Private;
use serde::Deserialize;
use shopify::{DeliveryHeaders, parse_order, verify};

#[derive(Deserialize)]
struct Event {
    headers: BTreeMap<String, String>,
    body: String,
}

#[test]
fn the_sample_of_a_gateway_event_is_authentic_and_whole() {
    let event: Event = serde_json::from_slice(&crate::body("apigateway-http-shopify-orders-create")).unwrap();
    let headers = DeliveryHeaders::read(|name| {
        event.headers.get(name).map(|value| Some(value.as_str())).into_iter().collect()
    });
    let headers = headers.unwrap();
    let secret = Private::new("shpss_sample_secret".to_owned());
    assert_eq!(verify(&[secret], event.body.as_bytes(), &headers.signature), Ok(()));
    assert_eq!(headers.topic, "orders/create");
    let sample = parse_order(&crate::body("shopify-orders-create-guest-without-customer")).unwrap();
    assert_eq!(parse_order(event.body.as_bytes()).unwrap(), sample);
}
