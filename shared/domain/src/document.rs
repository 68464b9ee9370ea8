//! Documents: what CloudSuite gets, free of any product line.

use std::{collections::BTreeMap, fmt, str::FromStr};

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Currency, GoodsReceipt, InventoryIssue, Kind, Money, Private, Reference};

/// In which company, and which division of it, something is done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Company {
    /// Company number (M3: CONO).
    pub number: u16,
    /// Division (M3: DIVI); empty for the company's own.
    pub division: String,
}

impl fmt::Display for Company {
    /// `780`, or `780/AAA`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.division.as_str() {
            "" => write!(f, "{}", self.number),
            division => write!(f, "{}/{division}", self.number),
        }
    }
}

/// A text is no company.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a company: expected a number, or a number, '/' and a division")]
pub struct ParseCompanyError;

impl FromStr for Company {
    type Err = ParseCompanyError;

    fn from_str(text: &str) -> Result<Self, ParseCompanyError> {
        let (number, division) = text.split_once('/').unwrap_or((text, ""));
        let number = number.parse().map_err(|_| ParseCompanyError)?;
        Ok(Self { number, division: division.to_owned() })
    }
}

/// What is to be posted for one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// A customer to be created or brought up to date.
    Customer(Customer),
    /// A sales order to be entered.
    SalesOrder(SalesOrder),
    /// A purchase order to be entered.
    PurchaseOrder(PurchaseOrder),
    /// A journal entry to be posted to the general ledger.
    JournalEntry(JournalEntry),
    /// Goods that leave a warehouse or come back to it.
    InventoryIssue(InventoryIssue),
    /// Goods that arrive for a purchase order.
    GoodsReceipt(GoodsReceipt),
}

/// What kind of document something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A customer.
    Customer,
    /// A sales order.
    SalesOrder,
    /// A purchase order.
    PurchaseOrder,
    /// A journal entry.
    JournalEntry,
    /// Goods that leave a warehouse.
    InventoryIssue,
    /// Goods that arrive.
    GoodsReceipt,
}

impl DocumentKind {
    /// What a record of this kind becomes where nothing else is said.
    pub fn usual(kind: Kind) -> Self {
        match kind {
            Kind::Customer => Self::Customer,
            Kind::Fee | Kind::Refund | Kind::Journal => Self::JournalEntry,
            Kind::Shipment | Kind::Return => Self::InventoryIssue,
            Kind::Receipt => Self::GoodsReceipt,
            Kind::Order | Kind::Request => Self::SalesOrder,
        }
    }

    /// Whether it moves goods: what CloudSuite was given is not changed there, a further movement corrects it.
    pub fn is_of_goods(self) -> bool {
        matches!(self, Self::InventoryIssue | Self::GoodsReceipt)
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Document {
    /// What kind of document it is.
    pub fn kind(&self) -> DocumentKind {
        match self {
            Self::Customer(_) => DocumentKind::Customer,
            Self::SalesOrder(_) => DocumentKind::SalesOrder,
            Self::PurchaseOrder(_) => DocumentKind::PurchaseOrder,
            Self::JournalEntry(_) => DocumentKind::JournalEntry,
            Self::InventoryIssue(_) => DocumentKind::InventoryIssue,
            Self::GoodsReceipt(_) => DocumentKind::GoodsReceipt,
        }
    }

    /// In which company it is posted.
    pub fn company(&self) -> Company {
        let (number, division) = match self {
            Self::Customer(customer) => (customer.company, &customer.division),
            Self::SalesOrder(order) => (order.company, &order.division),
            Self::PurchaseOrder(order) => (order.company, &order.division),
            Self::JournalEntry(entry) => (entry.company, &entry.division),
            Self::InventoryIssue(issue) => (issue.company, &issue.division),
            Self::GoodsReceipt(receipt) => (receipt.company, &receipt.division),
        };
        Company { number, division: division.clone() }
    }

    /// How many lines it has; none for a customer.
    pub fn lines(&self) -> u32 {
        let lines = match self {
            Self::Customer(_) => 0,
            Self::SalesOrder(order) => order.lines.len(),
            Self::PurchaseOrder(order) => order.lines.len(),
            Self::JournalEntry(entry) => entry.lines.len(),
            Self::InventoryIssue(_) | Self::GoodsReceipt(_) => self.goods().len(),
        };
        u32::try_from(lines).unwrap_or(u32::MAX)
    }
}

/// Where an amount is booked: an account and the dimensions beside it, by their place in CloudSuite's accounting
/// string (M3: AIT1 to AIT7; 1 is by convention the account, what the others mean is the installation's choice).
pub type Accounts = BTreeMap<u8, String>;

/// A part of an amount and where it is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// Where it is booked.
    pub accounts: Accounts,
    /// How much. The parts of an amount add up to it, to the smallest unit of the currency.
    pub amount: Money,
}

/// Who makes a customer order of what was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// It is confirmed at once.
    #[default]
    AtOnce,
    /// It stays an import document (M3: a batch order) until a clerk releases it.
    ByClerk,
}

