//! What a tenant's configuration decides about M3. Every value stands for something that no public document
//! confirms, or that installations set up differently: try it in the tenant's test environment.

use std::{ops::RangeInclusive, time::Duration};

use super::GoodsOptions;

/// What a tenant's configuration decides about M3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How discounts are written.
    pub discount: DiscountAs,
    /// How long master data found usable is believed. What is missing is asked for each time.
    pub master_data_for: Duration,
    /// The statuses (STAT of MMS001) of items that may be ordered.
    pub items: RangeInclusive<u8>,
    /// The message ids by which M3 says that something is not there.
    pub missing: Missing,
    /// The statuses (STAT of OIS275) of batch orders that nobody confirmed yet.
    pub unconfirmed: Vec<u8>,
    /// The highest status (ORST) of an order and of its lines at which they are amended. M3 itself decides by the
    /// order type and its dispatch policy.
    pub amendable_to: u8,
    /// Where the note of an order is written.
    pub order_text: OrderText,
    /// How journal entries are written and confirmed.
    pub journal: JournalOptions,
    /// How goods are moved.
    pub goods: GoodsOptions,
    /// How transactions are put together in requests.
    pub bulks: Bulks,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            discount: DiscountAs::default(),
            master_data_for: Duration::from_secs(600),
            // 20: released; up to 50: being phased out.
            items: 20..=50,
            missing: Missing::default(),
            // 10: in entry; 20: the head is complete.
            unconfirmed: vec![10, 20],
            // 22: reserved; 33 and above: allocated, picked, delivered, invoiced.
            amendable_to: 22,
            order_text: OrderText::default(),
            journal: JournalOptions::default(),
            goods: GoodsOptions::default(),
            bulks: Bulks::default(),
        }
    }
}

impl Options {
    /// Whether a batch order of this status awaits its confirmation. What is no number is none.
    pub(super) fn is_unconfirmed(&self, status: &str) -> bool {
        status.parse().is_ok_and(|status| self.unconfirmed.contains(&status))
    }
}

/// The message ids by which M3 says that something is not there. What has another id is reported with it, as covered
/// by no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// An item.
    pub item: Vec<String>,
    /// An item in a warehouse, or either of them.
    pub item_in_warehouse: Vec<String>,
    /// A warehouse.
    pub warehouse: Vec<String>,
    /// A facility.
    pub facility: Vec<String>,
    /// A customer.
    pub customer: Vec<String>,
    /// Anything that a list could be made of: the customer or the order that it is asked for is not there.
    pub list: Vec<String>,
}

impl Default for Missing {
    fn default() -> Self {
        let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
        Self {
            item: ids(&["WIT0103"]),
            // WIT0101 also means: not in this warehouse.
            item_in_warehouse: ids(&["WIT0101", "WIT0103", "WWH0103"]),
            warehouse: ids(&["WWH0103"]),
            facility: ids(&["WFAC303"]),
            customer: ids(&["WCU0203"]),
            list: ids(&["WOR0303", "WCU0203", "XIM0002"]),
        }
    }
}

/// How a discount is written on a batch order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DiscountAs {
    /// DIA1 is the discount of the whole line. Whether M3 reads it so depends on the discount model and is not
    /// documented publicly: try it in the tenant's test environment.
    #[default]
    LineAmount,
    /// DIA1 is the discount of one unit.
    UnitAmount,
}

/// Where the note of an order is written: with the order by `OIS100MI AddBatchText`, and by `AddText` once the order
/// is there. What M3 does not show afterwards is reported, not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderText {
    /// The document class (TXHE) of a new order's note.
    pub class: String,
    /// The table (FILE) that a changed note belongs to.
    pub table: String,
    /// The field (FLDN) of the table that holds the identity of the text before the lines.
    pub field: String,
    /// What the key of the table (KFLD) is made of.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextKey {
    /// The company in three digits, and the order's number behind it.
    #[default]
    CompanyAndOrder,
    /// The order's number alone.
    Order,
}

/// How journal entries are written and confirmed (GLS840MI).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalOptions {
    /// The record identity (INRI) of a line, as the interface (GLS850) names it.
    pub record: String,
    /// How amounts are written.
    pub amounts: AmountAs,
    /// The codes (DBCR) of a debit and of a credit.
    pub codes: [String; 2],
    /// What shows that an entry is in the general ledger.
    pub proof: JournalProof,
    /// Further message ids by which M3 says that a batch or a line is there already, besides those of its stock
    /// messages that do (W…04).
    pub exists: Vec<String>,
}

impl Default for JournalOptions {
    fn default() -> Self {
        Self {
            record: "I1".into(),
            amounts: AmountAs::default(),
            codes: ["D".into(), "C".into()],
            proof: JournalProof::default(),
            exists: Vec::new(),
        }
    }
}

/// How the amount of a journal line is written (CUAM). The code of debit or credit stands beside it either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmountAs {
    /// Without a sign.
    #[default]
    Absolute,
    /// A credit with a minus.
    Signed,
}

/// What shows that a journal entry is in the general ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JournalProof {
    /// A voucher of the accounting date (`GLS200MI LstVouchersByDt`) whose text begins with our reference. The
    /// interface (GLS850) must take over the voucher text, and the list must go by the accounting date.
    #[default]
    Voucher,
    /// M3 took the update of the batch: its key is unique, and a batch is posted once. Nothing is read.
    Key,
}

/// How transactions are put together in requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulks {
    /// The most transactions in one request, at least 1: larger ones time out in the gateway.
    pub most: usize,
    /// Whether each list is asked for by a request of its own, because M3 counts the rows (maxReturnedRecords) of a
    /// whole request.
    pub lists_alone: bool,
}

impl Default for Bulks {
    fn default() -> Self {
        Self { most: 50, lists_alone: false }
    }
}
