//! Wires the webhook function: clients, secrets, queue.

use std::sync::Arc;

use lambda_http::{Error, lambda_runtime, service_fn};
use platform::{Secrets, SecretsManager, SqsMailbox, SystemClock, aws, setting, telemetry};
use shipbob::Endpoint;
use shopify::Shop;
use webhook::Webhook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let aws = aws::of_function(aws::Patience::ANSWERING);
    let source = SecretsManager::current_and_previous(aws_sdk_secretsmanager::Client::new(&aws));
    let queue = SqsMailbox::new(aws_sdk_sqs::Client::new(&aws), setting("QUEUE_URL")?);
    let source = Arc::new(source);
    let webhook = Webhook {
        shops: Secrets::new(source.clone(), |versions| Shop::parse(versions)),
        endpoints: Secrets::new(source, |versions| Endpoint::parse(versions)),
        secret_prefix: setting("SECRET_PREFIX")?,
        queue: Arc::new(queue),
        clock: Arc::new(SystemClock),
    };
    lambda_runtime::run(service_fn(|event| webhook.answer(event))).await
}