/// A postal address. Every text is a person's or may be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Address {
    /// Whom it reaches: a person or a firm.
    pub name: Private<String>,
    /// Street lines, in order, none empty.
    pub lines: Private<Vec<String>>,
    /// Postal code; empty where the country has none.
    pub postal_code: Private<String>,
    /// Town.
    pub town: Private<String>,
    /// State or province, by its short code; empty where there is none.
    pub area: Private<String>,
    /// Country, by its two letters (ISO 3166-1).
    pub country: String,
    /// Telephone number; empty where none is known.
    pub phone: Private<String>,
}

/// A buyer, to be created in CloudSuite from a template or brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Our reference.
    pub reference: Reference,
    /// The same in 10 characters, for search-key fields.
    pub search_key: String,
    /// Company number in CloudSuite (M3: CONO).
    pub company: u16,
    /// Division in CloudSuite (M3: DIVI); empty for the company's own.
    pub division: String,
    /// The customer in CloudSuite whose settings a new one takes over.
    pub template: String,
    /// Name and address.
    pub address: Address,
    /// E-mail address; empty where none is known.
    pub email: Private<String>,
}

/// A sales order to be entered in CloudSuite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesOrder {
    /// Our reference, by which the order is found again.
    pub reference: Reference,
    /// The name that people use for the order at the source, such as `#1001`.
    pub source_name: String,
    /// Company number in CloudSuite (M3: CONO).
    pub company: u16,
    /// Division in CloudSuite (M3: DIVI); empty for the company's own.
    pub division: String,
    /// Customer number in CloudSuite; empty until the customer is known there.
    pub customer: String,
    /// Order type in CloudSuite (M3: ORTP).
    pub order_type: String,
    /// Facility in CloudSuite (M3: FACI); empty to take the warehouse's.
    pub facility: String,
    /// Warehouse in CloudSuite (M3: WHLO).
    pub warehouse: String,
    /// Currency of every amount of this order.
    pub currency: Currency,
    /// The day the order was placed, in the shop's own time zone.
    pub order_date: Date,
    /// Where the goods go, if the source says so.
    pub ship_to: Option<Address>,
    /// The lines, in the source's order.
    pub lines: Vec<OrderLine>,
    /// Charges on the order's head, such as shipping.
    pub charges: Vec<Charge>,
    /// The buyer's or merchant's note; empty where there is none.
    pub note: Private<String>,
    /// The buyer's own order number (M3: OREF); empty where there is none.
    pub buyer_reference: String,
    /// Terms of payment in CloudSuite (M3: TEPY); empty to take the customer's.
    pub payment_terms: String,
    /// Who makes a customer order of it.
    pub release: Release,
}

/// One line of a sales order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Where it stands in the source's payload, such as `line_items[0]`.
    pub path: String,
    /// The source's id of the line.
    pub source_id: String,
    /// Item number in CloudSuite.
    pub item: String,
    /// Quantity, in the unit of the mapping or, without one, the item's basic unit.
    pub quantity: Decimal,
    /// Unit of measure in CloudSuite (M3: ALUN); empty for the item's basic unit.
    pub unit: String,
    /// Price of one unit before discount.
    pub price: Money,
    /// Discount on the whole line: the sum of what the source allocated to it.
    pub discount: Money,
    /// Where the line's net amount is booked, in parts; empty to leave it to CloudSuite's own accounting rules.
    pub allocations: Vec<Allocation>,
}

