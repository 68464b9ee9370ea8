//! The GraphQL Admin API: `POST /admin/api/{version}/graphql.json`. Version, token and body are checked here; what
//! passes goes to GraphQL.

mod bucket;
mod cost;
mod graphql;
mod lines;
mod order;
mod paging;
mod people;
mod refunds;
mod resolve;
mod root;
mod search;
mod shapes;
mod subscriptions;

use jiff::Timestamp;
use serde_json::json;

use crate::faults::{Effect, Place, with_effects};
use crate::http::{Answer, HttpRequest, HttpResponse};
use crate::settings::Settings;
use crate::simulator::SimulatedShopify;

pub(crate) use bucket::Bucket;
pub use graphql::requested_cost;

/// The version in a path of the GraphQL endpoint.
pub(crate) fn version_in(path: &str) -> Option<&str> {
    path.strip_prefix("/admin/api/")?.strip_suffix("/graphql.json").filter(|version| !version.contains('/'))
}

/// Answers a request to the GraphQL endpoint of this version.
pub(crate) fn handle(
    simulator: &mut SimulatedShopify,
    request: &HttpRequest,
    version: &str,
    now: Timestamp,
) -> Answer {
    simulator.counters.admin_requests += 1;
    let answer = match admit(simulator, request, version, now) {
        Ok((scopes, version)) => pass(simulator, request, &scopes, &version, now),
        Err(refusal) => Answer::now(refusal),
    };
    let status = match &answer {
        Answer::Respond { response, .. } => response.status,
        Answer::Drop { .. } => 0,
    };
    *simulator.counters.answers_by_status.entry(status).or_default() += 1;
    answer
}

/// What is checked before the body is looked at: the scopes of the token and the version that is served.
fn admit(
    simulator: &SimulatedShopify,
    request: &HttpRequest,
    version: &str,
    now: Timestamp,
) -> Result<(Vec<String>, String), HttpResponse> {
    let served =
        served(version, &simulator.settings).ok_or_else(|| HttpResponse::errors(404, "Not Found"))?;
    if request.method != "POST" {
        return Err(HttpResponse::errors(405, "Method Not Allowed"));
    }
    let scopes = simulator.tokens.scopes(request, now).ok_or_else(unauthorized)?;
    let content_type = request.header_value("content-type").unwrap_or_default();
    if !content_type.starts_with("application/json") {
        return Err(HttpResponse::errors(415, "Unsupported Media Type"));
    }
    Ok((scopes, served))
}

/// The version that answers: one that has run out falls forward to the oldest supported one; what never was a version
/// has none.
fn served(asked: &str, settings: &Settings) -> Option<String> {
    let known = settings.versions.iter().chain([&settings.release_candidate]);
    if asked == "unstable" || known.into_iter().any(|version| version == asked) {
        return Some(asked.to_owned());
    }
    let oldest = settings.versions.first()?;
    let (year, month) = asked.split_once('-')?;
    let was_one = year.len() == 4 && year.parse::<u16>().is_ok() && ["01", "04", "07", "10"].contains(&month);
    (was_one && asked < oldest.as_str()).then(|| oldest.clone())
}

fn unauthorized() -> HttpResponse {
    HttpResponse::errors(401, "[API] Invalid API key or access token (unrecognized login or wrong password)")
}

fn pass(
    simulator: &mut SimulatedShopify,
    request: &HttpRequest,
    scopes: &[String],
    version: &str,
    now: Timestamp,
) -> Answer {
    let effects = simulator.faults.take(Place::Admin, &request.body);
    if effects.contains(&Effect::RevokeTokens) {
        simulator.tokens.revoke_access();
        return Answer::now(unauthorized());
    }
    let latency = u64::from(simulator.settings.latency_milliseconds);
    with_effects(&effects, latency, || run(simulator, &request.body, scopes, version, now))
}

fn run(
    simulator: &mut SimulatedShopify,
    body: &[u8],
    scopes: &[String],
    version: &str,
    now: Timestamp,
) -> HttpResponse {
    let Ok(request) = serde_json::from_slice::<graphql::Request>(body) else {
        let errors = json!({ "errors": { "query": "Required parameter missing or invalid" } });
        return HttpResponse::json(400, &errors);
    };
    let api = root::Api {
        shop: &simulator.shop,
        subscriptions: &mut simulator.subscriptions,
        settings: &simulator.settings,
        scopes,
        now,
        asked: order::Asked::default(),
    };
    let answer = graphql::answer(&request, api, &mut simulator.bucket, &mut simulator.counters);
    HttpResponse::json(200, &answer).with_header("x-shopify-api-version", version)
}
