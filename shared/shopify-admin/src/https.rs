//! The way to Shopify's servers over HTTPS. It alone knows the HTTP client.

use std::time::Duration;

use async_trait::async_trait;
use domain::Private;
use reqwest::{
    Certificate, Client, Response,
    header::{self, HeaderMap, HeaderName, HeaderValue},
    redirect, retry,
};

use crate::{
    AdminError,
    transport::{Broken, HttpAnswer, Post, Transport},
};

const CONNECT_TIME_OUT: Duration = Duration::from_secs(5);
/// Sockets that idled through a freeze of the function are often dead; none is kept for long.
const IDLE: Duration = Duration::from_secs(10);
/// The largest answer that is read: ten orders of 250 lines are about 5 MB.
const LARGEST_ANSWER: usize = 32 * 1_048_576;

/// The HTTP client of one shop.
#[derive(Debug, Clone)]
pub struct Https {
    http: Client,
}

impl Https {
    /// A client that trusts the public certificate authorities or, where one is given (PEM), that one alone. That
    /// nothing goes out without TLS is checked where the address is given ([`crate::Admin::new`]), so that a simulated
    /// Shopify on the same machine can do without.
    pub fn new(certificate_authority: Option<&str>) -> Result<Self, AdminError> {
        // Installing twice in one process is no fault: the first stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .connect_timeout(CONNECT_TIME_OUT)
            .pool_idle_timeout(IDLE);
        let builder = match certificate_authority {
            None => builder,
            Some(pem) => builder.tls_certs_only(certificates(pem).ok_or_else(no_certificate)?),
        };
        // The client reads the certificates only here, so it is theirs if it cannot be made.
        let not_made = || AdminError::Unreachable("the HTTP client could not be made".into());
        let fault = |_| certificate_authority.map_or_else(not_made, |_| no_certificate());
        Ok(Self { http: builder.build().map_err(fault)? })
    }
}

/// The certificates in a PEM text; nothing if it holds none, with which nobody could be trusted.
fn certificates(pem: &str) -> Option<Vec<Certificate>> {
    Certificate::from_pem_bundle(pem.as_bytes()).ok().filter(|certificates| !certificates.is_empty())
}

fn no_certificate() -> AdminError {
    AdminError::Refused("certificate_authority is not a PEM certificate".into())
}

#[async_trait]
impl Transport for Https {
    async fn post(&self, post: Post) -> Result<HttpAnswer, Broken> {
        let request = self.http.post(post.url).timeout(post.time_out).headers(headers(&post.headers)?);
        let response = request.body(post.body.into_exposed()).send().await.map_err(|error| broken(&error))?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.map(str::to_owned);
        // Any other status says everything by itself: it must not be lost with a body that breaks off.
        let body = if matches!(status, 200 | 400 | 401) { read(response).await? } else { Vec::new() };
        Ok(HttpAnswer { status, retry_after, body: Private::new(body) })
    }
}

/// The headers, marked so that the HTTP client prints none of their values.
fn headers(headers: &[(&'static str, Private<String>)]) -> Result<HeaderMap, Broken> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| Broken::NotMade)?;
        value.set_sensitive(true);
        map.insert(HeaderName::from_static(name), value);
    }
    Ok(map)
}

async fn read(mut response: Response) -> Result<Vec<u8>, Broken> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err(Broken::TooLong { most: LARGEST_ANSWER });
        }
    }
    Ok(body)
}

/// Without a connection nothing was sent; afterwards nobody knows.
fn broken(error: &reqwest::Error) -> Broken {
    if error.is_builder() {
        Broken::NotMade
    } else if error.is_connect() {
        Broken::NoConnection
    } else if error.is_timeout() {
        Broken::TimedOut
    } else {
        Broken::BrokenOff
    }
}
