//! The app beside the personal access token: refresh tokens are good once.

use serde_json::{Value, json};
use simulated_shipbob::{Credentials, HttpRequest, Settings};

use crate::bench::{Bench, parsed};

const DAY: i64 = 86_400;

fn ask(bench: &mut Bench, form: &[(&str, &str)]) -> (u16, Value) {
    let Credentials { client_id, client_secret, .. } = bench.simulator.credentials().clone();
    let form = form.iter().copied().chain([("client_id", &*client_id), ("client_secret", &*client_secret)]);
    let body = form.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let request = HttpRequest::new("POST", "/connect/token").body(body);
    let answer = bench.send(&request.header("content-type", "application/x-www-form-urlencoded"));
    (answer.status, parsed(&answer))
}

fn refresh(bench: &mut Bench, token: &str) -> (u16, Value) {
    ask(bench, &[("grant_type", "refresh_token"), ("refresh_token", token)])
}

fn code(bench: &mut Bench, consent: &Value) -> String {
    bench.does("authorise", consent)["code"].as_str().unwrap().to_owned()
}

/// An access token and a refresh token.
fn authorised(bench: &mut Bench) -> (String, String) {
    let code = code(bench, &Value::Null);
    tokens(&ask(bench, &[("grant_type", "authorization_code"), ("code", &code)]).1)
}

fn tokens(answer: &Value) -> (String, String) {
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    assert_eq!((&answer["expires_in"], &answer["token_type"]), (&json!(3600), &json!("Bearer")));
    (text("access_token"), text("refresh_token"))
}

fn get(bench: &mut Bench, token: &str, path: &str) -> u16 {
    let request = HttpRequest::new("GET", &format!("/2026-01/{path}"));
    bench.send(&request.header("authorization", &format!("Bearer {token}"))).status
}

#[test]
fn a_refresh_token_is_good_once_and_the_new_one_goes_on() {
    let mut bench = Bench::new();
    let (access, first) = authorised(&mut bench);
    assert_eq!(get(&mut bench, &access, "order"), 200);
    let (newer, second) = tokens(&refresh(&mut bench, &first).1);
    assert_eq!(refresh(&mut bench, &first), (400, json!({ "error": "invalid_grant" })));
    // The older access token lives out its hour.
    assert_eq!((get(&mut bench, &access, "order"), get(&mut bench, &newer, "order")), (200, 200));
    assert_eq!(refresh(&mut bench, &second).0, 200);
}

#[test]
fn an_access_token_lives_an_hour_and_a_refresh_token_thirty_days_without_use() {
    let mut bench = Bench::new();
    let (access, mut token) = authorised(&mut bench);
    bench.pass(3599);
    assert_eq!(get(&mut bench, &access, "order"), 200);
    bench.pass(1);
    assert_eq!(get(&mut bench, &access, "order"), 401);
    for _ in 0..3 {
        token = tokens(&refresh(&mut bench, &token).1).1;
        bench.pass(30 * DAY - 1);
    }
    token = tokens(&refresh(&mut bench, &token).1).1;
    bench.pass(30 * DAY);
    assert_eq!(refresh(&mut bench, &token).1["error"], "invalid_grant");
}

#[test]
fn a_code_is_good_once_for_two_minutes_and_with_its_verifier() {
    let mut bench = Bench::new();
    let spend = |bench: &mut Bench, code: &str, verifier: &str| {
        ask(bench, &[("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier)]).0
    };
    // The pair of RFC 7636, appendix B.
    let (challenge, verifier) =
        ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let consent = json!({ "code_challenge": challenge });
    let good = code(&mut bench, &consent);
    assert_eq!((spend(&mut bench, &good, verifier), spend(&mut bench, &good, verifier)), (200, 400));
    let stolen = code(&mut bench, &consent);
    assert_eq!(spend(&mut bench, &stolen, "guess"), 400);
    let late = code(&mut bench, &Value::Null);
    bench.pass(120);
    assert_eq!(spend(&mut bench, &late, ""), 400);
}

#[test]
fn an_app_never_reads_bills_and_has_no_refresh_token_unasked() {
    let mut bench = Bench::new();
    let code = code(&mut bench, &json!({ "scopes": ["orders_read", "billing_read"] }));
    let (_, answer) = ask(&mut bench, &[("grant_type", "authorization_code"), ("code", &code)]);
    assert_eq!((&answer["scope"], answer.get("refresh_token")), (&json!("orders_read"), None));
    let access = answer["access_token"].as_str().unwrap().to_owned();
    assert_eq!(get(&mut bench, &access, "order"), 200);
    assert_eq!(get(&mut bench, &access, "receiving"), 403);
    let request = HttpRequest::new("POST", "/2026-01/transactions:query").body("{}");
    let request = request.header("authorization", &format!("Bearer {access}"));
    assert_eq!(bench.send(&request).status, 403);
}

#[test]
fn other_grants_and_other_apps_are_refused() {
    let mut bench = Bench::new();
    assert_eq!(ask(&mut bench, &[("grant_type", "client_credentials")]).1["error"], "unsupported_grant_type");
    let form = "grant_type=refresh_token&client_id=other&client_secret=other&refresh_token=x";
    let request = HttpRequest::new("POST", "/connect/token").body(form);
    let answer = bench.send(&request.clone().header("content-type", "application/x-www-form-urlencoded"));
    assert_eq!((answer.status, parsed(&answer)["error"].as_str()), (400, Some("invalid_client")));
    assert_eq!(parsed(&bench.send(&request))["error"], "invalid_request");
}

#[test]
fn the_app_and_the_token_have_a_limit_each() {
    let mut bench = Bench::with(Settings { requests_a_minute: 1, ..Settings::default() });
    let (access, _) = authorised(&mut bench);
    assert_eq!(bench.call("GET", "order", &Value::Null).status, 200);
    assert_eq!((get(&mut bench, &access, "order"), get(&mut bench, &access, "order")), (200, 429));
}
