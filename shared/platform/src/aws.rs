//! AWS clients: one configuration, one HTTP client, every time-out set.
//!
//! The SDK sets no read or operation time-out by default; without one, a silent connection would hold a
//! function until Lambda kills it.

use std::time::Duration;

use aws_config::{
    BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableCredentialsProvider,
    retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_sdk_sqs::config::{SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

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

/// The configuration of a Lambda function. Lambda gives region and credentials by the environment and by nothing else
/// (AWS, "Defined runtime environment variables"), so profiles, metadata services and web identities are not built in:
/// they would be some tenths of a megabyte of each function. `AWS_ENDPOINT_URL` leads to an emulator.
pub fn of_function(patience: Patience) -> SdkConfig {
    let credentials = EnvironmentVariableCredentialsProvider::new();
    let mut config = SdkConfig::builder()
        .behavior_version(behavior())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client())
        .region(variable("AWS_REGION").map(Region::new))
        .retry_config(RetryConfig::standard())
        .timeout_config(timeouts(patience));
    config.set_endpoint_url(variable("AWS_ENDPOINT_URL"));
    config.build()
}

/// The configuration of a person's command line: whatever AWS's own would take.
pub async fn of_operator(patience: Patience) -> SdkConfig {
    aws_config::defaults(behavior())
        .http_client(http_client())
        .timeout_config(timeouts(patience))
        .load()
        .await
}

fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

fn timeouts(patience: Patience) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(800))
        .operation_attempt_timeout(patience.attempt)
        .operation_timeout(patience.call)
        .build()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
