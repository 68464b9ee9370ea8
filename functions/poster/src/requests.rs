//! What the source asks of the connector itself.

use domain::Held;
use shopify::Event;

use crate::{Ending, Poster};

impl Poster {
    /// Does what the source asks for, and records it.
    pub(crate) async fn obey(&self, held: &Held, _event: Event) -> Ending {
        self.skip(held, "not obeyed yet".to_owned()).await
    }
}
