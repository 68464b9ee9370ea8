//! The webhook function: verifies a delivery, puts it on the queue, answers.
//!
//! It has no credentials of CloudSuite and no table. Once the tenant's secret is remembered, an accepted
//! delivery costs one AWS call.

mod answer;
mod authentic;
mod event;
mod from_shipbob;
mod from_shopify;
mod handler;

pub use answer::{Accepted, Refusal};
pub use handler::Webhook;
