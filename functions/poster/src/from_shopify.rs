//! Shopify's part of the poster: what a delivery is to become, what is fetched for it, and what Shopify asks of the
//! connector itself.

mod drift;
mod fetching;
mod planning;
mod requests;

use domain::{Kind, Source};
use platform::Envelope;
use shopify::{Subject, Topic};

pub use drift::Tally;

/// The delivery of an order once more, for the journal entry of its allocations.
pub(crate) fn journal_of(envelope: &Envelope) -> Option<Envelope> {
    let is_order = envelope.source == Source::Shopify
        && envelope.about.is_none()
        && Topic::parse(&envelope.topic).is_some_and(is_whole_order);
    is_order.then(|| {
        let mut journal = envelope.clone();
        (journal.about, journal.again) = (Some(Kind::Journal), None);
        journal
    })
}

/// Whether a topic is about personal data that is stored, or about the installation of the app.
pub(crate) fn asks_the_connector(topic: &str) -> bool {
    let topic = Topic::parse(topic);
    topic.is_some_and(|topic| topic.is_about_privacy() || topic == Topic::AppUninstalled)
}

fn is_whole_order(topic: Topic) -> bool {
    topic.subject() == Subject::Order
}
