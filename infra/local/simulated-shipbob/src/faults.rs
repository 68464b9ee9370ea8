//! Faults that are asked for: the next requests fail in the ways that ShipBob's documents and its users tell of, and the
//! next webhooks are lost, late or doubled. Nothing here is left to chance.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::http::HttpResponse;

/// The shapes in which ShipBob refuses (errors page, `OpenAPI`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    /// `{"Field": ["message"]}`.
    Field,
    /// The same, of no field: its name is empty.
    NoField,
    /// RFC 7807.
    Problem,
    /// `{"statusCode", "message"}`.
    Message,
    /// `{"message", "errors", "details", "stack_trace"}`.
    Detailed,
    /// A text in quotation marks.
    Text,
    /// No body.
    Empty,
    /// HTML, as from a gateway before ShipBob.
    Html,
}

impl Shape {
    /// What a status has where nothing else is asked for.
    fn usual(status: u16) -> Self {
        match status {
            401 | 403 | 404 => Self::Empty,
            429 => Self::Message,
            422 => Self::Detailed,
            500.. => Self::Problem,
            _ => Self::Field,
        }
    }

    fn answer(self, status: u16) -> HttpResponse {
        let said = "This was asked for.";
        match self {
            Self::Field => HttpResponse::json(status, &json!({ "Field": [said] })),
            Self::NoField => HttpResponse::json(status, &json!({ "": [said] })),
            Self::Problem => {
                let body = json!({ "type": "about:blank", "title": said, "status": status, "detail": said });
                HttpResponse::json(status, &body).with_type("application/problem+json")
            }
            Self::Message => HttpResponse::json(status, &json!({ "statusCode": status, "message": said })),
            Self::Detailed => {
                let body = json!({ "message": said, "errors": [said], "details": null, "stack_trace": null });
                HttpResponse::json(status, &body)
            }
            Self::Text => HttpResponse::json(status, &said),
            Self::Empty => HttpResponse::empty(status),
            Self::Html => HttpResponse::html(status, "<html><body>Bad gateway</body></html>"),
        }
    }
}

/// What the next requests meet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// `GET`, `POST` …; without it, any.
    #[serde(default)]
    method: Option<String>,
    /// The start of the path below the version, such as `order`, or `connect/token`; without it, any.
    #[serde(default)]
    path: Option<String>,
    /// How many requests meet it.
    #[serde(default = "once")]
    times: u32,
    /// The status that is answered; without it the request is answered as ever, or not at all.
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    shape: Option<Shape>,
    /// Seconds in `x-retry-after`.
    #[serde(default)]
    retry_after: Option<u64>,
    /// There is no answer: the connection ends.
    #[serde(default)]
    no_answer: bool,
    /// The request is carried out before that is answered, or not answered.
    #[serde(default)]
    carried_out: bool,
    /// Milliseconds of real time until the answer, or the end of the connection.
    #[serde(default)]
    after_milliseconds: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    fn meets(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|wanted| path.starts_with(wanted))
    }

    /// Whether the request reaches what it asks for.
    pub(crate) fn lets_through(&self) -> bool {
        self.carried_out || (self.status.is_none() && !self.no_answer)
    }

    /// What is answered in place of this.
    pub(crate) fn instead_of(&self, answer: HttpResponse) -> HttpResponse {
        let answer = match self.status {
            _ if self.no_answer => HttpResponse::none(),
            Some(status) => self.shape.unwrap_or_else(|| Shape::usual(status)).answer(status),
            None => answer,
        };
        let answer = match self.retry_after {
            Some(seconds) => answer.with_header("x-retry-after", &seconds.to_string()),
            None => answer,
        };
        HttpResponse { after_milliseconds: self.after_milliseconds, ..answer }
    }
}

/// What happens to the next webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mishap {
    /// It is never attempted.
    Lost,
    /// It is delivered twice, with one id.
    Doubled,
    /// It is held back.
    Late,
}

/// What the next webhooks of a topic meet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookFault {
    /// The dotted name; without it, any.
    #[serde(default)]
    topic: Option<String>,
    #[serde(default = "once")]
    times: u32,
    pub(crate) kind: Mishap,
    /// Simulated seconds that a late one is held back.
    #[serde(default)]
    pub(crate) seconds: u32,
}

/// What is asked for and has not come yet, in the order of asking.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Faults {
    requests: Vec<Fault>,
    webhooks: Vec<WebhookFault>,
}

impl Faults {
    /// Asks for more.
    pub(crate) fn ask(&mut self, requests: Vec<Fault>) {
        self.requests.extend(requests);
    }

    /// Asks for more.
    pub(crate) fn ask_of_webhooks(&mut self, webhooks: Vec<WebhookFault>) {
        self.webhooks.extend(webhooks);
    }

    /// Forgets all of them.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The fault that a request meets, the oldest first.
    pub(crate) fn of_request(&mut self, method: &str, path: &str) -> Option<Fault> {
        let met = self.requests.iter_mut().find(|fault| fault.times > 0 && fault.meets(method, path))?;
        met.times -= 1;
        let met = met.clone();
        self.requests.retain(|fault| fault.times > 0);
        Some(met)
    }

    /// The fault that a delivery of a topic meets, the oldest first.
    pub(crate) fn of_webhook(&mut self, topic: &str) -> Option<WebhookFault> {
        let meets = |fault: &&mut WebhookFault| {
            fault.times > 0 && fault.topic.as_deref().is_none_or(|wanted| wanted == topic)
        };
        let met = self.webhooks.iter_mut().find(meets)?;
        met.times -= 1;
        let met = met.clone();
        self.webhooks.retain(|fault| fault.times > 0);
        Some(met)
    }
}
