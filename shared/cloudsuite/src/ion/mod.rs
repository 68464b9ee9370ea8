//! Infor ION: credentials, tokens and the API Gateway, the same for every product line.

mod gateway;
mod ionapi;
mod shared;
mod token;

pub use gateway::{Answer, Connection, Gateway};
pub use ionapi::{AllowedHosts, Grant, IonApi, IonApiError};
pub use shared::{Shared, Stored, SwapError};
