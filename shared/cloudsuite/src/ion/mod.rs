//! Infor ION: credentials, tokens and the API Gateway, the same for every product line.

mod admission;
mod gate;
mod gateway;
mod https;
mod in_memory;
mod ionapi;
mod patience;
mod shared;
mod time;
mod token;
mod transport;

pub use gate::Limits;
pub use gateway::{Answer, Connection, Gateway};
pub use https::Https;
pub use in_memory::InMemory;
pub use ionapi::{AllowedHosts, Grant, IonApi, IonApiError};
pub use patience::Patience;
pub use shared::{Shared, Stored, SwapError};
pub use transport::{Broken, HttpAnswer, Post, Transport};
