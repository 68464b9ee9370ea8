//! Documents: what CloudSuite gets, free of any product line.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Currency, Money, Private, Reference};

/// What is to be posted for one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// A customer to be created or brought up to date.
    Customer(Customer),
    /// A sales order to be entered.
    SalesOrder(SalesOrder),
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
}
