//! What is new and what is gone in a body, by paths that hold nobody's data.

use proptest::prelude::*;
use serde_json::{Value, json};
use shopify::{Drift, ParseError, Topic, known};

use crate::{own_samples, published};

const NOW: Option<&str> = Some("2026-10");

fn two_lines() -> Value {
    serde_json::from_slice(&crate::body("shopify-orders-create-two-lines")).unwrap()
}

fn drift(body: &Value) -> Drift {
    known(Topic::OrdersUpdated, NOW).compare(body.to_string().as_bytes()).unwrap()
}

fn paths(paths: &[&str]) -> std::collections::BTreeSet<String> {
    paths.iter().map(|&path| path.to_owned()).collect()
}

#[test]
fn the_projects_samples_are_as_known() {
    for name in crate::sample_names() {
        let drift = known(Topic::OrdersCreate, NOW).compare(&crate::body(&name)).unwrap();
        assert_eq!(drift, Drift::default(), "{name}");
    }
    for (name, body) in own_samples() {
        let fits =
            |topic: &Topic| name.starts_with(&format!("shopify-{}-", topic.as_str().replace('/', "-")));
        let topic = Topic::all().find(fits).unwrap();
        assert_eq!(known(topic, NOW).compare(&body).unwrap(), Drift::default(), "{name}");
    }
}

#[test]
fn a_new_field_is_told_once_by_its_path_and_not_looked_into() {
    let mut body = two_lines();
    body["loyalty"] = json!({ "points": 3, "mia.muster@example.com": 1 });
    for line in body["line_items"].as_array_mut().unwrap() {
        line["bundle_id"] = json!(7);
        line["price_set"]["shop_money"]["scale"] = json!(2);
    }
    let expected = ["loyalty", "line_items[].bundle_id", "line_items[].price_set.shop_money.scale"];
    assert_eq!(drift(&body), Drift { unknown: paths(&expected), missing: paths(&[]) });
}

#[test]
fn a_field_that_is_gone_is_told_where_its_object_is_there() {
    let mut body = two_lines();
    body.as_object_mut().unwrap().remove("total_price");
    body["line_items"][1].as_object_mut().unwrap().remove("sku");
    body["shipping_lines"][0]["tax_lines"][0].as_object_mut().unwrap().remove("rate");
    let expected = ["total_price", "line_items[].sku", "shipping_lines[].tax_lines[].rate"];
    assert_eq!(drift(&body), Drift { unknown: paths(&[]), missing: paths(&expected) });
}

#[test]
fn what_shopify_withholds_or_leaves_out_by_rights_is_no_drift() {
    let mut body = two_lines();
    for key in ["email", "contact_email", "phone", "customer", "billing_address", "company", "note"] {
        body.as_object_mut().unwrap().remove(key);
    }
    body["shipping_address"] = json!(null);
    body["line_items"] = json!([]);
    assert!(drift(&body).is_none());
}

#[test]
fn an_older_version_may_lack_what_came_later() {
    let mut body = two_lines();
    body.as_object_mut().unwrap().remove("current_shipping_price_set");
    let missing =
        |version| known(Topic::OrdersPaid, version).compare(body.to_string().as_bytes()).unwrap().missing;
    assert_eq!(missing(NOW), paths(&["current_shipping_price_set"]));
    assert_eq!(missing(Some("2024-10")), paths(&["current_shipping_price_set"]));
    assert_eq!((missing(Some("2024-07")), missing(None)), (paths(&[]), paths(&[])));
}

/// A key may be anything in a body, also somebody's name.
#[test]
fn keys_of_other_letters_are_not_told_and_long_ones_are_cut() {
    let body = json!({ "id": 1, "mia.muster@example.com": 1, "Zoë": 2, "": 3, "x".repeat(500): 4, "491515550101": 5 });
    let unknown = drift(&body).unknown;
    assert_eq!(unknown, paths(&["_", &"x".repeat(100)]));
}

