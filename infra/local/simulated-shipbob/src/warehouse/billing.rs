//! Charges, refunds and credits (`OpenAPI`, `Billing.TransactionDtoV3`). Taxes are apart from the amount.

#![expect(clippy::struct_field_names, reason = "the names are those of the document")]

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Warehouse;
use super::values::{Moment, Number};
use crate::random::letters;
use crate::webhooks::{Message, Topic};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TransactionType {
    #[default]
    Charge,
    Refund,
    Credit,
    Payment,
    BalanceAdjustment,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tax {
    #[serde(default)]
    pub(crate) tax_type: Option<String>,
    /// Percent.
    pub(crate) tax_rate: Number,
    pub(crate) tax_amount: Number,
}

/// What is billed. Credits and refunds have a negative amount.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Charge {
    amount: Number,
    #[serde(default)]
    currency_code: Option<String>,
    /// Without it, the day on which it is billed (UTC).
    #[serde(default)]
    charge_date: Option<Date>,
    transaction_fee: String,
    #[serde(default)]
    transaction_type: TransactionType,
    #[serde(default)]
    reference_id: Option<String>,
    #[serde(default)]
    reference_type: Option<String>,
    #[serde(default)]
    fulfillment_center: Option<String>,
    #[serde(default)]
    taxes: Vec<Tax>,
    #[serde(default)]
    additional_details: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Transaction {
    pub(crate) transaction_id: String,
    pub(crate) amount: Number,
    pub(crate) currency_code: String,
    pub(crate) charge_date: Date,
    pub(crate) transaction_fee: String,
    pub(crate) transaction_type: TransactionType,
    pub(crate) reference_id: Option<String>,
    pub(crate) reference_type: Option<String>,
    pub(crate) invoiced_status: bool,
    pub(crate) invoice_id: Option<u64>,
    pub(crate) invoice_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invoice_type: Option<&'static str>,
    pub(crate) fulfillment_center: Option<String>,
    pub(crate) taxes: Vec<Tax>,
    pub(crate) additional_details: Map<String, Value>,
}

impl Warehouse {
    /// ShipBob bills something; payments and adjustments are told by no webhook.
    pub(crate) fn charge(
        &mut self,
        charge: Charge,
        random: &mut fastrand::Rng,
        now: Moment,
    ) -> (String, Option<Message>) {
        let transaction = Transaction {
            transaction_id: transaction_id(random, self.transactions.len()),
            amount: charge.amount,
            currency_code: charge.currency_code.unwrap_or_else(|| "USD".to_owned()),
            charge_date: charge.charge_date.unwrap_or_else(|| day(now)),
            transaction_fee: charge.transaction_fee,
            transaction_type: charge.transaction_type,
            reference_id: charge.reference_id,
            reference_type: charge.reference_type,
            invoiced_status: false,
            invoice_id: None,
            invoice_date: None,
            invoice_type: None,
            fulfillment_center: charge.fulfillment_center,
            taxes: charge.taxes,
            additional_details: charge.additional_details,
        };
        let topic = match transaction.transaction_type {
            TransactionType::Charge => Some(Topic::ChargeCreated),
            TransactionType::Refund => Some(Topic::RefundCreated),
            TransactionType::Credit => Some(Topic::CreditCreated),
            TransactionType::Payment | TransactionType::BalanceAdjustment => None,
        };
        let id = transaction.transaction_id.clone();
        let message = topic.map(|topic| Message::new(topic, &id, &transaction));
        self.transactions.push(transaction);
        (id, message)
    }

    /// Puts everything that is not invoiced yet on one invoice; its number, and how many transactions are on it.
    pub(crate) fn invoice(&mut self, now: Moment) -> (u64, usize) {
        let id = self.next_id();
        let mut open = 0;
        for transaction in self.transactions.iter_mut().filter(|one| !one.invoiced_status) {
            transaction.invoiced_status = true;
            (transaction.invoice_id, transaction.invoice_date) = (Some(id), Some(day(now)));
            transaction.invoice_type = Some(invoice_type(transaction));
            open += 1;
        }
        (id, open)
    }
}

fn invoice_type(transaction: &Transaction) -> &'static str {
    match (transaction.transaction_type, transaction.reference_type.as_deref()) {
        (TransactionType::Credit | TransactionType::Refund, _) => "Credits",
        (TransactionType::Payment, _) => "Payment",
        (TransactionType::BalanceAdjustment, _) => "BalanceAdjustment",
        (_, Some("Shipment")) => "Shipping",
        (_, Some("Return")) => "Return",
        (_, Some("WRO" | "URO")) => "Inbound Fee",
        (_, Some("FC")) => "WarehouseStorage",
        _ => "AdditionalFee",
    }
}

fn day(now: Moment) -> Date {
    jiff::tz::Offset::UTC.to_datetime(now.time()).date()
}

/// In the shape of a ULID, and never twice the same.
fn transaction_id(random: &mut fastrand::Rng, number: usize) -> String {
    format!("01K{number:09X}{}", letters(random, 14).to_uppercase())
}