/// A charge on the head of a sales order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The charge's id in CloudSuite (M3: CRID).
    pub id: String,
    /// Its amount.
    pub amount: Money,
    /// A text for people, such as the name of the shipping method.
    pub text: String,
    /// Where the charge is booked, in parts; empty to leave it to CloudSuite's own accounting rules.
    pub allocations: Vec<Allocation>,
}

/// A purchase order to be entered in CloudSuite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseOrder {
    /// Our reference, by which the order is found again (M3: HREF).
    pub reference: Reference,
    /// The name that people use for the order at the source, such as `#1001`.
    pub source_name: String,
    /// Company number in CloudSuite (M3: CONO).
    pub company: u16,
    /// Division in CloudSuite (M3: DIVI); empty for the company's own.
    pub division: String,
    /// Supplier number in CloudSuite (M3: SUNO).
    pub supplier: String,
    /// Order type in CloudSuite (M3: ORTY); empty to take the supplier's.
    pub order_type: String,
    /// Where orders of this kind come from, as CloudSuite knows it (M3: BAOR of PPS090).
    pub batch_origin: String,
    /// Facility in CloudSuite (M3: FACI).
    pub facility: String,
    /// Warehouse in CloudSuite that receives (M3: WHLO).
    pub warehouse: String,
    /// Currency of every amount of this order.
    pub currency: Currency,
    /// The day the order was placed.
    pub order_date: Date,
    /// The day the goods are wanted.
    pub delivery_date: Date,
    /// The lines, in the source's order. What is booked to several accounts is one line for each.
    pub lines: Vec<PurchaseLine>,
}

/// One line of a purchase order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseLine {
    /// Where it stands in the source's payload, such as `line_items[0]`.
    pub path: String,
    /// The source's id of the line (M3: LREF).
    pub source_id: String,
    /// Item number in CloudSuite.
    pub item: String,
    /// Quantity, in the unit of the mapping or, without one, the item's purchase unit.
    pub quantity: Decimal,
    /// Unit of measure in CloudSuite (M3: PUUN); empty for the item's own.
    pub unit: String,
    /// Price of one unit.
    pub price: Money,
    /// Cost centre (M3: COCE); empty where there is none.
    pub cost_centre: String,
    /// Where the line is booked (M3: `AddAccString`); empty to leave it to CloudSuite's own accounting rules.
    pub accounts: Accounts,
}

/// A journal entry to be posted to the general ledger. Its lines add up to zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Our reference.
    pub reference: Reference,
    /// The same in 15 characters: the entry's key in CloudSuite (M3: KEY1 of GLS840).
    pub batch_key: String,
    /// The name that people use for the source's object, such as `#1001`.
    pub source_name: String,
    /// Company number in CloudSuite (M3: CONO).
    pub company: u16,
    /// Division in CloudSuite (M3: DIVI).
    pub division: String,
    /// The interface by which CloudSuite reads the entry (M3: INTN of GLS850).
    pub interface: String,
    /// The accounting date.
    pub date: Date,
    /// Currency of every amount of this entry.
    pub currency: Currency,
    /// The lines, at least two.
    pub lines: Vec<JournalLine>,
}

impl JournalEntry {
    /// What it books in all: the sum of its debits, below zero where its first line is a credit, as of what is given
    /// back.
    pub fn turnover(&self) -> Decimal {
        let amounts = || self.lines.iter().map(|line| line.amount.amount);
        let debits: Decimal = amounts().filter(Decimal::is_sign_positive).sum();
        if amounts().next().is_some_and(|first| first.is_sign_negative()) { -debits } else { debits }
    }
}

/// One line of a journal entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalLine {
    /// Where it comes from in the source's payload, such as `line_items[0]`.
    pub path: String,
    /// Where it is booked.
    pub accounts: Accounts,
    /// How much: a debit if above zero, a credit if below.
    pub amount: Money,
    /// A text for people, at most 40 characters (M3: VTXT), free of personal data.
    pub text: String,
    /// Tax code in CloudSuite (M3: VTCD); empty where there is none.
    pub tax_code: String,
}
