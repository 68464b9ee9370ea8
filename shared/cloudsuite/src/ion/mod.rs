//! Infor ION: credentials, tokens and the API Gateway, the same for every product line.

mod gateway;
mod ionapi;
mod patience;
mod token;

pub use gateway::{Answer, Connection, Gateway};
pub use ionapi::{AllowedHosts, Grant, IonApi, IonApiError};
pub use patience::Patience;
pub use remote::{
    Broken, Https, InMemory, Limits, Post, PostAnswer as HttpAnswer, PostTransport as Transport, Shared,
    Stored, SwapError,
};
