//! What the functions need from AWS and from the machine: clients, secrets, the queue and its envelope, the
//! clock, logs and metrics.
//!
//! This crate knows neither Shopify nor CloudSuite nor Lambda. Each service has an in-memory twin.

pub mod aws;
mod clock;
mod envelope;
mod mailbox;
mod queues;
mod sdk_error;
mod secrets;
mod setting;
pub mod telemetry;

pub use clock::{Clock, HandClock, SystemClock};
pub use envelope::{Body, Envelope, EnvelopeError, LARGEST_BODY, LARGEST_MESSAGE};
pub use mailbox::{
    KeptMessage, LONGEST_DELAY, LONGEST_HIDING, MOST_AT_ONCE, Mailbox, MemoryMailbox, OldestFirst, Outgoing,
    Pick, Picker, QueueError, Received, SqsMailbox,
};
pub use queues::{DeadLetter, Queues};
pub use sdk_error::describe;
pub use secrets::{MemorySecrets, SecretError, SecretSource, SecretVersions, Secrets, SecretsManager};
pub use setting::{MissingSetting, setting};
