//! What every client of a remote service needs and none should have twice: the seam to HTTP, a rate that all
//! instances share, and tokens that one of them replaces for all.
//!
//! It knows HTTP, OAuth and the values that instances share; it knows neither Shopify nor ShipBob nor CloudSuite,
//! and nothing of what their answers mean.

mod admission;
mod gate;
mod https;
mod in_memory;
mod post;
mod shared;
pub mod time;
mod token;
mod transport;

pub use admission::{Admission, NotAdmitted, Observed};
pub use gate::Limits;
pub use https::{Https, HttpsError, is_safe};
pub use in_memory::InMemory;
pub use post::{Post, PostAnswer, PostTransport};
pub use shared::{Shared, Stored, SwapError};
pub use token::{Client, Grant, Granted, Rotation, Seal, Token, TokenError, joined, request_token};
pub use transport::{Broken, HttpAnswer, Method, Request, Transport};
