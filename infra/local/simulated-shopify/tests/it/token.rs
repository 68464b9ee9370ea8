//! The token endpoint.

use serde_json::{Value, json};
use simulated_shopify::{Effect, Fault, HttpRequest, Settings, UsedRefreshToken};

use crate::bench::{Bench, GRAPHQL, TOKEN, parsed};

fn grant(bench: &mut Bench, grant: &[(&str, &str)]) -> (u16, Value) {
    let own = bench.simulator.credentials().clone();
    let client = [("client_id", own.client_id.as_str()), ("client_secret", &own.client_secret)];
    let body: serde_json::Map<String, Value> =
        client.iter().chain(grant).map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    bench.post(TOKEN, "", &Value::Object(body))
}

fn refresh(bench: &mut Bench, token: &str) -> (u16, Value) {
    grant(bench, &[("grant_type", "refresh_token"), ("refresh_token", token)])
}

fn works(bench: &mut Bench, token: &str) -> bool {
    bench.post(GRAPHQL, token, &json!({ "query": "{ shop { name } }" })).0 == 200
}

#[test]
fn client_credentials_bring_a_token_of_a_day_and_older_ones_stay_in_force() {
    let mut bench = Bench::new();
    let ask = |bench: &mut Bench| {
        let (status, body) = grant(bench, &[("grant_type", "client_credentials")]);
        assert_eq!((status, &body["expires_in"]), (200, &json!(86_399)));
        assert_eq!(
            (&body["scope"], &body["refresh_token"]),
            (&json!("read_orders,read_customers"), &Value::Null)
        );
        body["access_token"].as_str().unwrap().to_owned()
    };
    let first = ask(&mut bench);
    assert!(first.starts_with("shpat_") && first.len() == 38);
    bench.pass(43_200);
    let second = ask(&mut bench);
    assert!(works(&mut bench, &first) && works(&mut bench, &second));
    bench.pass(43_199);
    assert!(!works(&mut bench, &first) && works(&mut bench, &second));
}

#[test]
fn the_parameters_may_be_a_form_or_json_and_nothing_else() {
    let mut bench = Bench::new();
    let own = bench.simulator.credentials().clone();
    let form = format!(
        "client_id={}&client_secret={}&grant_type=client_credentials",
        own.client_id, own.client_secret
    );
    for (kind, body, status) in [
        ("application/x-www-form-urlencoded", form.clone(), 200),
        ("application/json", "[]".to_owned(), 400),
        ("text/plain", form, 400),
    ] {
        let request = HttpRequest::new("POST", TOKEN).header("content-type", kind).body(body);
        assert_eq!(bench.send(&request).status, status, "{kind}");
    }
}

#[test]
fn each_wrong_request_gets_its_error() {
    let mut bench = Bench::new();
    let wrong = json!({ "client_id": "x", "client_secret": "y", "grant_type": "client_credentials" });
    let (status, body) = bench.post(TOKEN, "", &wrong);
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
    for (asked, error) in [
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![], "invalid_request"),
        (vec![("grant_type", "refresh_token"), ("refresh_token", "shprt_no")], "invalid_grant"),
    ] {
        let (status, body) = grant(&mut bench, &asked);
        assert_eq!((status, &body["error"]), (400, &json!(error)));
    }
}

#[test]
fn an_expiring_token_lives_an_hour_and_its_refresh_token_90_days() {
    let mut bench = Bench::new();
    let pair = bench.simulator.issue_offline_token(bench.now);
    assert_eq!((pair.expires_in, pair.refresh_token_expires_in), (3600, 7_776_000));
    bench.pass(3599);
    assert!(works(&mut bench, &pair.access_token));
    bench.pass(1);
    assert!(!works(&mut bench, &pair.access_token));
    bench.pass(7_776_000 - 3601);
    assert_eq!(refresh(&mut bench, &pair.refresh_token).0, 200);

    let pair = bench.simulator.issue_offline_token(bench.now);
    bench.pass(7_776_000);
    assert_eq!(refresh(&mut bench, &pair.refresh_token).0, 400);
}

#[test]
fn a_refresh_token_is_rotated_and_a_used_one_is_refused() {
    let mut bench = Bench::new();
    let pair = bench.simulator.issue_offline_token(bench.now);
    let (status, next) = refresh(&mut bench, &pair.refresh_token);
    assert_eq!(
        (status, &next["expires_in"], &next["refresh_token_expires_in"]),
        (200, &json!(3600), &json!(7_776_000))
    );
    let (access, rotated) = (next["access_token"].as_str().unwrap(), next["refresh_token"].as_str().unwrap());
    assert!(works(&mut bench, access));
    assert!(!works(&mut bench, &pair.access_token), "only one is active");
    let (status, body) = refresh(&mut bench, &pair.refresh_token);
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    assert!(works(&mut bench, access), "a refused refresh changes nothing");
    assert_eq!(refresh(&mut bench, rotated).0, 200);
}

#[test]
fn what_a_used_refresh_token_brings_can_be_set() {
    let settings = Settings {
        refresh_grace_seconds: 60,
        used_refresh_token: UsedRefreshToken::InvalidRequest,
        ..Settings::default()
    };
    let mut bench = Bench::with(settings);
    let pair = bench.simulator.issue_offline_token(bench.now);
    let (_, first) = refresh(&mut bench, &pair.refresh_token);
    bench.pass(59);
    assert_eq!(refresh(&mut bench, &pair.refresh_token).1, first);
    bench.pass(1);
    let (status, body) = refresh(&mut bench, &pair.refresh_token);
    assert_eq!((status, &body["error"]), (401, &json!("invalid_request")));
}

/// Seen at Shopify in 2026: the answer is lost after the rotation, and the shop is locked out.
#[test]
fn an_answer_that_is_lost_after_the_rotation_leaves_no_way_back() {
    let mut bench = Bench::new();
    let pair = bench.simulator.issue_offline_token(bench.now);
    bench.simulator.add_fault(Fault::once(Effect::DropAfter).on_token());
    let own = bench.simulator.credentials().clone();
    let body = json!({ "client_id": own.client_id, "client_secret": own.client_secret,
        "grant_type": "refresh_token", "refresh_token": pair.refresh_token });
    let request =
        HttpRequest::new("POST", TOKEN).header("content-type", "application/json").body(body.to_string());
    assert_eq!(bench.simulator.handle(&request, bench.now).response(), None);
    assert_eq!(refresh(&mut bench, &pair.refresh_token).0, 400);
    assert!(!works(&mut bench, &pair.access_token));
}

#[test]
fn an_uninstalled_app_has_no_tokens_and_gets_none() {
    let mut bench = Bench::new();
    let token = bench.token.clone();
    bench.simulator.uninstall(bench.now);
    assert!(!works(&mut bench, &token));
    assert_eq!(grant(&mut bench, &[("grant_type", "client_credentials")]).0, 400);
    bench.simulator.install();
    assert_eq!(grant(&mut bench, &[("grant_type", "client_credentials")]).0, 200);
}

#[test]
fn tokens_follow_from_the_seed() {
    let token = |seed| {
        let mut bench = Bench::seeded(Settings::default(), seed);
        bench.simulator.issue_permanent_token()
    };
    assert_eq!(token(3), token(3));
    assert_ne!(token(3), token(4));
}

#[test]
fn the_endpoint_takes_post_alone() {
    let mut bench = Bench::new();
    let response = bench.send(&HttpRequest::new("GET", TOKEN));
    assert_eq!(response.status, 404);
    assert!(parsed(&response)["errors"].is_string());
}
