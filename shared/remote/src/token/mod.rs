//! Access tokens: asking for one, and a refresh token that is replaced with each use and shared by all instances.
//! Tokens stand in no log and no error.

mod exchange;
mod kept;
mod rotation;
mod seal;

pub use exchange::{Client, Grant, Granted, TokenError, request as request_token};
pub use kept::Token;
pub use rotation::Rotation;
pub use seal::{Seal, joined};
