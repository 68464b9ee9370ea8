//! Signatures, by the published vectors of Standard Webhooks where they are beside the project.

use serde_json::Value;
use simulated_shipbob::sign;

#[test]
fn the_published_vectors_come_out() {
    let Some(fixtures) = testkit::fixtures() else { return };
    let bytes = std::fs::read(fixtures.join("standard-webhooks/vectors.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&bytes).unwrap();
    let mut checked = 0;
    for vector in ["sign", "derived"].iter().flat_map(|name| vectors[name].as_array().unwrap()) {
        let text = |name: &str| vector[name].as_str();
        let (Some(secret), Some(id), Some(payload)) = (text("secret"), text("msg_id"), text("payload"))
        else {
            continue;
        };
        let timestamp = vector["timestamp"].as_i64().unwrap();
        assert_eq!(sign(secret, id, timestamp, payload.as_bytes()).as_deref(), text("signature"), "{vector}");
        checked += 1;
    }
    assert!(checked >= 5, "{checked}");
}

#[test]
fn a_secret_that_is_no_base64_signs_nothing() {
    assert_eq!(sign("whsec_!!", "msg_1", 1, b""), None);
}
