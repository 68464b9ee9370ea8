//! ShipBob's wire formats: the signature and headers of a webhook delivery, the body of each topic.
//!
//! This crate knows what ShipBob sends and what may be odd about it. It knows nothing of CloudSuite, AWS or
//! Lambda, does no I/O and reads no clock. Whatever bytes it is given, it answers with a value or an error
//! that names the place and never the content: bodies hold personal data.

mod catalogue;
mod check;
mod endpoint;
mod event;
mod explain;
mod fee;
mod goods;
mod headers;
mod issued;
mod order;
mod parse;
mod peek;
mod place;
mod receipt;
mod relaid;
mod restocked;
mod returned;
mod shipment;
mod signature;
mod stowed;
mod top;
mod topic;
mod wire;
mod word;

pub use catalogue::{BundlePart, InventoryItem, Product, Variant, VariantInventory};
pub use check::{Mismatch, check};
pub use endpoint::Endpoint;
pub use event::{Event, parse};
pub use explain::{Cause, explain};
pub use fee::{FeeError, ReferenceType, Tax, Transaction, TransactionId, TransactionType};
pub use goods::{Goods, ItemLot};
pub use headers::{
    DeliveryHeaders, HeaderError, LEGACY_SUBSCRIPTION_ID, LEGACY_TOPIC, TOPIC, WEBHOOK_ID, WEBHOOK_SIGNATURE,
    WEBHOOK_TIMESTAMP,
};
pub use issued::{Issued, Progress};
pub use order::{Financials, Order, OrderStatus, OrderType, OrderedProduct, RetailerProgram};
pub use parse::ParseError;
pub use peek::{Peek, peek};
pub use place::{Address, Place, Recipient};
pub use receipt::{BoxItem, BoxStatus, Receipt, ReceiptStatus, ReceivedQuantity, ReceivingBox, StatusChange};
pub use restocked::Restocked;
pub use returned::{ActionTaken, Return, ReturnAction, ReturnStatus, ReturnType, ReturnedItem, ReturnedLot};
pub use shipment::{Shipment, ShipmentStatus, ShippedItem, ShippedProduct, StatusDetail, Tracking};
pub use signature::{Secret, SecretError, SignatureError, sign, verify};
pub use stowed::{Difference, Stowed, stowed};
pub use topic::{Subject, Topic, is_needed};
