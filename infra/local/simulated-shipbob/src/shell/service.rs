//! One HTTP request to the core and back.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use hyper::body::Incoming;
use jiff::Timestamp;
use tower::{Service, make, service_fn};

use crate::http::{HttpRequest, HttpResponse};
use crate::simulator::SimulatedShipBob;

/// A body above this is not read.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("the request could not be read: {0}")]
    Request(#[from] axum::Error),
    #[error("the answer could not be built: {0}")]
    Response(#[from] axum::http::Error),
    #[error("a fault was asked for")]
    AskedFor,
}

/// One service for all connections.
pub(super) fn make(
    simulator: Arc<Mutex<SimulatedShipBob>>,
) -> make::Shared<
    impl Service<Request<Incoming>, Response = Response<Body>, Error = NoAnswer, Future: Send> + Clone + Send,
> {
    make::Shared::new(service_fn(move |request| answer(Arc::clone(&simulator), request)))
}

async fn answer(
    simulator: Arc<Mutex<SimulatedShipBob>>,
    request: Request<Incoming>,
) -> Result<Response<Body>, NoAnswer> {
    let request = read(request).await?;
    let answer = simulator.lock().unwrap_or_else(PoisonError::into_inner).handle(&request, Timestamp::now());
    tokio::time::sleep(Duration::from_millis(u64::from(answer.after_milliseconds))).await;
    if answer.is_none() { Err(NoAnswer::AskedFor) } else { write(answer) }
}

async fn read(request: Request<Incoming>) -> Result<HttpRequest, NoAnswer> {
    let (parts, body) = request.into_parts();
    let headers = parts.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Ok(HttpRequest {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        headers: headers.collect(),
        body: to_bytes(Body::new(body), MAX_BODY).await?.to_vec(),
    })
}

fn write(response: HttpResponse) -> Result<Response<Body>, NoAnswer> {
    let mut builder = Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    Ok(builder.body(Body::from(response.body))?)
}
