//! An installation of ml-connector as the command line reaches it: clients made from the environment.

use std::sync::Arc;

use ledger::DynamoDb;
use platform::{
    Mailbox, Queues, SecretsManager, SqsMailbox,
    aws::{self, Patience},
};

use crate::cli::Places;

/// A name that the command needs and nobody gave.
#[derive(Debug, thiserror::Error)]
#[error("{variable} is not set: set it, or give --{flag}; the deployed stack names it among its outputs")]
pub(crate) struct Unset {
    variable: &'static str,
    flag: &'static str,
}

/// An installation.
pub(crate) struct Installation {
    places: Places,
    aws: aws_config::SdkConfig,
}

impl Installation {
    /// The installation that the environment and the flags lead to.
    pub(crate) async fn at(places: Places) -> Self {
        Self { places, aws: aws::of_operator(Patience::WORKING).await }
    }

    /// Its ledger.
    pub(crate) fn ledger(&self) -> Result<DynamoDb, Unset> {
        let records = given(&self.places.records_table, "RECORDS_TABLE", "records-table")?;
        let payloads = given(&self.places.payloads_table, "PAYLOADS_TABLE", "payloads-table")?;
        Ok(DynamoDb::new(aws_sdk_dynamodb::Client::new(&self.aws), records, payloads))
    }

    /// Its secrets.
    pub(crate) fn secrets(&self) -> SecretsManager {
        SecretsManager::current(aws_sdk_secretsmanager::Client::new(&self.aws))
    }

    /// What the names of its tenants' secrets begin with.
    pub(crate) fn secret_prefix(&self) -> Result<&str, Unset> {
        given(&self.places.secret_prefix, "SECRET_PREFIX", "secret-prefix")
    }

    /// Its queue of events and its dead-letter queue.
    pub(crate) fn queues(&self) -> Result<Queues, Unset> {
        let events = given(&self.places.queue_url, "QUEUE_URL", "queue-url")?;
        Ok(Queues { events: self.mailbox(events), dead_letters: self.dead_letters()? })
    }

    /// Its dead-letter queue.
    pub(crate) fn dead_letters(&self) -> Result<Arc<dyn Mailbox>, Unset> {
        Ok(self.mailbox(given(&self.places.dlq_url, "DLQ_URL", "dlq-url")?))
    }

    fn mailbox(&self, url: &str) -> Arc<dyn Mailbox> {
        Arc::new(SqsMailbox::new(aws_sdk_sqs::Client::new(&self.aws), url))
    }

    /// The address of its HTTP API.
    pub(crate) fn api_url(&self) -> Result<&str, Unset> {
        given(&self.places.api_url, "API_URL", "api-url")
    }
}

fn given<'a>(value: &'a str, variable: &'static str, flag: &'static str) -> Result<&'a str, Unset> {
    if value.is_empty() { Err(Unset { variable, flag }) } else { Ok(value) }
}
