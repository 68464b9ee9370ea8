//! The queue between webhook and poster, and the dead-letter queue behind it.

use std::sync::Mutex;

use async_trait::async_trait;
use aws_sdk_sqs::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::MessageAttributeValue,
};
use domain::TenantId;

use crate::describe;

/// Why SQS did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("SQS did not {what}: {why}")]
pub struct QueueError {
    what: &'static str,
    why: String,
}

/// Why a message goes to the dead-letter queue: what an operator reads without opening the message.
///
/// **Architecture Invariant:** no personal data: codes, ids and keys only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The message body, unchanged.
    pub message: String,
    /// Whose message it is; empty if that could not be read.
    pub tenant: String,
    /// The record's key; empty if that could not be read.
    pub record: String,
    /// Why, as codes: `rejected: unknown_item ×2`.
    pub reason: String,
    /// The correlation id; empty if that could not be read.
    pub correlation: String,
}

/// The queue, as the functions use it.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Puts an envelope on the queue. Returning means that SQS has it.
    async fn send(&self, tenant: &TenantId, message: String) -> Result<(), QueueError>;
    /// Hides a received message for some seconds from now (0 to 43,200).
    async fn defer(&self, receipt: &str, seconds: u32) -> Result<(), QueueError>;
    /// Puts a message on the dead-letter queue. Returning means that SQS has it.
    async fn bury(&self, letter: DeadLetter) -> Result<(), QueueError>;
}

/// The queue in SQS.
#[derive(Debug, Clone)]
pub struct Sqs {
    client: Client,
    queue_url: String,
    dead_letter_url: String,
}

impl Sqs {
    /// For a function that only sends.
    pub fn sender(client: Client, queue_url: String) -> Self {
        Self { client, queue_url, dead_letter_url: String::new() }
    }

    /// For a function that receives, defers and buries.
    pub fn receiver(client: Client, queue_url: String, dead_letter_url: String) -> Self {
        Self { client, queue_url, dead_letter_url }
    }
}

#[async_trait]
impl Queue for Sqs {
    async fn send(&self, tenant: &TenantId, message: String) -> Result<(), QueueError> {
        let request = self.client.send_message().queue_url(&self.queue_url).message_body(message);
        // The group makes a standard queue fair between tenants; it orders nothing.
        let sent = request.message_group_id(tenant.as_str()).send().await;
        sent.map(drop).map_err(|error| failure("take the message", &error))
    }

    async fn defer(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        let seconds = i32::try_from(seconds.min(43_200)).unwrap_or(43_200);
        let request =
            self.client.change_message_visibility().queue_url(&self.queue_url).receipt_handle(receipt);
        let deferred = request.visibility_timeout(seconds).send().await;
        deferred.map(drop).map_err(|error| failure("defer the message", &error))
    }

    async fn bury(&self, letter: DeadLetter) -> Result<(), QueueError> {
        let mut request = self.client.send_message().queue_url(&self.dead_letter_url);
        let attributes = [
            ("tenant", letter.tenant),
            ("record", letter.record),
            ("reason", letter.reason),
            ("correlation", letter.correlation),
        ];
        for (name, value) in attributes.into_iter().filter(|(_, value)| !value.is_empty()) {
            let value = MessageAttributeValue::builder().data_type("String").string_value(value).build();
            request = request.message_attributes(
                name,
                value.map_err(|error| QueueError { what: "take the dead letter", why: error.to_string() })?,
            );
        }
        let buried = request.message_body(letter.message).send().await;
        buried.map(drop).map_err(|error| failure("take the dead letter", &error))
    }
}

fn failure<E: ProvideErrorMetadata, R>(what: &'static str, error: &SdkError<E, R>) -> QueueError {
    QueueError { what, why: describe(error) }
}

/// The queue's in-memory twin: keeps what it was given, in order.
#[derive(Debug, Default)]
pub struct MemoryQueue {
    /// What was sent.
    pub sent: Mutex<Vec<String>>,
    /// What was deferred: receipt and seconds.
    pub deferred: Mutex<Vec<(String, u32)>>,
    /// What was buried.
    pub buried: Mutex<Vec<DeadLetter>>,
    /// Whether SQS is down.
    pub down: std::sync::atomic::AtomicBool,
}

impl MemoryQueue {
    fn up(&self, what: &'static str) -> Result<(), QueueError> {
        if self.down.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(QueueError { what, why: "it is down".into() });
        }
        Ok(())
    }
}

fn push<T>(list: &Mutex<Vec<T>>, item: T) {
    list.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(item);
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn send(&self, _tenant: &TenantId, message: String) -> Result<(), QueueError> {
        self.up("take the message")?;
        push(&self.sent, message);
        Ok(())
    }

    async fn defer(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        self.up("defer the message")?;
        push(&self.deferred, (receipt.to_owned(), seconds));
        Ok(())
    }

    async fn bury(&self, letter: DeadLetter) -> Result<(), QueueError> {
        self.up("take the dead letter")?;
        push(&self.buried, letter);
        Ok(())
    }
}
