//! What the functions need from AWS and from the machine: clients, secrets, the queue and its envelope, the
//! clock, logs and metrics.
//!
//! This crate knows neither Shopify nor CloudSuite nor Lambda. Each service has an in-memory twin.

pub mod aws;
mod clock;
mod envelope;
mod queue;
mod sdk_error;
mod secrets;
mod setting;
pub mod telemetry;

pub use clock::{Clock, SystemClock};
pub use envelope::{Body, Envelope, EnvelopeError, LARGEST_BODY, LARGEST_MESSAGE};
pub use queue::{DeadLetter, MemoryQueue, Queue, QueueError, Sqs};
pub use sdk_error::describe;
pub use secrets::{MemorySecrets, SecretError, SecretSource, SecretVersions, Secrets, SecretsManager};
pub use setting::{MissingSetting, setting};
