//! One call from beginning to end: token, turn, request, answer, and again where that is allowed.

use std::{fmt, sync::Arc, time::Duration};

use domain::Private;
use remote::{
    Admission, Broken, HttpAnswer, Limits, NotAdmitted, Post, PostAnswer, PostTransport, Request, Shared,
    Transport,
};
use reqwest::Url;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep};

use crate::{
    Access, ApiError, Json,
    answer::{self, TELLING, WANTED},
    call::Call,
    retry::Tries,
    token::Tokens,
};

/// What all instances together send for one user. ShipBob counts 150 requests in any minute (ShipBob documentation,
/// "Rate limit"); in no minute do more than 145 go, so that a few that arrive closer together than they were sent do
/// no harm.
pub const LIMITS: Limits = Limits { requests_per_minute: 120, burst: 25 };

/// How long one request may take, its answer included.
const TIME_OUT: Duration = Duration::from_secs(30);
/// The longest that one call waits for its turns, all its tries together. Longer waits are the caller's.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// ShipBob's API, for one tenant. Every call takes the moment at which it has to be over.
pub struct ShipBob {
    base_url: Url,
    channel_id: Option<u64>,
    transport: Arc<dyn Transport>,
    tokens: Tokens,
    admission: Admission,
}

impl fmt::Debug for ShipBob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShipBob").field("base_url", &self.base_url.as_str()).finish_non_exhaustive()
    }
}

/// The way to the token endpoint: the same transport.
struct Posting(Arc<dyn Transport>);

#[async_trait::async_trait]
impl PostTransport for Posting {
    async fn post(&self, post: Post) -> Result<PostAnswer, Broken> {
        self.0.post(post).await
    }
}

impl ShipBob {
    /// The API that a secret opens. What `shared` keeps is the rate and the rotating tokens of one user
    /// ([`Access::client`]).
    pub fn new(
        access: Access,
        transport: Arc<dyn Transport>,
        shared: Arc<dyn Shared>,
        limits: Limits,
    ) -> Result<Self, ApiError> {
        let unusable = || ApiError::Credentials("the address of the token endpoint cannot be made".into());
        let token_url = access.token_url().ok_or_else(unusable)?;
        let Access { credentials, channel_id, base_url, .. } = access;
        let posting = Arc::new(Posting(transport.clone()));
        let tokens = Tokens::new(token_url, credentials, posting, shared.clone());
        let admission = Admission::new(shared, limits);
        Ok(Self { base_url, channel_id, transport, tokens, admission })
    }

    /// Sends a call, again where that is allowed, until there is an answer or no time is left. A 404 is an answer.
    pub(crate) async fn call(&self, call: &Call, deadline: Instant) -> Result<HttpAnswer, ApiError> {
        let url = self.url(call)?;
        let mut left = LONGEST_WAIT;
        let mut tries = Tries::default();
        loop {
            let error = match self.send(call, &url, &mut left, deadline).await {
                Ok(answer) => return Ok(answer),
                Err(Stop::Now(error)) => return Err(error),
                Err(Stop::Failed(error)) => error,
            };
            let pause = tries.next(&error, fastrand::u32(0..1_000));
            let Some(pause) = pause.filter(|pause| Instant::now() + *pause < deadline) else {
                return Err(error);
            };
            tracing::debug!(what = call.what, %error, ?pause, "a call to ShipBob is sent again");
            sleep(pause).await;
        }
    }

    /// A single value; nothing if ShipBob does not know it.
    pub(crate) async fn one(&self, call: &Call, deadline: Instant) -> Result<Option<Json>, ApiError> {
        let answer = self.call(call, deadline).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        parse::<Box<RawValue>>(call, &answer).map(|raw| Some(Json::new(raw)))
    }

