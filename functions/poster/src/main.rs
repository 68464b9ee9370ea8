//! Wires the poster function: ledger, queue, tenants.

use std::sync::Arc;

use jiff::SignedDuration;
use lambda_runtime::{Error, service_fn};
use ledger::DynamoDb;
use platform::{Queues, Secrets, SecretsManager, SqsMailbox, SystemClock, aws, setting, telemetry};
use poster::Poster;
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
    let queue = Queues {
        events: Arc::new(SqsMailbox::new(sqs.clone(), setting("QUEUE_URL")?)),
        dead_letters: Arc::new(SqsMailbox::new(sqs, setting("DLQ_URL")?)),
    };
    let poster = Arc::new(Poster {
        tenants: Arc::new(Tenants::new(
            ledger.clone(),
            credentials,
            setting("SECRET_PREFIX")?,
            Arc::new(SystemClock),
        )),
        ledger,
        queue,
        clock: Arc::new(SystemClock),
        quiet: SignedDuration::from_secs(setting("QUIET_SECONDS")?.parse()?),
        drift: poster::Tally::default(),
        catalogue: poster::Catalogue::default(),
    });
    lambda_runtime::run(service_fn(|event| poster.handle(event))).await
}
