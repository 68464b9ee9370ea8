//! Ways of M3 that no public document confirms, or that installations set up differently. The defaults are what this
//! release was written for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Ways of M3 that no public document confirms, or that installations set up differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct M3Ways {
    /// The highest status (ORST) of an order and of its lines at which they are changed (0 to 99).
    pub amendable_to: u8,
    /// The lowest status (STAT of MMS001) of items that may be ordered (0 to 99).
    pub items_from: u8,
    /// The highest status of items that may be ordered (0 to 99).
    pub items_to: u8,
    /// The statuses (OIS275) of batch orders that nobody confirmed yet (0 to 99).
    pub unconfirmed: Vec<u8>,
    /// For how many seconds master data that was found usable is believed (0 to 86400).
    pub master_data_seconds: u32,
    /// How many transactions one request holds at most (1 to 100).
    pub transactions_per_request: u8,
    /// What M3 counts the rows of lists by (maxReturnedRecords).
    pub rows_counted_by: RowsCountedBy,
    /// Where the note of an order is written.
    pub order_text: OrderText,
    /// How journal entries are written and confirmed.
    pub journal: JournalBatches,
    /// The message ids by which M3 says that something is not there.
    pub missing: MissingMessages,
}

impl Default for M3Ways {
    fn default() -> Self {
        Self {
            amendable_to: 22,
            items_from: 20,
            items_to: 50,
            unconfirmed: vec![10, 20],
            master_data_seconds: 600,
            transactions_per_request: 50,
            rows_counted_by: RowsCountedBy::default(),
            order_text: OrderText::default(),
            journal: JournalBatches::default(),
            missing: MissingMessages::default(),
        }
    }
}

/// What M3 counts the rows of lists by (maxReturnedRecords).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowsCountedBy {
    /// By the transaction.
    #[default]
    Transaction,
    /// By the request, so that each list has one of its own.
    Request,
}

/// Where the note of an order is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OrderText {
    /// The document class (TXHE) of a new order's note; empty for M3's own choice.
    pub class: String,
    /// The table (FILE) that a changed note belongs to. Needed.
    pub table: String,
    /// The field (FLDN) of the table that holds the identity of the text before the lines. Needed.
    pub field: String,
    /// What the table's key (KFLD) is made of.
    pub key: TextKey,
}

impl Default for OrderText {
    fn default() -> Self {
        Self {
            class: "CO01".into(),
            table: "OOHEAD00".into(),
            field: "OAPRTX".into(),
            key: TextKey::default(),
        }
    }
}

/// What the key of an order's text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextKey {
    /// The company in three digits, and the order's number behind it.
    #[default]
    CompanyAndOrder,
    /// The order's number alone.
    Order,
}

/// How journal entries are written and confirmed (GLS840MI).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JournalBatches {
    /// The record identity (INRI) of a line, as the interface (GLS850) names it. Needed.
    pub record: String,
    /// The code (DBCR) of a debit; empty for none.
    pub debit: String,
    /// The code (DBCR) of a credit; empty for none.
    pub credit: String,
    /// How the amount of a line is written (CUAM).
    pub amounts: Amounts,
    /// What shows that an entry is in the general ledger.
    pub proof: Proof,
    /// Further message ids by which M3 says that a batch or a line is there already.
    pub exists: Vec<String>,
}

impl Default for JournalBatches {
    fn default() -> Self {
        Self {
            record: "I1".into(),
            debit: "D".into(),
            credit: "C".into(),
            amounts: Amounts::default(),
            proof: Proof::default(),
            exists: Vec::new(),
        }
    }
}

/// How the amount of a journal line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Amounts {
    /// Without a sign: the code says which it is.
    #[default]
    Absolute,
    /// A credit with a minus.
    Signed,
}

/// What shows that a journal entry is in the general ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A voucher of the accounting date whose text begins with our reference.
    #[default]
    Voucher,
    /// M3 took the update of the batch, whose key is unique.
    Key,
}

/// The message ids by which M3 says that something is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MissingMessages {
    /// Of an item (MMS200MI).
    pub item: Vec<String>,
    /// Of an item in a warehouse (MMS200MI).
    pub item_in_warehouse: Vec<String>,
    /// Of a warehouse (MMS005MI).
    pub warehouse: Vec<String>,
    /// Of a facility (CRS008MI).
    pub facility: Vec<String>,
    /// Of a customer (CRS610MI).
    pub customer: Vec<String>,
    /// Of the customer or the order that a list is asked for (OIS100MI).
    pub list: Vec<String>,
}

impl Default for MissingMessages {
    fn default() -> Self {
        let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
        Self {
            item: ids(&["WIT0103"]),
            item_in_warehouse: ids(&["WIT0101", "WIT0103", "WWH0103"]),
            warehouse: ids(&["WWH0103"]),
            facility: ids(&["WFAC303"]),
            customer: ids(&["WCU0203"]),
            list: ids(&["WOR0303", "WCU0203", "XIM0002"]),
        }
    }
}
