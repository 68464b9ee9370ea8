//! Which record a delivery of Shopify's is about.

use ::shopify::{Event, Peek, Subject, Topic, parse};
use domain::{Kind, SourceId};

use crate::About;

/// Which record a body of a topic is about.
pub(crate) fn about(topic: &str, bytes: &[u8]) -> About {
    let topic = Topic::parse(topic);
    let peek = topic.and_then(|topic| topic.peek(bytes).ok());
    let kind = kind_of(topic.map(Topic::subject));
    let id = topic.zip(peek.as_ref()).and_then(|(topic, peek)| id_of(topic, peek, bytes));
    let Peek { updated_at, name, .. } = peek.unwrap_or_default();
    About { kind, id, updated_at, name }
}

/// What kind of record a body about this is about.
fn kind_of(subject: Option<Subject>) -> Kind {
    match subject {
        Some(Subject::Order | Subject::OrderDelete) | None => Kind::Order,
        Some(Subject::Refund) => Kind::Refund,
        Some(
            Subject::Customer
            | Subject::CustomerDelete
            | Subject::CustomerMerge
            | Subject::Company
            | Subject::CompanyLocation
            | Subject::CompanyContact,
        ) => Kind::Customer,
        Some(
            Subject::OrderEdit
            | Subject::DraftOrder
            | Subject::AppUninstalled
            | Subject::CustomersDataRequest
            | Subject::CustomersRedact
            | Subject::ShopRedact,
        ) => Kind::Request,
    }
}

/// The record's id. Buyers have the one that their orders find them by: their e-mail address, a firm's or its
/// location's id.
fn id_of(topic: Topic, peek: &Peek, bytes: &[u8]) -> Option<SourceId> {
    let worded = |word: &str, id: u64| format!("{word}-{id}").parse().ok();
    match topic.subject() {
        Subject::Customer => Some(id_of_customer(topic, bytes).unwrap_or_else(|| SourceId::from(peek.id))),
        Subject::Company => worded("company", peek.id),
        Subject::CompanyLocation => worded("location", peek.id),
        Subject::CompanyContact => worded("contact", peek.id),
        Subject::CustomerDelete | Subject::CustomerMerge => worded("gone", peek.id),
        Subject::OrderEdit => match parse(topic, bytes) {
            Ok(Event::OrderEdit(edit)) => worded("edit", edit.id.unwrap_or(edit.order_id)),
            _ => None,
        },
        Subject::DraftOrder => worded("draft", peek.id),
        Subject::AppUninstalled => worded("uninstalled", peek.id),
        Subject::CustomersDataRequest => worded("data-request", peek.id),
        Subject::CustomersRedact => worded("customer-redact", peek.id),
        Subject::ShopRedact => worded("shop-redact", peek.id),
        Subject::Order | Subject::OrderDelete | Subject::Refund => Some(SourceId::from(peek.id)),
    }
}

/// A customer's e-mail address, as a digest; nothing for one without.
fn id_of_customer(topic: Topic, bytes: &[u8]) -> Option<SourceId> {
    let Ok(Event::Customer { customer, .. }) = parse(topic, bytes) else { return None };
    let email = customer.email?.expose().trim().to_lowercase();
    (!email.is_empty()).then(|| SourceId::of_email(&email))
}
