//! The quick look: what is needed of a body before its record is claimed.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    Gid, ParseError, Subject, Topic,
    event::parse,
    parse::{read, wrapper},
    shape::Top,
    wire,
};

/// The longest name that is kept; Shopify's own are far shorter.
const LONGEST_NAME: usize = 64;

/// What is needed of a body before its record is claimed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peek {
    /// The subject's id: see [`Topic::peek`].
    pub id: u64,
    /// When it last changed; nothing if it does not say so in a way that can be read.
    pub updated_at: Option<Timestamp>,
    /// The name that people use, such as `#1001`, cut to a bounded length; empty where there is none. Never a
    /// person's.
    pub name: String,
}

#[derive(Deserialize)]
struct PeekBody<'a> {
    #[serde(deserialize_with = "wire::whole")]
    id: u64,
    #[serde(borrow, default)]
    updated_at: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
}

/// Reads only what is needed to claim an order's record. An order with an id is never lost by a fault in another
/// field: the full reading finds that fault. Does not look at the topic: see [`Topic::peek`].
pub fn peek(body: &[u8]) -> Result<Peek, ParseError> {
    let body: PeekBody<'_> = read(body)?;
    let text = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    Ok(Peek { id: body.id, updated_at: time(text(body.updated_at)), name: short(text(body.name)) })
}

impl Topic {
    /// Reads only what is needed to claim a record, and refuses a body that cannot be one of this topic.
    ///
    /// | topic | id | time | name |
    /// | --- | --- | --- | --- |
    /// | a whole order or draft, a deleted order | the order's | `updated_at` | `#1001` |
    /// | an edited order | the order's, not the edit's | `committed_at`, else `created_at` | |
    /// | a refund | the refund's | `created_at` | |
    /// | a customer, a deleted customer | the customer's | `updated_at` | |
    /// | merged customers | of the one that is left | | |
    /// | a firm, a location | its own | `updated_at` | its number elsewhere |
    /// | a firm's contact | its own | `updated_at` | |
    /// | the app was removed | the shop's | | the shop's domain |
    /// | a customer asks for data | the request's, else the customer's, else the shop's | | |
    /// | a customer is to be erased | the customer's, else the shop's | | |
    /// | a shop is to be erased | the shop's | | |
    pub fn peek(self, body: &[u8]) -> Result<Peek, ParseError> {
        let top = self.top(body)?;
        match glance(self.subject(), &top) {
            Some(peek) => Ok(peek),
            // The full reading says which field cannot be read, and where.
            None => Err(parse(self, body).err().unwrap_or(ParseError::OtherTopic {
                topic: self.as_str(),
                field: "id",
                why: "is missing",
            })),
        }
    }

    /// The top level of a body that can be one of this topic.
    pub(crate) fn top(self, body: &[u8]) -> Result<Top<'_>, ParseError> {
        let top: Top<'_> = read(body)?;
        top.fits(self).map_err(|error| match std::str::from_utf8(body).ok().and_then(wrapper) {
            Some(key) => ParseError::Wrapped { key },
            None => error,
        })?;
        Ok(top)
    }
}

/// The id, time and name of a body whose shape was checked; nothing where the id cannot be read.
fn glance(subject: Subject, top: &Top<'_>) -> Option<Peek> {
    let id = |key: &str| top.get::<Id>(key).map(|Id(id)| id);
    let text = |key: &str| top.get::<String>(key);
    let changed =
        |id: Option<u64>| Some(Peek { id: id?, updated_at: time(text("updated_at")), name: String::new() });
    let timeless = |id: Option<u64>| Some(Peek { id: id?, ..Peek::default() });
    let named = |peek: Option<Peek>, key: &str| Some(Peek { name: short(text(key)), ..peek? });
    match subject {
        Subject::Order | Subject::OrderDelete | Subject::DraftOrder => named(changed(id("id")), "name"),
        Subject::OrderEdit => {
            let edit: Edit = top.get("order_edit")?;
            let at = time(edit.committed_at).or_else(|| time(edit.created_at));
            Some(Peek { id: edit.order_id.map(|Id(id)| id)?, updated_at: at, name: String::new() })
        }
        Subject::Refund => Some(Peek { updated_at: time(text("created_at")), ..timeless(id("id"))? }),
        Subject::Customer | Subject::CustomerDelete => changed(id("id")),
        Subject::CustomerMerge => timeless(global(top, "admin_graphql_api_customer_kept_id")),
        Subject::Company | Subject::CompanyLocation => {
            named(changed(global(top, "admin_graphql_api_id")), "external_id")
        }
        Subject::CompanyContact => changed(global(top, "admin_graphql_api_id")),
        Subject::AppUninstalled => named(timeless(id("id")), "myshopify_domain"),
        Subject::CustomersDataRequest => {
            timeless(inner(top, "data_request").or_else(|| inner(top, "customer")).or_else(|| id("shop_id")))
        }
        Subject::CustomersRedact => timeless(inner(top, "customer").or_else(|| id("shop_id"))),
        Subject::ShopRedact => timeless(id("shop_id")),
    }
}

#[derive(Deserialize)]
struct Id(#[serde(deserialize_with = "wire::whole")] u64);

#[derive(Deserialize)]
struct Edit {
    #[serde(default)]
    order_id: Option<Id>,
    #[serde(default, deserialize_with = "wire::lenient")]
    committed_at: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient")]
    created_at: Option<String>,
}

/// The id within the object under a key.
fn inner(top: &Top<'_>, key: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Holder {
        id: Id,
    }
    top.get::<Holder>(key).map(|holder| holder.id.0)
}

/// The number of a global id.
fn global(top: &Top<'_>, key: &str) -> Option<u64> {
    let text: String = top.get(key)?;
    Gid::parse(&text).map(|gid| gid.id)
}

fn time(text: Option<String>) -> Option<Timestamp> {
    text.and_then(|time| time.trim().parse().ok())
}

fn short(name: Option<String>) -> String {
    name.unwrap_or_default().trim().chars().take(LONGEST_NAME).collect()
}
