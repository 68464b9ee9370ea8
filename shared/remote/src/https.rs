//! The way to a service's servers over HTTPS. It alone knows the HTTP client.

use std::time::Duration;

use async_trait::async_trait;
use domain::Private;
use reqwest::{
    Certificate, Client, Response, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect, retry,
};

use crate::transport::{Broken, HttpAnswer, Method, Request, Transport};

const CONNECT_TIME_OUT: Duration = Duration::from_secs(5);
/// Sockets that idled through a freeze of the function are often dead; none is kept for long.
const IDLE: Duration = Duration::from_secs(10);
/// The largest answer that is read: ten orders of 250 lines are about 5 MB.
const LARGEST_ANSWER: usize = 32 * 1_048_576;

/// The HTTP client of one tenant.
#[derive(Debug, Clone)]
pub struct Https {
    http: Client,
}

/// Why there is no HTTP client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpsError {
    /// The system did not let it be made.
    #[error("the HTTP client could not be made")]
    NotMade,
    /// What is named as the certificate authority is none.
    #[error("certificate_authority is not a PEM certificate")]
    NoCertificate,
}

/// Whether secrets may travel to this address: HTTPS, or HTTP to this machine itself, for a simulated service.
pub fn is_safe(url: &Url) -> bool {
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

impl Https {
    /// A client that trusts the public certificate authorities or, where one is given (PEM), that one alone.
    pub fn new(certificate_authority: Option<&str>) -> Result<Self, HttpsError> {
        // Installing twice in one process is no fault: the first stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .connect_timeout(CONNECT_TIME_OUT)
            .pool_idle_timeout(IDLE);
        let builder = match certificate_authority {
            None => builder,
            Some(pem) => builder.tls_certs_only(certificates(pem).ok_or(HttpsError::NoCertificate)?),
        };
        // The client reads the certificates only here, so it is theirs if it cannot be made.
        let fault = certificate_authority.map_or(HttpsError::NotMade, |_| HttpsError::NoCertificate);
        Ok(Self { http: builder.build().map_err(|_| fault)? })
    }
}

/// The certificates in a PEM text; nothing if it holds none, with which nobody could be trusted.
fn certificates(pem: &str) -> Option<Vec<Certificate>> {
    Certificate::from_pem_bundle(pem.as_bytes()).ok().filter(|certificates| !certificates.is_empty())
}

#[async_trait]
impl Transport for Https {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        if !is_safe(&request.url) {
            return Err(Broken::NotMade);
        }
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        let sent = self.http.request(method, request.url).timeout(request.time_out);
        let sent = sent.headers(headers(&request.headers)?);
        let body = request.body.into_exposed();
        let sent = if body.is_empty() { sent } else { sent.body(body) };
        let response = sent.send().await.map_err(|error| broken(&error))?;
        let status = response.status().as_u16();
        let headers = wanted(request.wanted, &response);
        let body = if request.telling.contains(&status) { read(response).await? } else { Vec::new() };
        Ok(HttpAnswer { status, headers, body: Private::new(body) })
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

fn wanted(names: &[&'static str], response: &Response) -> Vec<(&'static str, String)> {
    let found = names.iter().filter_map(|name| Some((*name, response.headers().get(*name)?.to_str().ok()?)));
    found.map(|(name, value)| (name, value.to_owned())).collect()
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
