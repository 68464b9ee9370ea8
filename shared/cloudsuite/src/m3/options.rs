//! What a tenant's configuration decides about M3. Every value stands for something that no public document
//! confirms: try it in the tenant's test environment.

use std::time::Duration;

use super::GoodsOptions;

/// What a tenant's configuration decides about M3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How discounts are written.
    pub discount: DiscountAs,
    /// How long master data found usable is believed. What is missing is asked for each time.
    pub master_data_for: Duration,
    /// The highest status (ORST) of an order and of its lines at which they are amended. M3 itself decides by the
    /// order type and its dispatch policy.
    pub amendable_to: u8,
    /// Where the note of an order that is there is written.
    pub order_text: OrderText,
    /// How journal entries are written and confirmed.
    pub journal: JournalOptions,
    /// How goods are moved.
    pub goods: GoodsOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            discount: DiscountAs::default(),
            master_data_for: Duration::from_secs(600),
            // 22: reserved; 33 and above: allocated, picked, delivered, invoiced.
            amendable_to: 22,
            order_text: OrderText::default(),
            journal: JournalOptions::default(),
            goods: GoodsOptions::default(),
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

/// Where `OIS100MI AddText` puts the note of an order: the table (FILE) and the field in it (FLDN). The key (KFLD)
/// is the company and the order number. What M3 does not show afterwards is reported, not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderText {
    /// The table.
    pub table: String,
    /// The field that holds the identity of the text before the lines.
    pub field: String,
}

impl Default for OrderText {
    fn default() -> Self {
        Self { table: "OOHEAD00".into(), field: "OAPRTX".into() }
    }
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
}

impl Default for JournalOptions {
    fn default() -> Self {
        Self {
            record: "I1".into(),
            amounts: AmountAs::default(),
            codes: ["D".into(), "C".into()],
            proof: JournalProof::default(),
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
