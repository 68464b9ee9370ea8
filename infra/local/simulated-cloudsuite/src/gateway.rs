//! The ION API Gateway in front of M3: method, headers, token, quota, faults. What passes goes to M3.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::faults::{Effect, Place};
use crate::http::{Answer, HttpRequest, HttpResponse};
use crate::m3::{self, BulkAnswer, Run};
use crate::simulator::{SimulatedCloudSuite, has};

/// The window of the requests' quota, in seconds.
const MINUTE: i64 = 60;

/// Answers a request to `m3api-rest/v2/execute`.
pub(crate) fn handle(
    simulator: &mut SimulatedCloudSuite,
    request: &HttpRequest,
    query: &str,
    now: Timestamp,
) -> Answer {
    simulator.counters.gateway_requests += 1;
    let answer = match admit(simulator, request, now) {
        Ok(()) => pass(simulator, request, query, now),
        Err(refusal) => Answer::now(refusal),
    };
    let status = match &answer {
        Answer::Respond { response, .. } => response.status,
        Answer::Drop { .. } => 0,
    };
    *simulator.counters.answers_by_status.entry(status).or_default() += 1;
    answer
}

/// What the gateway checks before it looks at the body.
fn admit(
    simulator: &mut SimulatedCloudSuite,
    request: &HttpRequest,
    now: Timestamp,
) -> Result<(), HttpResponse> {
    if request.method != "POST" {
        return Err(HttpResponse::fault(405, "Method Not Allowed"));
    }
    if request.header_value("fnd-csrf-token").is_some() {
        // The status that comes with it is not documented.
        return Err(HttpResponse::fault(403, "CSRF_INVALID_SESSION"));
    }
    if !simulator.tokens.accepts(request, now) {
        return Err(HttpResponse::fault(401, "Unauthorized"));
    }
    if let Err(seconds) = simulator.limit.admit(simulator.settings.requests_per_minute, MINUTE, now) {
        let refusal = HttpResponse::fault(429, "Too Many Requests");
        return Err(refusal.told_to_wait(simulator.settings.retry_after, seconds));
    }
    let content_type = request.header_value("content-type").unwrap_or_default();
    if !content_type.starts_with("application/json") {
        return Err(HttpResponse::fault(415, "Unsupported Media Type"));
    }
    Ok(())
}

fn pass(simulator: &mut SimulatedCloudSuite, request: &HttpRequest, query: &str, now: Timestamp) -> Answer {
    let effects = effects_for(simulator, &request.body);
    if has(&effects, &Effect::RevokeTokens) {
        simulator.tokens.revoke_all();
        return Answer::now(HttpResponse::fault(401, "Unauthorized"));
    }
    let latency = u64::from(simulator.settings.latency_milliseconds) + smoothing(simulator, now);
    with_effects(&effects, latency, || run_m3(simulator, &request.body, query, &effects, now))
}

/// The milliseconds that the gateway's rate smoothing holds this request back.
fn smoothing(simulator: &mut SimulatedCloudSuite, now: Timestamp) -> u64 {
    let Some(policy) = simulator.settings.rate_smoothing else { return 0 };
    let requests = simulator.smoothing.count(i64::from(policy.seconds), now);
    if requests <= policy.requests { 0 } else { u64::from(policy.delay_milliseconds) }
}

/// Faults are looked up by what the body names, even where M3 would refuse it.
fn effects_for(simulator: &mut SimulatedCloudSuite, body: &[u8]) -> Vec<Effect> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let transactions = body["transactions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = transactions.iter().filter_map(|entry| entry["transaction"].as_str()).collect();
    simulator.faults.take(Place::Gateway, body["program"].as_str().unwrap_or_default(), &names)
}

/// Processes a request under the faults that strike it.
pub(crate) fn with_effects(
    effects: &[Effect],
    latency: u64,
    process: impl FnOnce() -> HttpResponse,
) -> Answer {
    let late: u64 = effects.iter().map(milliseconds).sum();
    let after = Duration::from_millis(latency + late);
    if has(effects, &Effect::DropBefore) {
        return Answer::Drop { after };
    }
    if let Some(response) = effects.iter().find_map(fault_response) {
        return Answer::Respond { response, after };
    }
    let response = process();
    if has(effects, &Effect::DropAfter) {
        return Answer::Drop { after };
    }
    Answer::Respond { response, after }
}

fn milliseconds(effect: &Effect) -> u64 {
    match effect {
        Effect::Latency { milliseconds } => *milliseconds,
        _ => 0,
    }
}

fn fault_response(effect: &Effect) -> Option<HttpResponse> {
    let Effect::Status { status, retry_after } = effect else { return None };
    let response = HttpResponse::fault(*status, "Server Error");
    Some(match retry_after {
        Some(seconds) => response.with_header("retry-after", &seconds.to_string()),
        None => response,
    })
}

fn run_m3(
    simulator: &mut SimulatedCloudSuite,
    body: &[u8],
    query: &str,
    effects: &[Effect],
    now: Timestamp,
) -> HttpResponse {
    let bulk = match m3::read(body, simulator.settings.max_transactions, simulator.settings.newer_fields) {
        Ok(bulk) => bulk,
        Err(refusal) => return HttpResponse::json(400, &BulkAnswer::refused(refusal)),
    };
    *simulator.counters.requests_by_program.entry(bulk.program.clone()).or_default() += 1;
    let before = has(effects, &Effect::LoseCommit).then(|| simulator.m3.clone());
    let mut run = Run {
        now,
        confirm: simulator.settings.confirm,
        extended: form_urlencoded::parse(query.as_bytes())
            .any(|(key, value)| key == "extendedresult" && value == "true"),
        stop_after: effects.iter().find_map(stop_after),
        faults: &mut simulator.faults,
        counts: &mut simulator.counters.transactions,
    };
    let mut answer = simulator.m3.execute(&bulk, &mut run);
    if let Some(before) = before {
        simulator.m3.take_back(before);
    }
    let status = answer.status();
    if let Some(keep) = effects.iter().find_map(results_kept) {
        answer.results.truncate(keep);
    }
    HttpResponse::json(status, &answer)
}

fn stop_after(effect: &Effect) -> Option<usize> {
    match effect {
        Effect::StopAfter { after } => Some(*after),
        _ => None,
    }
}

fn results_kept(effect: &Effect) -> Option<usize> {
    match effect {
        Effect::MissingResults { keep } => Some(*keep),
        _ => None,
    }
}
