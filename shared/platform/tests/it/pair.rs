//! A queue with its dead-letter queue, empty, for one test.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_sdk_sqs::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region},
    types::QueueAttributeName,
};
use aws_smithy_http_client::Builder;
use jiff::Timestamp;
use platform::{HandClock, Mailbox, MemoryMailbox, Received, SqsMailbox};

/// How often a message may be received before it is moved.
pub(crate) const MAX_RECEIVE_COUNT: u32 = 3;

pub(crate) struct Pair {
    pub(crate) queue: Arc<dyn Mailbox>,
    pub(crate) dead_letters: Arc<dyn Mailbox>,
    /// The clock of the twins; none where time passes by itself.
    clock: Option<Arc<HandClock>>,
}

impl Pair {
    pub(crate) fn in_memory() -> Self {
        let clock = Arc::new(HandClock::at(Timestamp::from_second(1_790_000_000).unwrap()));
        let dead_letters = Arc::new(MemoryMailbox::new("dead", clock.clone()));
        let queue = MemoryMailbox::new("events", clock.clone());
        let queue = queue.giving_up_after(MAX_RECEIVE_COUNT, dead_letters.clone());
        Self { queue: Arc::new(queue), dead_letters, clock: Some(clock) }
    }

    /// New queues at the address that `ML_SQS_ENDPOINT` names.
    pub(crate) async fn at_named_endpoint() -> Option<Self> {
        static PAIRS: AtomicUsize = AtomicUsize::new(0);
        let Ok(endpoint) = std::env::var("ML_SQS_ENDPOINT") else {
            eprintln!("note: ML_SQS_ENDPOINT is not set: only the queue in memory is tried");
            return None;
        };
        let client = Client::from_conf(config(&endpoint));
        let n = PAIRS.fetch_add(1, Ordering::Relaxed);
        let name = |what: &str| format!("mailbox-{}-{n}-{what}", std::process::id());
        let dead = create(&client, &name("dead"), None).await;
        let queue = create(&client, &name("events"), Some(&arn_of(&client, &dead).await)).await;
        let mailbox = |url| -> Arc<dyn Mailbox> { Arc::new(SqsMailbox::new(client.clone(), url)) };
        Some(Self { queue: mailbox(queue), dead_letters: mailbox(dead), clock: None })
    }

    /// Lets so many seconds pass, and a little more where they pass by themselves.
    pub(crate) async fn pass(&self, seconds: u32) {
        match &self.clock {
            Some(clock) => clock.advance(i64::from(seconds)),
            None => tokio::time::sleep(Duration::from_millis(u64::from(seconds) * 1_000 + 300)).await,
        }
    }

    /// Receives the one message that is visible.
    pub(crate) async fn one(&self, visibility_seconds: u32) -> Received {
        let [one] = <[_; 1]>::try_from(self.queue.receive(10, visibility_seconds).await.unwrap()).unwrap();
        one
    }

    /// Whether nothing is visible. The message, should there be one, is then hidden for a second.
    pub(crate) async fn is_empty(&self) -> bool {
        self.queue.receive(10, 1).await.unwrap().is_empty()
    }
}

async fn create(client: &Client, name: &str, dead_letters: Option<&str>) -> String {
    let mut request = client.create_queue().queue_name(name);
    if let Some(arn) = dead_letters {
        let policy =
            format!("{{\"deadLetterTargetArn\":\"{arn}\",\"maxReceiveCount\":\"{MAX_RECEIVE_COUNT}\"}}");
        request = request.attributes(QueueAttributeName::RedrivePolicy, policy);
    }
    request.send().await.unwrap().queue_url.unwrap()
}

async fn arn_of(client: &Client, url: &str) -> String {
    let request = client.get_queue_attributes().queue_url(url).attribute_names(QueueAttributeName::QueueArn);
    request.send().await.unwrap().attributes.unwrap().remove(&QueueAttributeName::QueueArn).unwrap()
}

fn config(endpoint: &str) -> Config {
    Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .endpoint_url(endpoint)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .http_client(Builder::new().build_http())
        .build()
}
