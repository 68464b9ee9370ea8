//! ShipBob's wire formats: the signature and headers of a webhook delivery, the body of each topic.
//!
//! This crate knows what ShipBob sends and what may be odd about it. It knows nothing of CloudSuite, AWS or
//! Lambda, does no I/O and reads no clock. Whatever bytes it is given, it answers with a value or an error
//! that names the place and never the content: bodies hold personal data.

mod headers;
mod signature;

pub use headers::{
    DeliveryHeaders, HeaderError, LEGACY_SUBSCRIPTION_ID, LEGACY_TOPIC, TOPIC, WEBHOOK_ID, WEBHOOK_SIGNATURE,
    WEBHOOK_TIMESTAMP,
};
pub use signature::{Secret, SecretError, SignatureError, sign, verify};
