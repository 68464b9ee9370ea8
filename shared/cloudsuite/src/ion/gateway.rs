//! One POST through the ION API Gateway, and what its failure means.

use std::time::Duration;

use domain::Private;
use jiff::Timestamp;
use reqwest::{Certificate, Client, Response, StatusCode, header, redirect, retry};

use super::{ionapi::IonApi, token::Tokens};
use crate::CallError;

/// Above the gateway's own 60 s: hanging up earlier would make outcomes unknown that the gateway would tell.
const TIME_OUT: Duration = Duration::from_secs(75);
/// The largest answer that is read: fifty transactions answer with far less.
const LARGEST_ANSWER: usize = 16 * 1_048_576;
const CONNECT_TIME_OUT: Duration = Duration::from_secs(5);
/// Sockets that idled through a freeze of the function are often dead; none is kept for long.
const IDLE: Duration = Duration::from_secs(10);

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
    http: Client,
    ion: IonApi,
    tokens: Tokens,
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
    /// Makes the one HTTP client of the tenant.
    pub fn new(connection: Connection) -> Result<Self, CallError> {
        // Installing twice in one process is no fault: the first stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .https_only(true)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .timeout(TIME_OUT)
            .connect_timeout(CONNECT_TIME_OUT)
            .pool_idle_timeout(IDLE);
        let builder = match connection.certificate_authority {
            None => builder,
            Some(pem) => {
                let refused = |_| {
                    CallError::Refused("cloudsuite.certificate_authority is not a PEM certificate".into())
                };
                builder.tls_certs_only([Certificate::from_pem(pem.as_bytes()).map_err(refused)?])
            }
        };
        let http =
            builder.build().map_err(|_| CallError::NotSent("the HTTP client could not be made".into()))?;
        Ok(Self { http, ion: connection.ion, tokens: Tokens::new() })
    }

    /// Posts JSON to a path below the tenant, such as `M3/m3api-rest/v2/execute`. After a 401 the token is
    /// dropped once and the request repeated: the gateway refused it before it reached CloudSuite.
    pub async fn post(&self, path: &str, body: Vec<u8>) -> Result<Answer, CallError> {
        let url = format!("{}/{}/{path}", self.ion.gateway.as_str().trim_end_matches('/'), self.ion.tenant);
        for is_last in [false, true] {
            let token = self.tokens.get(&self.http, &self.ion).await?;
            let response = self.send(&url, &token, body.clone()).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return read(response).await;
            }
            self.tokens.drop_refused(&token).await;
            if is_last {
                break;
            }
        }
        Err(CallError::Credentials("the gateway answered 401 to a new token".into()))
    }

    async fn send(&self, url: &str, token: &Private<String>, body: Vec<u8>) -> Result<Response, CallError> {
        let request = self.http.post(url).bearer_auth(token.expose());
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json");
        request.body(body).send().await.map_err(|error| broken(&error))
    }
}

/// What a broken exchange means: without a connection nothing was sent; afterwards nobody knows.
fn broken(error: &reqwest::Error) -> CallError {
    match (error.is_connect(), error.is_timeout()) {
        (true, _) => CallError::NotSent("no connection to the gateway".into()),
        (_, true) => CallError::Unknown(format!("no answer within {} s", TIME_OUT.as_secs())),
        _ => CallError::Unknown("the connection broke off".into()),
    }
}

async fn read(mut response: Response) -> Result<Answer, CallError> {
    let status = response.status();
    if let Some(error) = classify(status, retry_after(&response)) {
        return Err(error);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err(CallError::Unknown(format!("the answer has more than {LARGEST_ANSWER} bytes")));
        }
    }
    Ok(Answer { status: status.as_u16(), body })
}

/// The error that a status means by itself; nothing where the body decides (200, 400).
fn classify(status: StatusCode, after: Option<Duration>) -> Option<CallError> {
    let code = status.as_u16();
    match code {
        200 | 400 => None,
        429 => Some(CallError::Throttled { after }),
        403 => Some(CallError::Credentials(
            "the gateway answered 403: the service account may not do this".into(),
        )),
        404 | 405 => {
            Some(CallError::Refused(format!("the gateway answered {code}: no such API for this tenant")))
        }
        500.. => Some(CallError::Unknown(format!("the gateway answered {code}"))),
        _ => Some(CallError::Refused(format!("the gateway answered {code}"))),
    }
}

/// `Retry-After` in seconds or as a date.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    let now = u64::try_from(Timestamp::now().as_second()).ok()?;
    seconds_of(text, now)
}

fn seconds_of(text: &str, now: u64) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(text.trim()).ok()?;
    let at = at.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    Some(Duration::from_secs(at.saturating_sub(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_what_may_follow() {
        let class = |status| classify(StatusCode::from_u16(status).unwrap(), None);
        assert_eq!((class(200), class(400)), (None, None));
        assert!(matches!(class(429), Some(CallError::Throttled { .. })));
        for status in [500, 502, 503, 504] {
            assert!(matches!(class(status), Some(CallError::Unknown(_))), "{status}");
        }
        for status in [302, 404, 405, 413] {
            assert!(matches!(class(status), Some(CallError::Refused(_))), "{status}");
        }
        assert!(matches!(class(403), Some(CallError::Credentials(_))));
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(seconds_of("12", 0), Some(Duration::from_secs(12)));
        assert_eq!(seconds_of(date, 784_111_747), Some(Duration::from_secs(30)));
        assert_eq!(seconds_of(date, 784_111_800), Some(Duration::ZERO));
        assert_eq!(seconds_of("soon", 0), None);
    }
}
