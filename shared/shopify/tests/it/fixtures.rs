//! Payloads and signatures that nobody here wrote. Where they are not beside the project, nothing is tested here
//! and the run says so.

use std::{fs, path::Path};

use domain::Private;
use serde::Deserialize;
use serde_json::value::RawValue;
use shopify::{ParseError, parse_order, peek, verify};

fn fixtures() -> Option<std::path::PathBuf> {
    testkit::fixtures().map(|folder| folder.join("shopify"))
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    secret: String,
    body: String,
    header: String,
    valid: bool,
}

#[test]
fn every_published_signature_is_judged_as_its_publisher_says() {
    let Some(folder) = fixtures() else { return };
    let text = fs::read(folder.join("hmac/webhook_hmac_vectors.json")).unwrap();
    let vectors: Vec<Vector> = serde_json::from_slice(&text).unwrap();
    assert!(vectors.len() >= 14, "only {} vectors", vectors.len());
    for vector in vectors {
        let secrets = [Private::new("another".to_owned()), Private::new(vector.secret)];
        let judged = verify(&secrets, vector.body.as_bytes(), &vector.header);
        assert_eq!(judged.is_ok(), vector.valid, "{}: {judged:?}", vector.id);
        let with_newline = format!("{}\n", vector.header);
        assert_eq!(verify(&secrets, vector.body.as_bytes(), &with_newline), judged, "{}", vector.id);
    }
}

/// What an order's fixture came to.
#[derive(Default, Debug, PartialEq, Eq)]
struct Count {
    orders: usize,
    refused: usize,
}

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    order: &'a RawValue,
}

/// Whether a file holds a body of a topic that brings whole orders.
fn is_order(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    let others =
        ["orders_delete", "orders_edited", "orders_risk", "2025-04", "_list", "sparse", "order_transactions"];
    let is_named = name.starts_with("order_") || name.starts_with("orders_") || name == "order.json";
    is_named && !others.iter().any(|other| name.contains(other)) && !name.ends_with(".schema.json")
}

#[test]
fn every_order_that_others_published_is_read() {
    let Some(folder) = fixtures() else { return };
    let mut count = Count::default();
    for path in testkit::files(&folder, ".json").iter().filter(|path| is_order(path)) {
        let text = fs::read_to_string(path).unwrap();
        let bare = match peek(text.as_bytes()) {
            Err(ParseError::Wrapped { .. }) => {
                assert_eq!(parse_order(text.as_bytes()).unwrap_err(), ParseError::Wrapped { key: "order" });
                serde_json::from_str::<Wrapped<'_>>(&text).unwrap().order.get()
            }
            _ => text.as_str(),
        };
        match parse_order(bare.as_bytes()) {
            Ok(order) => {
                assert_eq!(peek(bare.as_bytes()).unwrap().id, order.id);
                assert!(!order.line_items.is_empty(), "{}", path.display());
                count.orders += 1;
            }
            Err(error) => {
                eprintln!("{}: {error}", path.display());
                count.refused += 1;
            }
        }
    }
    assert_eq!(count, Count { orders: 26, refused: 0 });
}

#[test]
fn no_published_payload_is_a_panic_and_each_refusal_says_why() {
    let Some(folder) = fixtures() else { return };
    let files = testkit::files(&folder, ".json");
    assert!(files.len() > 100, "{}", files.len());
    for path in files {
        let text = fs::read(&path).unwrap();
        let _ = peek(&text);
        if let Err(error) = parse_order(&text) {
            let finding = error.finding();
            assert!(!finding.message.is_empty() && !finding.help.is_empty(), "{}", path.display());
        }
    }
}

/// The 2019 sample is the only one whose ids no tool has rounded on the way.
#[test]
fn ids_of_a_published_order_are_exact() {
    let Some(folder) = fixtures() else { return };
    let text = fs::read(folder.join("docs-sample-exact-ids/orders_cancelled_2019.json")).unwrap();
    assert_eq!(parse_order(&text).unwrap().id, 820_982_911_946_154_508);
}
