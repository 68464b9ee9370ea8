//! The queue in SQS.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use aws_sdk_sqs::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{
        Message, MessageAttributeValue, MessageSystemAttributeName as System, QueueAttributeName as Queue,
    },
};
use jiff::Timestamp;

use super::{LONGEST_DELAY, LONGEST_HIDING, MOST_AT_ONCE, Mailbox, Outgoing, QueueError, Received};
use crate::describe;

/// How long a receive waits for messages, in seconds. With any wait SQS asks all its servers; without one it
/// asks a few and may bring nothing while messages are there (AWS, short and long polling).
const LONG_POLL: i32 = 1;

/// What SQS answers where a receipt does nothing any more.
const STALE: [&str; 3] =
    ["ReceiptHandleIsInvalid", "MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight"];

/// The queue in SQS.
#[derive(Debug, Clone)]
pub struct SqsMailbox {
    client: Client,
    url: String,
}

impl SqsMailbox {
    /// The queue at an address.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self { client, url: url.into() }
    }
}

#[async_trait]
impl Mailbox for SqsMailbox {
    async fn send(&self, message: Outgoing) -> Result<(), QueueError> {
        const WHAT: &str = "take the message";
        let mut request = self.client.send_message().queue_url(&self.url).message_body(message.body);
        request = request.set_message_group_id(message.group);
        if message.delay_seconds > 0 {
            request = request.delay_seconds(whole(message.delay_seconds, LONGEST_DELAY));
        }
        for (name, value) in message.attributes {
            let value = MessageAttributeValue::builder().data_type("String").string_value(value).build();
            let value = value.map_err(|error| QueueError::Failed { what: WHAT, why: error.to_string() })?;
            request = request.message_attributes(name, value);
        }
        request.send().await.map(drop).map_err(|error| failure(WHAT, &error))
    }

    async fn receive(&self, most: u8, visibility_seconds: u32) -> Result<Vec<Received>, QueueError> {
        let request = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(i32::from(most.clamp(1, MOST_AT_ONCE)))
            .visibility_timeout(whole(visibility_seconds, LONGEST_HIDING))
            .wait_time_seconds(LONG_POLL)
            .message_attribute_names("All")
            .message_system_attribute_names(System::ApproximateReceiveCount)
            .message_system_attribute_names(System::SentTimestamp)
            .message_system_attribute_names(System::MessageGroupId);
        let answer = request.send().await.map_err(|error| failure("give messages", &error))?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(received).collect())
    }

    async fn hide(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        let request = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(receipt);
        let hidden = request.visibility_timeout(whole(seconds, LONGEST_HIDING)).send().await;
        hidden.map(drop).map_err(|error| failure("hide the message", &error))
    }

    async fn delete(&self, receipt: &str) -> Result<(), QueueError> {
        let deleted = self.client.delete_message().queue_url(&self.url).receipt_handle(receipt).send().await;
        deleted.map(drop).map_err(|error| failure("delete the message", &error))
    }

    async fn approximate_depth(&self) -> Result<u64, QueueError> {
        let counts = [
            Queue::ApproximateNumberOfMessages,
            Queue::ApproximateNumberOfMessagesNotVisible,
            Queue::ApproximateNumberOfMessagesDelayed,
        ];
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = request.set_attribute_names(Some(counts.to_vec())).send().await;
        let answer = answer.map_err(|error| failure("count its messages", &error))?;
        let attributes = answer.attributes.unwrap_or_default();
        Ok(counts.iter().map(|count| number::<u64>(attributes.get(count))).sum())
    }
}

fn received(message: Message) -> Received {
    let system = message.attributes.unwrap_or_default();
    let sent = Timestamp::from_millisecond(number(system.get(&System::SentTimestamp)));
    Received {
        message_id: message.message_id.unwrap_or_default(),
        receipt: message.receipt_handle.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        attributes: texts(message.message_attributes.unwrap_or_default()),
        receive_count: number(system.get(&System::ApproximateReceiveCount)),
        group: system.get(&System::MessageGroupId).cloned(),
        sent_at: sent.unwrap_or(Timestamp::UNIX_EPOCH),
    }
}

/// The attributes that are texts. We send no others.
fn texts(attributes: HashMap<String, MessageAttributeValue>) -> BTreeMap<String, String> {
    attributes.into_iter().filter_map(|(name, value)| Some((name, value.string_value?))).collect()
}

/// A number that SQS gives as text; zero where it gives none.
fn number<N: std::str::FromStr + Default>(text: Option<&String>) -> N {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn whole(seconds: u32, longest: u32) -> i32 {
    i32::try_from(seconds.min(longest)).unwrap_or(i32::MAX)
}

fn failure<E: ProvideErrorMetadata, R>(what: &'static str, error: &SdkError<E, R>) -> QueueError {
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
    match code {
        Some(code) if STALE.contains(&code) => QueueError::StaleReceipt { what },
        _ => QueueError::Failed { what, why: describe(error) },
    }
}
