//! The answers of the webhook: each refusal knows its HTTP status and says what to do.

use domain::{ParseKeyError, Source};
use lambda_http::{
    aws_lambda_events::apigw::ApiGatewayV2httpResponse,
    http::{HeaderMap, HeaderValue, header},
};
use platform::{QueueError, SecretError};
use shopify::HeaderError;

/// What became of an authentic delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// SQS has it.
    Queued,
    /// Its topic is not needed; answering anything but 200 would make Shopify remove the subscription.
    NotNeeded,
}

/// Why a delivery was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The event of the gateway cannot be read at all.
    #[error("the request cannot be read")]
    Unreadable,
    /// No such path.
    #[error("no such address: expected POST /webhooks/<source>/<tenant>")]
    NoSuchAddress,
    /// The tenant's name cannot be one.
    #[error("no such tenant: {0}")]
    NotATenant(#[from] ParseKeyError),
    /// Nobody of that name is set up.
    #[error("no such tenant is set up for {0}")]
    UnknownTenant(Source),
    /// A header is missing or unusable.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// There is no body.
    #[error("the body is empty")]
    NoBody,
    /// A header of ShipBob's is missing or unusable.
    #[error(transparent)]
    ShipbobHeader(#[from] shipbob::HeaderError),
    /// Nothing of it is signed, and the tenant does not accept it by name and token.
    #[error("the delivery is not signed, and the tenant does not accept it so")]
    Unsigned,
    /// The signature does not match the body, for the known cause that fits best.
    #[error("the signature does not match the body under any live secret of this tenant")]
    Signature(String),
    /// The signature matches, but the delivery is of another shop.
    #[error("the delivery is of another shop than this tenant's")]
    OtherShop,
    /// SQS could not take it, however well compressed.
    #[error("the delivery is too large for the queue")]
    TooLarge,
    /// Secrets Manager did not give the secret.
    #[error("the tenant's secret cannot be read now")]
    Secret(#[from] SecretError),
    /// SQS did not take it.
    #[error("the delivery cannot be queued now")]
    Queue(#[from] QueueError),
    /// AWS took longer than Shopify waits.
    #[error("the delivery was not queued in time")]
    TooSlow,
}

impl Refusal {
    /// The HTTP status. 5xx makes Shopify try again.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unreadable | Self::Header(_) | Self::ShipbobHeader(_) | Self::NoBody => 400,
            Self::Signature(_) | Self::Unsigned => 401,
            Self::OtherShop => 403,
            Self::NoSuchAddress | Self::NotATenant(_) | Self::UnknownTenant(_) => 404,
            Self::TooLarge => 413,
            Self::Secret(_) | Self::Queue(_) | Self::TooSlow => 503,
        }
    }

    /// The cause, for the log only: callers learn nothing of AWS.
    pub fn cause(&self) -> String {
        match self {
            Self::Secret(error) => error.to_string(),
            Self::Queue(error) => error.to_string(),
            Self::Signature(cause) => cause.clone(),
            other => other.to_string(),
        }
    }
}

/// The HTTP answer.
pub(crate) fn response(result: &Result<Accepted, Refusal>) -> ApiGatewayV2httpResponse {
    let (status, text) = match result {
        Ok(Accepted::Queued) => (200, "queued".to_owned()),
        Ok(Accepted::NotNeeded) => (200, "not needed".to_owned()),
        Err(refusal) => (refusal.status(), refusal.to_string()),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(status);
    response.headers = headers;
    response.body = Some(format!("{text}\n").into());
    response
}
