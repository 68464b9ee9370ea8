//! What a delivery says: the body of each topic, read.

use serde::Deserialize;

use crate::{
    CompanyContact, CompanyLocation, CompanyRecord, Customer, CustomerMerge, CustomerRedact, DataRequest,
    Order, ParseError, Refund, ShopRedact, ShopTime, Subject, Topic, parse::read, wire,
};

/// What a delivery says.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// An order as it is now. What became of it stands in the order: `orders/cancelled` of an order without
    /// `cancelled_at` cancels nothing, because the topic's header is not signed.
    Order(Box<Order>),
    /// An order was edited and must be fetched.
    OrderEdit(OrderEdit),
    /// An order is no more.
    OrderDelete {
        /// The order's id.
        id: u64,
    },
    /// Something was given back.
    Refund(Box<Refund>),
    /// A customer as they are now.
    Customer {
        /// The customer's id.
        id: u64,
        /// The customer.
        customer: Box<Customer>,
    },
    /// A customer is no more.
    CustomerDelete {
        /// The customer's id.
        id: u64,
    },
    /// Two customers became one.
    CustomerMerge(CustomerMerge),
    /// A firm as it is now.
    Company(Box<CompanyRecord>),
    /// A firm's location as it is now.
    CompanyLocation(Box<CompanyLocation>),
    /// A firm's contact as it is now.
    CompanyContact(Box<CompanyContact>),
    /// A draft order, which is not worked on: see [`Topic::ignored_because`].
    DraftOrder {
        /// The draft's id.
        id: u64,
    },
    /// The app was removed from a shop.
    AppUninstalled(UninstalledShop),
    /// A customer asks what is stored about them.
    CustomersDataRequest(DataRequest),
    /// What is stored about a customer is to be erased.
    CustomersRedact(CustomerRedact),
    /// What is stored of a shop is to be erased.
    ShopRedact(ShopRedact),
}

/// An edit of an order: the body of `orders/edited`. It holds no prices, so the order must be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderEdit {
    /// The edit's id.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub id: Option<u64>,
    /// The order's id.
    #[serde(deserialize_with = "wire::whole")]
    pub order_id: u64,
    /// When the edit was begun.
    #[serde(default)]
    pub created_at: Option<ShopTime>,
    /// When it became part of the order; not in payloads before 2024-07.
    #[serde(default)]
    pub committed_at: Option<ShopTime>,
}

/// The shop that the app was removed from: the body of `app/uninstalled`. Its token is dead, nothing can be fetched,
/// and the shop may have taken the app back before this arrives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UninstalledShop {
    /// The shop's id.
    #[serde(deserialize_with = "wire::whole")]
    pub id: u64,
    /// The shop's own domain, `*.myshopify.com`; null in test deliveries.
    #[serde(default, deserialize_with = "wire::text")]
    pub myshopify_domain: Option<String>,
    /// The domain that buyers see.
    #[serde(default, deserialize_with = "wire::text")]
    pub domain: Option<String>,
}

#[derive(Deserialize)]
struct IdBody {
    #[serde(deserialize_with = "wire::whole")]
    id: u64,
}

#[derive(Deserialize)]
struct OrderEditBody {
    order_edit: OrderEdit,
}

/// Reads the body of a delivery, and refuses one that cannot be of the topic: the topic's header is not signed.
///
/// This looks through the body twice. An order that [`Topic::peek`] has accepted may be read by
/// [`parse_order`](crate::parse_order) alone.
pub fn parse(topic: Topic, body: &[u8]) -> Result<Event, ParseError> {
    topic.top(body)?;
    Ok(match topic.subject() {
        Subject::Order => Event::Order(Box::new(read(body)?)),
        Subject::OrderEdit => Event::OrderEdit(read::<OrderEditBody>(body)?.order_edit),
        Subject::OrderDelete => Event::OrderDelete { id: id(body)? },
        Subject::Refund => Event::Refund(Box::new(read(body)?)),
        Subject::Customer => Event::Customer { id: id(body)?, customer: Box::new(read(body)?) },
        Subject::CustomerDelete => Event::CustomerDelete { id: id(body)? },
        Subject::CustomerMerge => Event::CustomerMerge(read(body)?),
        Subject::Company => Event::Company(Box::new(read(body)?)),
        Subject::CompanyLocation => Event::CompanyLocation(Box::new(read(body)?)),
        Subject::CompanyContact => Event::CompanyContact(Box::new(read(body)?)),
        Subject::DraftOrder => Event::DraftOrder { id: id(body)? },
        Subject::AppUninstalled => Event::AppUninstalled(read(body)?),
        Subject::CustomersDataRequest => Event::CustomersDataRequest(read(body)?),
        Subject::CustomersRedact => Event::CustomersRedact(read(body)?),
        Subject::ShopRedact => Event::ShopRedact(read(body)?),
    })
}

fn id(body: &[u8]) -> Result<u64, ParseError> {
    read::<IdBody>(body).map(|body| body.id)
}

impl Event {
    /// What the event is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Order(_) => Subject::Order,
            Self::OrderEdit(_) => Subject::OrderEdit,
            Self::OrderDelete { .. } => Subject::OrderDelete,
            Self::Refund(_) => Subject::Refund,
            Self::Customer { .. } => Subject::Customer,
            Self::CustomerDelete { .. } => Subject::CustomerDelete,
            Self::CustomerMerge(_) => Subject::CustomerMerge,
            Self::Company(_) => Subject::Company,
            Self::CompanyLocation(_) => Subject::CompanyLocation,
            Self::CompanyContact(_) => Subject::CompanyContact,
            Self::DraftOrder { .. } => Subject::DraftOrder,
            Self::AppUninstalled(_) => Subject::AppUninstalled,
            Self::CustomersDataRequest(_) => Subject::CustomersDataRequest,
            Self::CustomersRedact(_) => Subject::CustomersRedact,
            Self::ShopRedact(_) => Subject::ShopRedact,
        }
    }
}
