//! Shopify's wire formats: the signature and headers of a webhook delivery, the body of each topic.
//!
//! This crate knows what Shopify sends and what may be odd about it. It knows nothing of CloudSuite, AWS or
//! Lambda, does no I/O and reads no clock. Whatever bytes it is given, it answers with a value or an error
//! that names the place and never the content: bodies hold personal data.

mod address;
mod buyer;
mod companies;
mod customer;
mod discount;
mod drift;
mod event;
mod explain;
mod gid;
mod headers;
mod line;
mod money;
mod order;
mod parse;
mod peek;
mod privacy;
mod refund;
mod respelling;
mod shape;
mod shipping;
mod shop;
mod signature;
mod sold;
mod sums;
mod tax;
mod terms;
mod time;
mod topic;
mod wire;

pub use address::Address;
pub use buyer::{Identity, PersonalData};
pub use companies::{CompanyAddress, CompanyContact, CompanyLocation, CompanyRecord, TaxSettings};
pub use customer::{Customer, CustomerMerge};
pub use discount::{DiscountAllocation, DiscountApplication, DiscountCode};
pub use drift::{Drift, Fields, known};
pub use event::{Event, OrderEdit, UninstalledShop, parse};
pub use explain::{Cause, Context, explain};
pub use gid::Gid;
pub use headers::{
    API_VERSION, DeliveryHeaders, EVENT_ID, HeaderError, SHOP_DOMAIN, SIGNATURE, TOPIC, TRIGGERED_AT,
    WEBHOOK_ID,
};
pub use line::{LineItem, Property};
pub use money::{Amount, AmountError, MoneySet, SetAmount, Side};
pub use order::Order;
pub use parse::{ParseError, parse_order};
pub use peek::{Peek, peek};
pub use privacy::{CustomerRedact, DataRequest, PrivacyCustomer, ShopRedact};
pub use refund::{OrderAdjustment, Refund, RefundLine, RefundShipping, Transaction};
pub use shipping::{FulfilledLine, Fulfillment, ShippingLine};
pub use shop::Shop;
pub use signature::{SignatureError, sign, verify};
pub use sums::Mismatch;
pub use tax::{AdditionalFee, Duty, TaxLine};
pub use terms::{Company, PaymentSchedule, PaymentTerms};
pub use time::ShopTime;
pub use topic::{Subject, Topic, is_needed};
