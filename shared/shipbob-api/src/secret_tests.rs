use super::*;

fn parse(json: &str) -> Result<Access, SecretError> {
    Access::parse(&Private::new(json.to_owned()))
}

#[test]
fn both_kinds_are_read() {
    let token = parse(r#"{"kind":"access_token","access_token":" pat-1\n","webhook_secret":"x"}"#).unwrap();
    let access_token = Private::new("pat-1".to_owned());
    assert_eq!(token.credentials, Credentials::AccessToken { access_token });
    assert_eq!((token.channel_id, token.base_url.as_str()), (None, "https://api.shipbob.com/"));
    let app = parse(
        r#"{"kind":"oauth","client_id":"id","client_secret":"hush","refresh_token":"first","channel_id":"17",
            "base_url":"https://sandbox-api.shipbob.com","certificate_authority":null}"#,
    )
    .unwrap();
    assert_eq!((app.channel_id, app.certificate_authority.as_deref()), (Some(17), None));
    assert!(matches!(app.credentials, Credentials::OAuth { ref client_id, .. } if client_id == "id"));
}

#[test]
fn tokens_are_refreshed_where_the_host_has_its_own() {
    for (base, expected) in [
        ("https://api.shipbob.com", "https://auth.shipbob.com/connect/token"),
        ("https://sandbox-api.shipbob.com", "https://authstage.shipbob.com/connect/token"),
        ("http://127.0.0.1:4000", "http://127.0.0.1:4000/connect/token"),
    ] {
        let json = format!(r#"{{"kind":"access_token","access_token":"x","base_url":"{base}"}}"#);
        assert_eq!(parse(&json).unwrap().token_url().unwrap().as_str(), expected);
    }
}

#[test]
fn all_problems_are_named_at_once_and_no_value_is_shown() {
    let cases: [(&str, &[&str]); 5] = [
        ("hush", &["it is not a JSON object"]),
        ("[]", &["it is not a JSON object"]),
        ("{}", &["kind is missing", "kind must be access_token or oauth"]),
        (
            r#"{"kind":"oauth","client_id":7,"client_secret":"hush hush","channel_id":"hush","base_url":"http://hush.example.com"}"#,
            &[
                "client_id is not a text",
                "client_secret holds characters other than visible ASCII",
                "refresh_token is missing",
                "channel_id is not a whole number",
                "base_url must be an https address without a path, or http to this machine",
            ],
        ),
        (
            r#"{"kind":"access_token","access_token":" ","channel_id":-1,"certificate_authority":1}"#,
            &[
                "access_token is empty",
                "channel_id is not a whole number",
                "certificate_authority is not a text",
            ],
        ),
    ];
    for (json, expected) in cases {
        let error = parse(json).unwrap_err();
        assert_eq!(error.problems, expected, "{json}");
        assert!(!error.to_string().contains("hush"), "{error}");
    }
}

#[test]
fn only_safe_hosts_are_taken() {
    for (base, is_taken) in [
        ("https://shipbob.example.com", true),
        ("http://127.0.0.1:4000", true),
        ("http://localhost:4000/", true),
        ("http://[::1]:4000", true),
        ("http://10.0.0.1", false),
        ("http://127.0.0.1.evil.com", false),
        ("https://user:hush@api.shipbob.com", false),
        ("https://api.shipbob.com/2026-01", false),
        ("ftp://127.0.0.1", false),
        ("nothing", false),
    ] {
        let json = format!(r#"{{"kind":"access_token","access_token":"x","base_url":"{base}"}}"#);
        assert_eq!(parse(&json).is_ok(), is_taken, "{base}");
    }
}

#[test]
fn whose_requests_are_counted_together_is_told_without_the_secret() {
    let token =
        |token: &str| parse(&format!(r#"{{"kind":"access_token","access_token":"{token}"}}"#)).unwrap();
    assert_eq!(token("a").client("demo"), token("a").client("other"), "one user");
    assert_ne!(token("a").client("demo"), token("b").client("demo"));
    let app = |first: &str| {
        parse(&format!(
            r#"{{"kind":"oauth","client_id":"id","client_secret":"s","refresh_token":"{first}"}}"#
        ))
        .unwrap()
    };
    assert_eq!(
        app("one").client("demo"),
        app("two").client("demo"),
        "a new authorisation is the same user's"
    );
    assert_ne!(app("one").client("demo"), app("one").client("other"));
}

#[test]
fn debug_shows_no_secret() {
    let json = r#"{"kind":"oauth","client_id":"id","client_secret":"hush","refresh_token":"hush2"}"#;
    assert!(!format!("{:?}", parse(json).unwrap()).contains("hush"));
}
