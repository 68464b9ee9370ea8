//! AWS clients: one configuration, one HTTP client, every time-out set.
//!
//! The SDK sets no read or operation time-out by default; without one, a silent connection would hold a
//! function until Lambda kills it.

use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

/// How long AWS calls of one function may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// One attempt, connection included.
    pub attempt: Duration,
    /// All attempts of one call.
    pub call: Duration,
}

impl Patience {
    /// For a function that somebody waits for: Shopify hangs up after 5 s.
    pub const ANSWERING: Self =
        Self { attempt: Duration::from_millis(900), call: Duration::from_millis(1_900) };
    /// For a function that works in the background.
    pub const WORKING: Self = Self { attempt: Duration::from_secs(5), call: Duration::from_secs(12) };
}

/// Reads the AWS configuration of the environment and sets the time-outs.
pub async fn config(patience: Patience) -> SdkConfig {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(800))
        .operation_attempt_timeout(patience.attempt)
        .operation_timeout(patience.call)
        .build();
    aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .timeout_config(timeouts)
        .load()
        .await
}
