//! Wires the poller function: ledger, tenants.

use std::sync::Arc;

use jiff::SignedDuration;
use lambda_runtime::{Error, service_fn};
use ledger::DynamoDb;
use platform::{
    MissingSetting, Queues, Secrets, SecretsManager, SqsMailbox, SystemClock, aws, setting, telemetry,
};
use poller::Poller;
use tenants::{Tenants, parse_credentials};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::of_function(aws::Patience::WORKING);
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let ledger = Arc::new(DynamoDb::new(dynamodb, setting("RECORDS_TABLE")?, setting("PAYLOADS_TABLE")?));
    let secrets = SecretsManager::current(aws_sdk_secretsmanager::Client::new(&aws));
    let credentials = Secrets::new(Arc::new(secrets), parse_credentials);
    let sqs = aws_sdk_sqs::Client::new(&aws);
    let queues = Queues {
        events: Arc::new(SqsMailbox::new(sqs.clone(), setting("QUEUE_URL")?)),
        dead_letters: Arc::new(SqsMailbox::new(sqs, setting("DLQ_URL")?)),
    };
    let poller = Poller {
        tenants: Arc::new(Tenants::new(
            ledger.clone(),
            credentials,
            setting("SECRET_PREFIX")?,
            Arc::new(SystemClock),
        )),
        ledger,
        queues,
        clock: Arc::new(SystemClock),
        webhook_url: webhook_url()?,
        quiet: SignedDuration::from_secs(setting("QUIET_SECONDS")?.parse()?),
    };
    lambda_runtime::run(service_fn(|event| poller.handle(event))).await
}

/// The address that sources know: that of the API unless another one stands before it.
fn webhook_url() -> Result<String, MissingSetting> {
    match std::env::var("WEBHOOK_URL").unwrap_or_default() {
        url if url.trim().is_empty() => setting("API_URL"),
        url => Ok(url),
    }
}
