//! The master data M3 starts with: who and what exists before the first request. Fields carry M3's own
//! names, so that a row of the file reads like a row of the program that shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::master_stock::{OpenPurchaseOrder, StockData};

/// Field names and values, as M3 sends them: every value is text.
pub type Record = BTreeMap<String, String>;

const DEFAULT: &str = include_str!("../master-data.toml");

/// Everything that exists at the start.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MasterData {
    /// The one company (CONO) this M3 has.
    pub company: u32,
    /// The company's name.
    pub company_name: String,
    /// The M3 user that the service account is linked to: the output fields of `GENERAL/GetUserInfo`, and
    /// `PRUS`, the principal. Without `ZDCONO` a request that names no company is refused.
    pub user: Record,
    /// Whether OIS278 has settings for source code A (API program). Without them no batch order is posted.
    pub order_entry_settings: bool,
    /// The order type of a head that names none, when the customer has none either.
    pub default_order_type: String,
    /// Fields without which a new customer stays in status 12.
    pub customer_needs: Vec<String>,
    /// Charge ids (CRID).
    pub charges: Vec<String>,
    /// Delivery methods (MODL); empty: any is accepted.
    #[serde(default)]
    pub delivery_methods: Vec<String>,
    /// Divisions: DIVI, TX40, LOCD (local currency).
    pub divisions: Vec<Record>,
    /// Facilities: FACI, FACN, DIVI, WHLO.
    pub facilities: Vec<Record>,
    /// Warehouses: WHLO, WHNM, FACI, DIVI and an address.
    pub warehouses: Vec<Record>,
    /// Order types.
    pub order_types: Vec<OrderType>,
    /// Customer templates: CUNO, CUNM, and what a customer takes over from them.
    pub templates: Vec<Record>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// Items.
    pub items: Vec<Item>,
    /// What purchase order batch entry needs.
    #[serde(default)]
    pub purchasing: PurchasingData,
    /// What the general ledger needs.
    #[serde(default)]
    pub ledger: LedgerData,
    /// What stock needs.
    #[serde(default)]
    pub stock: StockData,
}

/// Master data of purchasing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PurchasingData {
    /// Purchase order types (ORTY); the first is taken where a head names none.
    pub order_types: Vec<String>,
    /// Supplier costing elements (SUCE).
    pub costing_elements: Vec<String>,
    /// Currencies that an order may be in (CUCD).
    pub currencies: Vec<String>,
    /// Batch origins (PPS090).
    pub origins: Vec<BatchOrigin>,
    /// Suppliers: SUNO, SUNM, STAT, CUCD, TEPY.
    pub suppliers: Vec<Record>,
    /// Purchase orders that exist at the start.
    pub orders: Vec<OpenPurchaseOrder>,
}

/// A purchase order batch origin (PPS090).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchOrigin {
    /// Its name.
    #[serde(rename = "BAOR")]
    pub name: String,
    /// 1: a finished entry stops in status 20; 2: it is processed to status 90.
    pub auto_level: u8,
}

/// Master data of the general ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LedgerData {
    /// Interfaces (GLS850).
    pub interfaces: Vec<LedgerInterface>,
    /// Accounting identities (CRS630): AITP, AITM, TX40, LCCD, VFDT, VTDT, ACR2 to ACR7; DIVI, if they are of one
    /// division only.
    pub accounts: Vec<Record>,
    /// Open periods: DIVI, FRDT, TODT.
    pub open_periods: Vec<Record>,
    /// Exchange rates to the local currency: DIVI, CUCD, ARAT.
    pub exchange_rates: Vec<Record>,
}

/// An interface of the general ledger (GLS850).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerInterface {
    /// Its name.
    #[serde(rename = "INTN")]
    pub name: String,
    /// 1: lines as one text of fixed positions (`AddBatchLine`); 2: lines by field (`AddBatchLineFld`).
    pub usage: u8,
    /// Voucher number series of what it posts.
    #[serde(rename = "VSER")]
    pub series: String,
    /// FAM function of what it posts.
    #[serde(rename = "FNCN")]
    pub function: String,
    /// Input record identities that its lines may carry (INRI).
    pub records: Vec<String>,
}

/// A customer order type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderType {
    /// Facilities it may be used in; empty: all.
    #[serde(default)]
    pub facilities: Vec<String>,
    /// ORTP, ORTK, TX40.
    #[serde(flatten)]
    pub fields: Record,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Whether the credit check stops its orders (batch status 30).
    #[serde(default)]
    pub credit_stopped: bool,
    /// Its addresses: ADRT, ADID.
    #[serde(default)]
    pub addresses: Vec<Record>,
    /// CUNO, CUNM, STAT, BLCD and the rest.
    #[serde(flatten)]
    pub fields: Record,
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Warehouses it is connected to.
    #[serde(default)]
    pub warehouses: Vec<String>,
    /// Units of measure it can be ordered in, besides its basic one.
    #[serde(default)]
    pub units: Vec<String>,
    /// Its alternate units: ALUN, COFA, DMCF (1: a quantity in the alternate unit times COFA is one in the basic unit; 2: it
    /// is divided), AUTP.
    #[serde(default)]
    pub alternatives: Vec<Record>,
    /// ITNO, ITDS, STAT, UNMS, SAPR, INDI (lot control; 0 or blank: none), DCCD (decimals) and the rest.
    #[serde(flatten)]
    pub fields: Record,
}

impl MasterData {
    /// Reads a file of master data.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The master data that comes with the simulation.
    ///
    /// # Panics
    /// Never: a test reads the same text.
    #[expect(clippy::expect_used, reason = "the text is compiled in, and a test reads it")]
    pub fn demo() -> Self {
        Self::parse(DEFAULT).expect("the default master data is valid")
    }

    /// Adds an item that can be sold from every warehouse.
    pub fn add_item(&mut self, number: &str) {
        let warehouses = self.warehouses.iter().filter_map(|place| place.get("WHLO").cloned()).collect();
        self.items.push(Item::sellable(number, warehouses));
    }
}

impl Item {
    /// An item in status 20, in pieces, connected to these warehouses.
    pub fn sellable(number: &str, warehouses: Vec<String>) -> Self {
        let fields = [("ITNO", number), ("ITDS", number), ("STAT", "20"), ("UNMS", "PCS"), ("SAPR", "10.00")];
        Self { warehouses, units: Vec::new(), alternatives: Vec::new(), fields: record(&fields) }
    }
}

/// A record of these fields.
pub(crate) fn record(fields: &[(&str, &str)]) -> Record {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A field's value, "" if it is not there.
pub(crate) fn field<'a>(record: &'a Record, name: &str) -> &'a str {
    record.get(name).map_or("", String::as_str)
}
