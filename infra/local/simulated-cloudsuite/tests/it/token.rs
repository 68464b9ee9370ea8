//! The token endpoint.

use simulated_cloudsuite::{Effect, Fault, HttpRequest};

use crate::bench::{Bench, EXECUTE, TOKEN, body, bulk_body, token_request};

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn ask(bench: &mut Bench, form: &str) -> (u16, String) {
    let request = HttpRequest::new("POST", TOKEN)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let response = bench.send(&request).response().unwrap();
    (response.status, body(&response)["error"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn the_password_grant_with_basic_authentication_gives_a_bearer_token_for_two_hours() {
    let mut bench = Bench::new();
    let request = token_request(&bench.simulator);
    let answer = body(&bench.send(&request).response().unwrap());
    assert_eq!((answer["token_type"].as_str(), answer["expires_in"].as_u64()), (Some("Bearer"), Some(7200)));
    assert_eq!(bench.simulator.state()["counters"]["token_requests"], 2);
}

#[test]
fn client_id_and_secret_may_stand_in_the_body_and_client_credentials_need_no_user() {
    let mut bench = Bench::new();
    let own = bench.simulator.credentials().clone();
    let client = [("client_id", own.client_id.as_str()), ("client_secret", &own.client_secret)];
    let password = [("grant_type", "password"), ("username", &own.access_key), ("password", &own.secret_key)];
    assert_eq!(ask(&mut bench, &form(&[&client[..], &password[..]].concat())).0, 200);
    let machine = [("grant_type", "client_credentials")];
    assert_eq!(ask(&mut bench, &form(&[&client[..], &machine[..]].concat())).0, 200);
}

#[test]
fn each_wrong_request_gets_its_oauth_error() {
    let mut bench = Bench::new();
    let own = bench.simulator.credentials().clone();
    let client = [("client_id", own.client_id.as_str()), ("client_secret", own.client_secret.as_str())];
    let with = |rest: &[(&str, &str)]| form(&[&client[..], rest].concat());
    let user = ("username", own.access_key.as_str());
    // A secret that was not percent-encoded: its plus sign arrives as a blank.
    let raw = format!("{}&password={}", with(&[("grant_type", "password"), user]), own.secret_key);
    let cases = [
        (form(&[("grant_type", "client_credentials")]), (401, "invalid_client")),
        (form(&[client[0], ("client_secret", "wrong"), ("grant_type", "password")]), (401, "invalid_client")),
        (with(&[("grant_type", "password"), user, ("password", "wrong")]), (400, "invalid_grant")),
        (raw, (400, "invalid_grant")),
        (with(&[("grant_type", "authorization_code")]), (400, "unsupported_grant_type")),
        (with(&[]), (400, "invalid_request")),
    ];
    for (form, (status, error)) in cases {
        assert_eq!(ask(&mut bench, &form), (status, error.to_owned()), "{form}");
    }
}

#[test]
fn a_token_ends_with_its_time_and_when_it_is_revoked() {
    let mut bench = Bench::new();
    let ping = bulk_body("GENERAL", &[("GetUserInfo", serde_json::json!({}))]);
    bench.pass(7199);
    assert_eq!(bench.post_json(&ping).0, 200);
    bench.pass(1);
    assert_eq!(bench.post_json(&ping).0, 401);

    bench.bearer = bench.new_token();
    bench.fault(Fault::once(Effect::RevokeTokens));
    assert_eq!(bench.post_json(&ping).0, 401);
    assert_eq!(bench.post_json(&ping).0, 401, "it stays revoked");
    bench.bearer = bench.new_token();
    assert_eq!(bench.post_json(&ping).0, 200);
}

#[test]
fn a_token_can_be_revoked_by_its_holder() {
    let mut bench = Bench::new();
    let own = bench.simulator.credentials().clone();
    let token = bench.bearer.trim_start_matches("Bearer ").to_owned();
    let body =
        form(&[("token", &token), ("client_id", &own.client_id), ("client_secret", &own.client_secret)]);
    let request = HttpRequest::new("POST", "/DEMO_TST/as/revoke_token.oauth2").body(body);
    assert_eq!(bench.send(&request).response().unwrap().status, 200);
    let ping = bulk_body("GENERAL", &[("GetUserInfo", serde_json::json!({}))]);
    assert_eq!(bench.post_json(&ping).0, 401);
}

#[test]
fn the_on_premises_path_grants_tokens_and_unknown_paths_are_not_found() {
    let mut bench = Bench::new();
    let mut request = token_request(&bench.simulator);
    for (path, status) in [
        ("/InforIntSTS/connect/token", 200),
        ("/OTHER_TST/as/token.oauth2", 404),
        ("/OTHER_TST/M3/m3api-rest/v2/execute", 404),
        ("/DEMO_TST/M3/m3api-rest/execute/OIS100MI/Confirm", 404),
        ("/DEMO_TST/LN/lnapi", 404),
    ] {
        path.clone_into(&mut request.path);
        assert_eq!(bench.send(&request).response().unwrap().status, status, "{path}");
    }
    for method in ["GET", "PUT", "DELETE"] {
        let request = HttpRequest::new(method, EXECUTE).header("authorization", &bench.bearer);
        assert_eq!(bench.send(&request).response().unwrap().status, 405, "{method}");
    }
}
