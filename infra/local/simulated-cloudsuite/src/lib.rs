//! A simulated Infor CloudSuite: the token endpoint, the ION API Gateway and M3's bulk interface, for tests
//! and local runs. It is written from what Infor and others have published, never from our own client: two
//! sides that err in the same way prove nothing. What is published is kept strictly; what is not is a
//! setting, or a choice named beside the code.
//!
//! The core ([`SimulatedCloudSuite::handle`]) does no I/O and reads no clock. [`serve`] puts HTTPS around it.

mod control;
mod counters;
mod faults;
mod gateway;
mod held;
mod held_stock;
mod http;
mod limit;
mod m3;
mod master;
mod master_stock;
mod random;
mod settings;
mod shell;
mod simulator;
mod token;
mod view;

pub use faults::{Effect, Fault, Place};
pub use held::{Order, OrderLine, PurchaseOrder, PurchaseOrderLine, Voucher, VoucherLine};
pub use held_stock::{GoodsReceipt, StockBalance, StockMessage, StockMessageLine, StockTransaction};
pub use http::{Answer, HttpRequest, HttpResponse};
pub use m3::catalogue;
pub use master::{
    BatchOrigin, Customer, Item, LedgerData, LedgerInterface, MasterData, OrderType, PurchasingData, Record,
};
pub use master_stock::{MessagePartner, OpenPurchaseOrder, StockData};
pub use settings::{
    ConfirmMode, Credentials, HeadDeletion, Journals, MessageHandling, OrderChanges, Processing, Purchasing,
    RateSmoothing, Settings, Stock, TransactionTypes,
};
pub use shell::{Running, ServeError, serve, serve_anywhere};
pub use simulator::SimulatedCloudSuite;
