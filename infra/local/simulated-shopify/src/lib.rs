//! A simulated Shopify: one shop with its GraphQL Admin API, its token endpoint and its webhooks, for tests and local
//! runs. It is written from what Shopify and others have published, never from our own client: two sides that err in
//! the same way prove nothing. What is published is kept strictly; what is not is a setting, or a choice named beside
//! the code.
//!
//! The core ([`SimulatedShopify`]) does no I/O and reads no clock. [`serve`] puts HTTPS around it and delivers the
//! webhooks.

mod admin;
mod clock;
mod control;
mod counters;
mod faults;
mod http;
mod random;
mod settings;
mod shell;
mod shop;
mod simulator;
mod token;
mod view;
mod webhooks;

pub use admin::requested_cost;
pub use faults::{Effect, Fault, Place};
pub use http::{Answer, HttpRequest, HttpResponse};
pub use settings::{
    ConnectionCost, Credentials, DeliverySettings, FailuresCounted, ProtectedData, Settings, UsedRefreshToken,
};
pub use shell::{Options, Running, ServeError, serve, serve_anywhere};
pub use shop::{Kind, RefundLine};
pub use simulator::SimulatedShopify;
pub use token::OfflineToken;
pub use webhooks::{Attempt, DeclaredSubscription, Delivery, DeliveryRecord, DeliveryState, Outcome};
