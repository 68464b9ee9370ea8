//! What ShipBob sent, as it was written.

use domain::Private;
use serde_json::value::RawValue;

/// One JSON value of an answer, byte for byte: numbers keep their digits. It may hold people's data, so it is not printed.
#[derive(Debug, Clone)]
pub struct Json(Private<Box<RawValue>>);

impl Json {
    pub(crate) fn new(raw: Box<RawValue>) -> Self {
        Self(Private::new(raw))
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.expose().get()
    }

    /// The bytes of the text.
    pub fn bytes(&self) -> &[u8] {
        self.text().as_bytes()
    }
}
