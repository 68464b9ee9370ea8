//! Wires the poller function: ledger, tenants.

use std::sync::Arc;

use lambda_runtime::{Error, service_fn};
use ledger::DynamoDb;
use platform::{Secrets, SecretsManager, SystemClock, aws, setting, telemetry};
use poller::Poller;
use tenants::{Tenants, parse_credentials};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::config(aws::Patience::WORKING).await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws);
    let ledger = Arc::new(DynamoDb::new(dynamodb, setting("RECORDS_TABLE")?, setting("PAYLOADS_TABLE")?));
    let secrets = SecretsManager::current(aws_sdk_secretsmanager::Client::new(&aws));
    let credentials = Secrets::new(Arc::new(secrets), parse_credentials);
    let poller = Poller {
        tenants: Arc::new(Tenants::new(ledger.clone(), credentials, setting("SECRET_PREFIX")?)),
        ledger,
        clock: Arc::new(SystemClock),
    };
    lambda_runtime::run(service_fn(|event| poller.handle(event))).await
}
