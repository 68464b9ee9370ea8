use super::*;

fn http(status: u16, body: &str) -> HttpAnswer {
    HttpAnswer { status, retry_after: None, body: Private::new(body.as_bytes().to_vec()) }
}

fn error_of(kind: Kind, body: &str) -> AdminError {
    read(kind, &http(200, body)).1.unwrap_err()
}

fn fault(code: &str, path: &str) -> String {
    format!(
        r#"{{"data":{{"order":null}},"errors":[{{"message":"words","path":{path},"extensions":{{"code":"{code}"}}}}]}}"#
    )
}

const COST: &str = r#""extensions":{"cost":{"requestedQueryCost":600,"actualQueryCost":null,"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":100,"restoreRate":100.0}}}"#;

#[test]
fn data_and_cost_are_read() {
    let (cost, answer) = read(Kind::Read, &http(200, &format!(r#"{{"data":{{"a":0.0725}},{COST}}}"#)));
    let level = Level { maximum: 2_000, available: 100, restore: 100 };
    assert_eq!(cost, Some(Cost { requested: 600, level }));
    assert_eq!(serde_json::to_string(&answer.unwrap().tree().unwrap()).unwrap(), r#"{"a":0.0725}"#);
}

/// Throttling is no HTTP status: the answer is 200, and the wait is what the cost lacks.
#[test]
fn throttled_waits_for_what_the_cost_lacks() {
    let body =
        format!(r#"{{"errors":[{{"message":"Throttled","extensions":{{"code":"THROTTLED"}}}}],{COST}}}"#);
    assert_eq!(error_of(Kind::Read, &body), AdminError::Throttled { wait: Duration::from_secs(5) });
    let bare = r#"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}"#;
    assert_eq!(error_of(Kind::Write, bare), AdminError::Throttled { wait: USUAL_WAIT });
}

#[test]
fn each_code_has_its_meaning() {
    let cases = [
        ("MAX_COST_EXCEEDED", AdminError::TooCostly),
        ("INTERNAL_SERVER_ERROR", AdminError::Unreachable("an error inside Shopify".into())),
        ("undefinedField", AdminError::Refused("undefinedField: words".into())),
    ];
    for (code, expected) in cases {
        assert_eq!(error_of(Kind::Read, &fault(code, "null")), expected);
    }
    let unknown = AdminError::Unknown("an error inside Shopify".into());
    assert_eq!(error_of(Kind::Write, &fault("INTERNAL_SERVER_ERROR", "null")), unknown);
    assert_eq!(
        error_of(Kind::Read, r#"{"errors":"[API] Invalid"}"#),
        AdminError::Refused("[API] Invalid".into())
    );
}

#[test]
fn a_missing_scope_is_named_even_below_a_customer() {
    let body = r#"{"data":{"order":{"customer":null}},"errors":[{"message":"Access denied for customer field.","path":["order","customer"],
        "extensions":{"code":"ACCESS_DENIED","requiredAccess":"`read_customers` access scope."}}]}"#;
    let error = error_of(Kind::Read, body).to_string();
    assert_eq!(
        error,
        "Shopify denies access to `order.customer`: grant the app `read_customers` access scope."
    );
}

#[test]
fn protected_data_below_a_customer_is_withheld_and_anything_else_is_an_error() {
    let body = fault("ACCESS_DENIED", r#"["nodes",3,"customer","email"]"#);
    let withheld = read(Kind::Read, &http(200, &body)).1.unwrap().withheld;
    let key = |text: &str| Step::Key(text.to_owned());
    assert_eq!(withheld, [[key("nodes"), Step::Place(3), key("customer"), key("email")]]);
    let error = error_of(Kind::Read, &fault("ACCESS_DENIED", r#"["order"]"#)).to_string();
    assert!(error.contains("`order`") && error.contains("protected customer data"), "{error}");
    let both = r#"{"data":{},"errors":[
        {"message":"x","path":["order","email"],"extensions":{"code":"ACCESS_DENIED"}},
        {"message":"x","path":["order","paymentTerms"],"extensions":{"code":"ACCESS_DENIED"}}]}"#;
    assert!(
        matches!(error_of(Kind::Read, both), AdminError::AccessDenied { what, .. } if what == "order.paymentTerms")
    );
}

#[test]
fn each_status_has_its_meaning() {
    let error = |kind, status| read(kind, &http(status, "")).1.unwrap_err();
    assert_eq!(error(Kind::Read, 502), AdminError::Unreachable("HTTP 502".into()));
    assert_eq!(error(Kind::Write, 502), AdminError::Unknown("HTTP 502".into()));
    for status in [302, 400, 402, 403, 404, 423] {
        assert!(matches!(error(Kind::Read, status), AdminError::Refused(_)), "{status}");
    }
    for (header, seconds) in [(None, 1), (Some("2.0"), 2), (Some("junk"), 1), (Some("99999"), 900)] {
        let answer = HttpAnswer { retry_after: header.map(str::to_owned), ..http(429, "") };
        let expected = AdminError::Throttled { wait: Duration::from_secs(seconds) };
        assert_eq!(read(Kind::Write, &answer).1.unwrap_err(), expected, "{header:?}");
    }
}

#[test]
fn what_is_no_answer_is_never_success() {
    for body in ["", "<html>", "{\"data\":7"] {
        assert!(matches!(error_of(Kind::Read, body), AdminError::Unreachable(_)), "{body}");
        assert!(matches!(error_of(Kind::Write, body), AdminError::Unknown(_)), "{body}");
    }
    for body in ["{}", "[]", r#"{"data":null}"#, r#"{"errors":[]}"#] {
        assert!(matches!(error_of(Kind::Read, body), AdminError::Unreadable(_)), "{body}");
        assert!(matches!(error_of(Kind::Write, body), AdminError::Unknown(_)), "{body}");
    }
}

#[derive(Debug, serde::Deserialize)]
struct Data {
    #[expect(dead_code, reason = "only its shape matters")]
    shop: u64,
}

#[test]
fn an_answer_of_another_shape_shows_nothing_of_itself() {
    let (_, answer) = read(Kind::Read, &http(200, r#"{"data":{"shop":"anna@example.com"}}"#));
    let answer = answer.unwrap();
    assert!(!format!("{answer:?}").contains("anna"));
    let error = answer.data::<Data>().unwrap_err().to_string();
    assert!(error.contains("another shape") && !error.contains("anna"), "{error}");
}