/// What apps, buyers and payment providers name their own way: as lists of pairs, and as the objects that they were.
#[test]
fn keys_that_are_not_shopifys_are_not_told() {
    let own = json!({ "engraving_for_mia": "Mia", "mia": { "muster": 1 } });
    for key in ["note_attributes", "client_details", "payment_details"] {
        let mut body = two_lines();
        body[key] = own.clone();
        assert!(drift(&body).is_none(), "{key}");
        body[key] = json!([own]);
        assert!(drift(&body).is_none(), "{key}");
    }
    let mut body = two_lines();
    body["line_items"][0]["properties"] = own.clone();
    body["customer"]["email_marketing_consent"] = own;
    assert!(drift(&body).is_none());
}

#[test]
fn the_paths_are_bounded_in_number() {
    let keys = (0..1_000).map(|number| (format!("key_{number}"), json!(1)));
    let body = Value::Object(keys.collect());
    let mut all = drift(&body);
    assert_eq!((all.unknown.len(), all.missing.len() < 200), (200, true));
    all.add(Drift { unknown: paths(&["another"]), missing: paths(&["total"]) });
    assert_eq!(all.unknown.len(), 200);
    assert!(all.missing.contains("total"));
}

#[test]
fn a_body_that_is_no_json_has_no_drift_to_tell() {
    let fields = known(Topic::OrdersCreate, NOW);
    assert!(matches!(fields.compare(br#"{"id":1"#), Err(ParseError::Truncated { .. })));
    assert!(matches!(fields.compare(br#"{"id":1} x"#), Err(ParseError::Syntax { .. })));
    assert!(matches!(fields.compare(b"[]"), Err(ParseError::NotAnObject { .. })));
    let draft = known(Topic::DraftOrdersCreate, NOW).compare(b"anything");
    assert!(draft.unwrap().is_none(), "drafts are not worked on");
}

/// The samples of the documentation, version by version: what each lacks that is there today.
#[test]
fn the_drift_of_published_samples_is_known() {
    let Some(bodies) = published("") else { return };
    let mut lines = Vec::new();
    for (name, body) in bodies.iter().filter(|(name, _)| name.starts_with("docs-sample")) {
        let file = name.rsplit_once('/').unwrap().1;
        let topic = Topic::all().find(|topic| file.starts_with(&topic.as_str().replace('/', "_")));
        let version = file.rsplit_once('_').unwrap().1.trim_end_matches(".json");
        let version = if name.contains("2026-04") { "2026-04" } else { version };
        if let Some(topic) = topic {
            let drift = known(topic, Some(version)).compare(body).unwrap();
            lines.push(format!("{name}: new {:?}, gone {:?}", drift.unknown, drift.missing));
        }
    }
    insta::assert_snapshot!("drift-of-published-samples", lines.join("\n"));
}

#[test]
fn known_paths_are_those_of_the_samples() {
    let paths = known(Topic::OrdersCreate, NOW).paths();
    for path in
        ["id", "line_items[].tax_lines[].rate", "total_price_set.presentment_money.amount", "refunds[].id"]
    {
        assert!(paths.contains(path), "{path}");
    }
    assert!(paths.len() > 500 && paths.iter().all(|path| path.is_ascii()), "{}", paths.len());
}

proptest! {
    #[test]
    fn no_body_is_a_panic_and_every_path_is_of_plain_letters(
        text in r#"\{("(id|refunds|line_items|é|A b|x)":[0-9\[\]{}",:a-z]{0,40},?){0,4}\}"#,
        topic in prop::sample::select(Topic::all().collect::<Vec<_>>()),
    ) {
        if let Ok(drift) = known(topic, NOW).compare(text.as_bytes()) {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.[]".contains(c);
            for path in drift.unknown.iter().chain(&drift.missing) {
                prop_assert!(path.len() <= 100 && path.chars().all(is_plain), "{}", path);
            }
        }
    }
}
