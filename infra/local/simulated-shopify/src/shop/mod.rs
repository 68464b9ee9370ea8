//! The shop's own data, kept in the shape of its webhooks: orders, customers, companies. A change returns the messages
//! that Shopify would publish about it; this module knows nothing of subscriptions, tokens or GraphQL.

mod amounts;
mod order;
mod refund;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use amounts::{Side, amount_of};
pub use refund::RefundLine;
pub(crate) use values::{id_of, local_time, merge, time_of};

/// Something to publish: a topic such as `orders/create`, and its payload.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    pub(crate) topic: String,
    pub(crate) payload: Value,
}

impl Message {
    pub(crate) fn new(topic: &str, payload: Value) -> Self {
        Self { topic: topic.to_owned(), payload }
    }
}

/// What a shop holds besides orders. Each has its topics `…/create`, `…/update` and `…/delete`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A customer.
    Customers,
    /// A company that buys (B2B).
    Companies,
    /// A place of a company.
    CompanyLocations,
    /// A person of a company.
    CompanyContacts,
}

impl Kind {
    fn topic(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Companies => "companies",
            Self::CompanyLocations => "company_locations",
            Self::CompanyContacts => "company_contacts",
        }
    }

    /// The name of its GraphQL type, which its global id carries.
    pub(crate) fn graphql(self) -> &'static str {
        match self {
            Self::Customers => "Customer",
            Self::Companies => "Company",
            Self::CompanyLocations => "CompanyLocation",
            Self::CompanyContacts => "CompanyContact",
        }
    }

    /// Every kind.
    pub(crate) const ALL: [Self; 4] =
        [Self::Customers, Self::Companies, Self::CompanyLocations, Self::CompanyContacts];
}

/// Everything the shop holds.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    pub(crate) domain: String,
    pub(crate) currency: String,
    pub(crate) installed: bool,
    pub(crate) orders: BTreeMap<u64, Value>,
    /// Orders whose lines were edited. A webhook does not tell it of an order, the Admin API does.
    pub(crate) edited: BTreeSet<u64>,
    pub(crate) others: BTreeMap<Kind, BTreeMap<u64, Value>>,
    next_id: u64,
    next_number: u64,
}

/// The first id that the shop gives out itself: as long as real ones are.
const FIRST_ID: u64 = 6_400_000_000_001;

impl Shop {
    pub(crate) fn new(domain: &str) -> Self {
        Self {
            domain: domain.to_owned(),
            currency: "USD".to_owned(),
            installed: true,
            orders: BTreeMap::new(),
            edited: BTreeSet::new(),
            others: BTreeMap::new(),
            next_id: FIRST_ID,
            next_number: 1001,
        }
    }

    /// The shop as the `app/uninstalled` webhook carries it.
    pub(crate) fn as_payload(&self) -> Value {
        json!({
            "id": 548_380_009,
            "name": "Simulated shop",
            "domain": self.domain,
            "myshopify_domain": self.domain,
            "currency": self.currency,
            "plan_name": "basic",
        })
    }

    /// Adds or replaces a customer, company, location or contact.
    pub(crate) fn put(
        &mut self,
        kind: Kind,
        mut value: Value,
        time: &str,
    ) -> Result<(u64, Vec<Message>), String> {
        let id = self.own_id(&mut value, kind.graphql())?;
        let known = self.others.entry(kind).or_default();
        let topic = if known.contains_key(&id) { "update" } else { "create" };
        values::set_missing(&mut value, "created_at", time);
        value["updated_at"] = json!(time);
        known.insert(id, value.clone());
        Ok((id, vec![Message::new(&format!("{}/{topic}", kind.topic()), value)]))
    }

    /// Removes one; the message carries its ids alone.
    pub(crate) fn delete(&mut self, kind: Kind, id: u64) -> Result<Vec<Message>, String> {
        let gone = self.others.get_mut(&kind).and_then(|known| known.remove(&id));
        let gone = gone.ok_or_else(|| format!("there is no {} {id}", kind.graphql()))?;
        let ids = json!({ "id": id, "admin_graphql_api_id": gone["admin_graphql_api_id"] });
        Ok(vec![Message::new(&format!("{}/delete", kind.topic()), ids)])
    }

    /// One of a kind.
    pub(crate) fn other(&self, kind: Kind, id: u64) -> Option<&Value> {
        self.others.get(&kind)?.get(&id)
    }

    /// The value's id, or a new one; its global id is set to match if it is missing.
    fn own_id(&mut self, value: &mut Value, graphql: &str) -> Result<u64, String> {
        if !value.is_object() {
            return Err(format!("{graphql} must be a JSON object"));
        }
        let id = match &value["id"] {
            Value::Null => self.new_id(),
            id => id.as_u64().ok_or_else(|| format!("id of {graphql} must be a whole number"))?,
        };
        value["id"] = json!(id);
        values::set_missing(value, "admin_graphql_api_id", &format!("gid://shopify/{graphql}/{id}"));
        Ok(id)
    }

    pub(crate) fn new_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }
}
