//! A simulated ShipBob: one merchant's account with its API, its warehouses and its webhooks, for tests and local runs.
//! It is written from what ShipBob and others have published, never from our own client: two sides that err in the same
//! way prove nothing. What is published is kept strictly; what is not is a setting, or a choice named beside the code.
//!
//! The core ([`SimulatedShipBob`]) does no I/O and reads no clock. [`serve`] puts HTTPS around it and delivers the
//! webhooks.

mod api;
mod clock;
mod control;
mod faults;
mod http;
mod oauth;
mod random;
mod settings;
mod shell;
mod simulator;
mod warehouse;
mod webhooks;

pub use http::{HttpRequest, HttpResponse};
pub use settings::{Credentials, DeliverySettings, Settings};
pub use shell::{Options, Running, ServeError, serve, serve_anywhere};
pub use simulator::SimulatedShipBob;
pub use webhooks::{Attempt, Delivery, DeliveryRecord, DeliveryState, Outcome, sign};
