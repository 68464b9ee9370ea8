//! One POST through the ION API Gateway, and what its failure means.

use std::{sync::Arc, time::Duration};

use domain::Private;
use jiff::Timestamp;
use remote::{Admission, NotAdmitted, Observed, time::since};
use reqwest::Url;

use super::{
    Broken, HttpAnswer, Limits, Post, Shared, Transport, ionapi::IonApi, patience::Patience, token::Tokens,
};
use crate::CallError;

/// Above the gateway's own 60 s: hanging up earlier would make outcomes unknown that the gateway would tell.
const TIME_OUT: Duration = Duration::from_secs(75);

/// How a tenant's gateway is reached.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Credentials and addresses.
    pub ion: IonApi,
    /// A certificate authority of the tenant's own, as PEM, for on-premises gateways.
    pub certificate_authority: Option<String>,
}

/// The API Gateway of one Infor tenant.
pub struct Gateway {
    transport: Arc<dyn Transport>,
    shared: Arc<dyn Shared>,
    ion: IonApi,
    tokens: Tokens,
    admission: Admission,
}

/// An answer that is to be read by the product line's own rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status, 200 or 400.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Gateway {
    /// A gateway, reached by a transport, whose token and throttle all instances share. Infor publishes 3,000 requests
    /// a minute and tenant for one SKU only (Infor OS usage limits); an administrator may set less for each API.
    pub fn new(ion: IonApi, transport: Arc<dyn Transport>, shared: Arc<dyn Shared>, limits: Limits) -> Self {
        let tokens = Tokens::new(ion.clone(), transport.clone(), shared.clone());
        Self { tokens, admission: Admission::new(shared.clone(), limits), transport, shared, ion }
    }

    /// Posts JSON to a path below the tenant, such as `M3/m3api-rest/v2/execute`, as soon as it may go. After a
    /// 401 the token is dropped once and the request repeated: the gateway refused it before it reached
    /// CloudSuite.
    pub async fn post(
        &self,
        path: &str,
        body: Vec<u8>,
        patience: &mut Patience,
    ) -> Result<Answer, CallError> {
        let url = self.url(path)?;
        let body = Private::new(body);
        for is_last in [false, true] {
            let token = self.tokens.get(patience).await?;
            self.admission.admit(patience.left_mut()).await.map_err(not_admitted)?;
            // The last look before the bytes go: whatever held this work up, it must not write after its time.
            if patience.is_over(self.shared.now()) {
                return Err(CallError::NotSent("the right to write ran out before it could be sent".into()));
            }
            let post = request(url.clone(), &token, body.clone());
            let exchange = self.transport.post(post).await;
            let now = self.shared.now();
            if let Some(observed) = observed(&exchange, now) {
                self.admission.record(observed).await;
            }
            let answer = exchange.map_err(broken)?;
            if answer.status != 401 {
                return read(answer, now);
            }
            if is_last || !self.tokens.drop_refused(&token).await? {
                break;
            }
        }
        Err(CallError::Credentials("the gateway answered 401 to a new token".into()))
    }

    fn url(&self, path: &str) -> Result<Url, CallError> {
        let base = self.ion.gateway.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{}/{path}", self.ion.tenant))
            .map_err(|_| CallError::Refused(format!("{path} is not a path of the gateway")))
    }
}

fn request(url: Url, token: &Private<String>, body: Private<Vec<u8>>) -> Post {
    let json = || Private::new("application/json".to_owned());
    let bearer = Private::new(format!("Bearer {}", token.expose()));
    let headers = vec![("authorization", bearer), ("content-type", json()), ("accept", json())];
    Post { url, headers, body, time_out: TIME_OUT }
}

/// What an exchange says of the gateway's health; nothing if the fault is ours.
fn observed(exchange: &Result<HttpAnswer, Broken>, now: Timestamp) -> Option<Observed> {
    match exchange {
        Ok(answer) => Some(match answer.status {
            429 => Observed::Throttled(retry_after(answer, now)),
            500.. => Observed::Failed,
            _ => Observed::Answered,
        }),
        Err(Broken::NoConnection | Broken::TimedOut | Broken::BrokenOff) => Some(Observed::Failed),
        Err(Broken::TooLong { .. }) => Some(Observed::Answered),
        Err(Broken::NotMade) => None,
    }
}

/// The work is safe in its queue: without the gate nothing goes.
fn not_admitted(error: NotAdmitted) -> CallError {
    match error {
        NotAdmitted::Throttled { after } => CallError::Throttled { after: Some(after) },
        NotAdmitted::Unavailable(why) => {
            CallError::NotSent(format!("the throttle of the gateway cannot be read or written: {why}"))
        }
    }
}

/// What a broken exchange means: without a connection nothing was sent; afterwards nobody knows.
fn broken(broken: Broken) -> CallError {
    match broken {
        Broken::NoConnection => CallError::NotSent("no connection to the gateway".into()),
        Broken::NotMade => CallError::NotSent(broken.to_string()),
        Broken::TimedOut => CallError::Unknown(format!("no answer within {} s", TIME_OUT.as_secs())),
        Broken::BrokenOff | Broken::TooLong { .. } => CallError::Unknown(broken.to_string()),
    }
}

fn read(answer: HttpAnswer, now: Timestamp) -> Result<Answer, CallError> {
    match classify(answer.status, retry_after(&answer, now)) {
        Some(error) => Err(error),
        None => Ok(Answer { status: answer.status, body: answer.body.into_exposed() }),
    }
}

/// The error that a status means by itself; nothing where the body decides (200, 400).
fn classify(status: u16, after: Option<Duration>) -> Option<CallError> {
    match status {
        200 | 400 => None,
        429 => Some(CallError::Throttled { after }),
        403 => Some(CallError::Credentials(
            "the gateway answered 403: the service account may not do this".into(),
        )),
        404 | 405 => {
            Some(CallError::Refused(format!("the gateway answered {status}: no such API for this tenant")))
        }
        // The client hung up, or was thought to have: the request may have gone on.
        408 | 499 | 500.. => Some(CallError::Unknown(format!("the gateway answered {status}"))),
        _ => Some(CallError::Refused(format!("the gateway answered {status}"))),
    }
}

/// `Retry-After` in seconds or as a date.
fn retry_after(answer: &HttpAnswer, now: Timestamp) -> Option<Duration> {
    let text = answer.retry_after.as_deref()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()?;
    Some(since(date, now))
}

#[cfg(test)]
#[path = "gateway_tests.rs"]
mod tests;
