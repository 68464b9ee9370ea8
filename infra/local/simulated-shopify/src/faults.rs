//! Faults on request: what goes wrong, how often, and for which requests. Nothing goes wrong unasked.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::{Answer, HttpResponse};

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At the Admin API.
    #[default]
    Admin,
    /// At the token endpoint.
    Token,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// This HTTP status, and nothing is processed.
    Status {
        /// 429, 500, 502, 503, 520 …
        status: u16,
        /// Seconds for a `Retry-After` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// The connection is closed before anything is processed.
    DropBefore,
    /// Everything is processed, then the connection is closed: a rotated refresh token is lost for good.
    DropAfter,
    /// The answer comes late.
    Latency {
        /// How late, in real time.
        milliseconds: u64,
    },
    /// Every access token is revoked, and the request is answered with 401.
    RevokeTokens,
    /// HTTP 200 with an error of GraphQL and no data, for example `THROTTLED` or `INTERNAL_SERVER_ERROR`.
    Graphql {
        /// The code in the error's extensions.
        code: String,
    },
}

/// A fault that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where it strikes.
    #[serde(default)]
    pub on: Place,
    /// How often it strikes.
    #[serde(default = "once")]
    pub count: u32,
    /// How many requests it lets pass first.
    #[serde(default)]
    pub skip: u32,
    /// Only requests whose body holds this text, for example the name of a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containing: Option<String>,
    /// What goes wrong.
    #[serde(flatten)]
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

const KEYS: [&str; 9] =
    ["on", "count", "skip", "containing", "kind", "status", "retry_after", "milliseconds", "code"];

impl Fault {
    /// A fault that strikes once, at the next request to the Admin API.
    pub fn once(effect: Effect) -> Self {
        Self { on: Place::Admin, count: 1, skip: 0, containing: None, effect }
    }

    /// The same fault, so many times.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// The same fault, after so many requests have passed.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// The same fault, only for requests whose body holds this text.
    #[must_use]
    pub fn only(mut self, text: &str) -> Self {
        self.containing = Some(text.to_owned());
        self
    }

    /// The same fault, at the token endpoint.
    #[must_use]
    pub fn on_token(mut self) -> Self {
        self.on = Place::Token;
        self
    }

    /// Reads a fault; an unknown key is refused, since a mistyped fault would simply never strike.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let mut keys = value.as_object().into_iter().flat_map(serde_json::Map::keys);
        if let Some(unknown) = keys.find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("unknown key {unknown}"));
        }
        Self::deserialize(value).map_err(|error| error.to_string())
    }

    fn is_for(&self, on: Place, body: &[u8]) -> bool {
        let holds = |text: &String| String::from_utf8_lossy(body).contains(text.as_str());
        self.on == on && self.containing.as_ref().is_none_or(holds)
    }

    /// Counts one matching request and says whether the fault strikes it.
    fn strike(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        let strikes = self.count > 0;
        self.count = self.count.saturating_sub(1);
        strikes
    }
}

/// The faults still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.0
    }

    /// What goes wrong with this request.
    pub(crate) fn take(&mut self, on: Place, body: &[u8]) -> Vec<Effect> {
        let struck = self.0.iter_mut().filter(|fault| fault.is_for(on, body)).filter_map(|fault| {
            let effect = fault.effect.clone();
            fault.strike().then_some(effect)
        });
        let effects = struck.collect();
        self.0.retain(|fault| fault.count > 0);
        effects
    }
}

/// Processes a request under the faults that strike it.
pub(crate) fn with_effects(
    effects: &[Effect],
    latency: u64,
    process: impl FnOnce() -> HttpResponse,
) -> Answer {
    let late: u64 = effects.iter().map(milliseconds).sum();
    let after = Duration::from_millis(latency + late);
    if effects.contains(&Effect::DropBefore) {
        return Answer::Drop { after };
    }
    if let Some(response) = effects.iter().find_map(fault_response) {
        return Answer::Respond { response, after };
    }
    let response = process();
    if effects.contains(&Effect::DropAfter) {
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
    match effect {
        Effect::Status { status, retry_after } => {
            let response = HttpResponse::errors(*status, "Internal Server Error");
            Some(match retry_after {
                Some(seconds) => response.with_header("retry-after", &seconds.to_string()),
                None => response,
            })
        }
        Effect::Graphql { code } => {
            let error = serde_json::json!({ "message": code, "extensions": { "code": code } });
            Some(HttpResponse::json(200, &serde_json::json!({ "errors": [error] })))
        }
        _ => None,
    }
}
