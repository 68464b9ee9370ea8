//! Bodies that are not what they should be: each has an answer that names the place, never a panic, never a value.

use domain::FindingCode;
use proptest::prelude::*;
use shopify::{ParseError, parse_order, peek};

use crate::{body, sample_names};

const TWO_LINES: &str = "shopify-orders-create-two-lines";

/// The error of a full reading; the quick look must not panic either.
fn error(body: &[u8]) -> ParseError {
    let _ = peek(body);
    parse_order(body).unwrap_err()
}

fn path(body: &str) -> String {
    let finding = error(body.as_bytes()).finding();
    assert_eq!(finding.code, FindingCode::UnreadablePayload);
    finding.field
}

#[test]
fn what_is_no_object_is_told_apart() {
    let found = |body: &str| match error(body.as_bytes()) {
        ParseError::NotAnObject { found } => found,
        other => panic!("{body}: {other}"),
    };
    assert_eq!(found(r#"[{"id":1}]"#), "an array");
    assert_eq!(found(r#" "order""#), "a text");
    assert_eq!((found("820982911946154508"), found("-1")), ("a number", "a number"));
    assert_eq!(
        (found("null"), found("<order/>"), found("\u{feff}{}")),
        ("something else", "something else", "something else")
    );
    assert_eq!((error(b""), error(b" \r\n")), (ParseError::Empty, ParseError::Empty));
}

#[test]
fn a_body_that_is_not_utf_8_is_told_with_its_byte() {
    assert_eq!(error(b"{\"id\":1,\"note\":\"Zo\xeb\"}"), ParseError::NotUtf8 { at: 18 });
    assert_eq!(error(&[0xff, 0xfe, 0x7b]), ParseError::NotUtf8 { at: 0 });
    assert_eq!(error(b"{\n\"note\":\"Zo\xc3"), ParseError::Truncated { line: 2, column: 10 });
}

#[test]
fn an_answer_of_the_admin_api_is_told_apart_from_a_delivery() {
    assert_eq!(error(br#"{"order":{"id":1}}"#), ParseError::Wrapped { key: "order" });
    assert_eq!(error(br#"{"orders":[{"id":1}]}"#), ParseError::Wrapped { key: "orders" });
    assert_eq!(path(r#"{"order_edit":{"id":1,"order_id":2}}"#), "id");
}

#[test]
fn a_field_that_cannot_be_read_is_told_by_its_path() {
    let cases = [
        ("{}", "id"),
        (r#"{"id":-1}"#, "id"),
        (r#"{"id":1.5}"#, "id"),
        (r#"{"id":"+1"}"#, "id"),
        (r#"{"id":99999999999999999999}"#, "id"),
        (r#"{"id":1,"line_items":[{},{"price":true}]}"#, "line_items[1].price"),
        (r#"{"id":1,"line_items":[{"quantity":1.5}]}"#, "line_items[0].quantity"),
        (r#"{"id":1,"line_items":{}}"#, "line_items"),
        (r#"{"id":1,"customer":{"email":{"a":1}}}"#, "customer.email"),
        (r#"{"id":1,"shipping_lines":[{"tax_lines":[{"rate":[]}]}]}"#, "shipping_lines[0].tax_lines[0].rate"),
        (r#"{"id":1,"updated_at":"2026-11-20"}"#, "updated_at"),
        (r#"{"id":1,"id":2}"#, "id"),
        (r#"{"id":1,"line_items":[{"sku":"A","sku":"B"}]}"#, "line_items[0].sku"),
    ];
    for (body, expected) in cases {
        assert_eq!(path(body), expected, "{body}");
    }
}

#[test]
fn line_and_column_lead_to_the_fault() {
    let body = "{\n  \"id\": 1,\n  \"test\": \"yes\"\n}";
    let text = error(body.as_bytes()).to_string();
    assert_eq!(text, "`test` cannot be read, at line 3, column 15: expected a boolean");
    let text = error(b"{\n  \"id\": 1\n  \"test\": true}").to_string();
    assert_eq!(text, "the body is not JSON at line 3, column 3: expected `,` or `}`");
}

/// A parser's usual message quotes what it found, and with it the customer.
#[test]
fn no_error_shows_what_was_there() {
    let secret = "jon@example.com, expected nobody";
    for field in ["id", "test", "line_items", "customer", "updated_at", "taxes_included", "location_id"] {
        let body = format!(r#"{{"{field}":"{secret}","id":1}}"#);
        let finding = error(body.as_bytes()).finding();
        assert!(!format!("{finding:?}{finding}").contains("jon@"), "{finding}");
    }
    let finding = error(br#"{"id":1,"customer":{"phone":5550101}}"#).finding();
    assert!(!finding.to_string().contains("5550101"), "{finding}");
}

#[test]
fn a_fault_in_another_field_does_not_lose_the_order() {
    let peek = peek(br#"{"id":"7","updated_at":"soon","name":17,"line_items":3}"#).unwrap();
    assert_eq!((peek.id, peek.updated_at, peek.name.as_str()), (7, None, ""));
    let long = format!(r#"{{"id":7,"name":"{}"}}"#, "é".repeat(5_000));
    assert_eq!(shopify::peek(long.as_bytes()).unwrap().name.chars().count(), 64);
}

#[test]
fn a_sample_cut_off_anywhere_ends_too_early() {
    let whole = body(TWO_LINES);
    let last = whole.iter().rposition(|byte| *byte == b'}').unwrap();
    for length in 1..=last {
        match error(&whole[..length]) {
            ParseError::Truncated { .. } => assert!(peek(&whole[..length]).is_err()),
            // A coordinate of an address, cut off where a digit must follow.
            ParseError::Syntax { what, .. } if what == "invalid number" => {
                assert!(matches!(whole[length - 1], b'-' | b'.'), "cut off after {length} bytes");
            }
            other => panic!("cut off after {length} bytes: {other}"),
        }
    }
}

#[test]
fn deep_nesting_is_refused_or_passed_over_without_growing_the_stack() {
    let deep = |inner: &str| inner.replace('@', &format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000)));
    assert!(path(&deep(r#"{"id":1,"line_items":@}"#)).starts_with("line_items[0]"));
    assert_eq!(path(&deep(r#"{"id":@}"#)), "id");
    assert_eq!(parse_order(deep(r#"{"id":1,"unknown":@}"#).as_bytes()).unwrap().id, 1);
    let unclosed = format!(r#"{{"id":1,"a":{}"#, r#"{"a":"#.repeat(200_000));
    assert!(matches!(error(unclosed.as_bytes()), ParseError::Truncated { .. }));
}

#[test]
fn a_body_of_5_mb_is_read() {
    let line = r#"{"id":1,"sku":"MUG-BLUE-12","quantity":1,"price":"14.90"}"#;
    let lines = vec![line; 5_000_000 / line.len()];
    let order = parse_order(format!(r#"{{"id":1,"line_items":[{}]}}"#, lines.join(",")).as_bytes()).unwrap();
    assert_eq!(order.line_items.len(), lines.len());
    let note = format!(r#"{{"id":1,"note":"{}"}}"#, "n".repeat(5_000_000));
    assert_eq!(peek(note.as_bytes()).unwrap().id, 1);
}

proptest! {
    #[test]
    fn random_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        let _ = (peek(&bytes), parse_order(&bytes));
    }

    #[test]
    fn random_objects_are_no_panic(text in r#"\{"(id|name|line_items|customer|note)":[0-9\[\]{}",:a-z]{0,60}\}"#) {
        let _ = (peek(text.as_bytes()), parse_order(text.as_bytes()));
    }

    #[test]
    fn changed_samples_are_no_panic_and_show_nobody(
        name in prop::sample::select(sample_names()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let mut bytes = body(&name);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = peek(&bytes);
        if let Err(error) = parse_order(&bytes) {
            let shown = error.finding().to_string();
            prop_assert!(!shown.contains("example.com"), "{}", shown);
        }
    }

    #[test]
    fn every_id_of_64_bits_is_exact(id in any::<u64>()) {
        for body in [format!(r#"{{"id":{id}}}"#), format!(r#"{{"id":"{id}"}}"#)] {
            prop_assert_eq!(peek(body.as_bytes()).unwrap().id, id);
            prop_assert_eq!(parse_order(body.as_bytes()).unwrap().id, id);
        }
    }
}