    /// A list that comes whole, without pages; nothing if ShipBob does not know what it would be of.
    pub(crate) async fn list(&self, call: &Call, deadline: Instant) -> Result<Option<Vec<Json>>, ApiError> {
        let answer = self.call(call, deadline).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let raw: Option<Vec<Box<RawValue>>> = parse(call, &answer)?;
        Ok(Some(raw.unwrap_or_default().into_iter().map(Json::new).collect()))
    }

    /// Sends a call with a token; once more with another one if the first is refused.
    async fn send(
        &self,
        call: &Call,
        url: &Url,
        left: &mut Duration,
        deadline: Instant,
    ) -> Result<HttpAnswer, Stop> {
        let token = self.tokens.get(deadline).await.map_err(Stop::Now)?;
        match self.send_with(call, url, &token, left, deadline).await {
            Err(Stop::Failed(ApiError::Credentials(why))) => {
                if !self.tokens.drop_refused(&token).await.map_err(Stop::Now)? {
                    return Err(Stop::Now(ApiError::Credentials(why)));
                }
                let token = self.tokens.get(deadline).await.map_err(Stop::Now)?;
                self.send_with(call, url, &token, left, deadline).await
            }
            result => result,
        }
    }

    async fn send_with(
        &self,
        call: &Call,
        url: &Url,
        token: &Private<String>,
        left: &mut Duration,
        deadline: Instant,
    ) -> Result<HttpAnswer, Stop> {
        *left = (*left).min(until(deadline));
        self.admission.admit(left).await.map_err(not_admitted)?;
        let time_out = until(deadline).min(TIME_OUT);
        if time_out.is_zero() {
            return Err(Stop::Now(ApiError::Unreachable("no time is left".into())));
        }
        let exchange = self.transport.send(self.request(call, url.clone(), token, time_out)).await;
        if let Some(observed) = answer::observed(&exchange) {
            self.admission.record(observed).await;
        }
        answer::read(call, exchange).map_err(Stop::Failed)
    }

    fn request(&self, call: &Call, url: Url, token: &Private<String>, time_out: Duration) -> Request {
        let json = || Private::new("application/json".to_owned());
        let bearer = Private::new(format!("Bearer {}", token.expose()));
        let mut headers = vec![("authorization", bearer), ("accept", json())];
        if !call.body.expose().is_empty() {
            headers.push(("content-type", json()));
        }
        if let Some(channel) = self.channel_id {
            headers.push(("shipbob_channel_id", Private::new(channel.to_string())));
        }
        let (method, body) = (call.method, call.body.clone());
        Request { method, url, headers, body, time_out, wanted: WANTED, telling: TELLING }
    }

    /// The address of a call. Only the path below the host is the call's.
    fn url(&self, call: &Call) -> Result<Url, ApiError> {
        let mut url = self.base_url.clone();
        url.set_path(&format!("/{}{}", call.version, call.path));
        url.set_query(Some(call.query.as_str()).filter(|query| !query.is_empty()));
        if url.origin() == self.base_url.origin() {
            Ok(url)
        } else {
            Err(ApiError::Refused { what: call.what, says: "the address cannot be made".into() })
        }
    }
}

/// Whether a failure may be followed by another try.
enum Stop {
    /// By its kind.
    Failed(ApiError),
    /// Never: nothing was sent, and what is missing does not come by trying.
    Now(ApiError),
}

fn not_admitted(error: NotAdmitted) -> Stop {
    Stop::Now(match error {
        NotAdmitted::Throttled { after } => ApiError::Throttled { wait: after },
        NotAdmitted::Unavailable(why) => {
            ApiError::Unreachable(format!("the shared rate cannot be read or written: {why}"))
        }
    })
}

fn until(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// The body of an answer. What it says instead is told by place only.
pub(crate) fn parse<'a, T: serde::Deserialize<'a>>(
    call: &Call,
    answer: &'a HttpAnswer,
) -> Result<T, ApiError> {
    serde_json::from_slice(answer.body.expose()).map_err(|error| ApiError::Unreadable {
        what: call.what,
        why: format!("line {}, column {}", error.line(), error.column()),
    })
}
