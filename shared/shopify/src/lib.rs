//! Shopify's wire formats: the signature and headers of a webhook delivery, the body of an order.
//!
//! This crate knows what Shopify sends and what may be odd about it. It knows nothing of CloudSuite, AWS or
//! Lambda, does no I/O and reads no clock. Whatever bytes it is given, it answers with a value or an error
//! that names the place and never the content: bodies hold personal data.

mod address;
mod buyer;
mod headers;
mod line;
mod money;
mod order;
mod parse;
mod shop;
mod signature;
mod time;
mod topic;
mod wire;

pub use address::{Address, Customer};
pub use buyer::{Identity, PersonalData};
pub use headers::{
    API_VERSION, DeliveryHeaders, EVENT_ID, HeaderError, SHOP_DOMAIN, SIGNATURE, TOPIC, TRIGGERED_AT,
    WEBHOOK_ID,
};
pub use line::{DiscountAllocation, LineItem, ShippingLine, TaxLine};
pub use money::{Amount, AmountError, MoneySet, SetAmount};
pub use order::{Company, Order};
pub use parse::{ParseError, Peek, parse_order, peek};
pub use shop::Shop;
pub use signature::{SignatureError, sign, verify};
pub use time::ShopTime;
pub use topic::{Topic, is_needed};
