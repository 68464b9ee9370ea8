//! A billing transaction: a fee, a refund or a credit (schema `Billing.TransactionDtoV3`).

use domain::{Currency, Money};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::{wire, word::words};

words! {
    /// The type of a transaction.
    TransactionType {
        /// A fee.
        Charge = "Charge",
        /// A fee given back.
        Refund = "Refund",
        /// A credit.
        Credit = "Credit",
        /// A payment.
        Payment = "Payment",
        /// A correction of the balance.
        BalanceAdjustment = "BalanceAdjustment",
    }
}

words! {
    /// What a transaction is about.
    ReferenceType {
        /// A shipment.
        Shipment = "Shipment",
        /// A return.
        Return = "Return",
        /// A receiving order.
        Wro = "WRO",
        /// Goods without a receiving order.
        Uro = "URO",
        /// A request to ShipBob's support.
        Ticket = "Ticket Number",
        /// A fulfilment centre: storage.
        FulfillmentCenter = "FC",
        /// A pallet or container.
        Lpn = "LPN Reference",
        /// A transfer between fulfilment centres.
        TransferPlan = "Transfer Plan",
        /// Nothing of these.
        Default = "Default",
    }
}

/// A transaction as it is now. Bodies of the topic are not documented: they are taken to be what the API answers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Transaction {
    /// Its id, a ULID.
    pub transaction_id: TransactionId,
    /// The amount; below zero for credits and refunds. Whether taxes are in it is not documented.
    #[serde(default, deserialize_with = "wire::decimal")]
    pub amount: Option<Decimal>,
    /// Its currency (ISO 4217).
    #[serde(default, deserialize_with = "wire::text")]
    pub currency_code: Option<String>,
    /// The day on which it was charged: the day to accrue it by.
    #[serde(default, deserialize_with = "wire::date")]
    pub charge_date: Option<Date>,
    /// The fee's name, such as `Per Pick Fee`: one of some ninety, and new ones appear.
    #[serde(default, deserialize_with = "wire::text")]
    pub transaction_fee: Option<String>,
    /// Its type.
    #[serde(default, deserialize_with = "TransactionType::read")]
    pub transaction_type: Option<TransactionType>,
    /// The id of what it is about.
    #[serde(default, deserialize_with = "wire::loose_text")]
    pub reference_id: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "ReferenceType::read")]
    pub reference_type: Option<ReferenceType>,
    /// Whether it is on an invoice.
    #[serde(default)]
    pub invoiced_status: Option<bool>,
    /// The invoice.
    #[serde(default, deserialize_with = "wire::optional_whole")]
    pub invoice_id: Option<u64>,
    /// The day of the invoice.
    #[serde(default, deserialize_with = "wire::date")]
    pub invoice_date: Option<Date>,
    /// The invoice's type, such as `Shipping`.
    #[serde(default, deserialize_with = "wire::text")]
    pub invoice_type: Option<String>,
    /// The fulfilment centre, by its name only.
    #[serde(default, deserialize_with = "wire::text")]
    pub fulfillment_center: Option<String>,
    /// Its taxes; nothing where the body does not say.
    #[serde(default)]
    pub taxes: Option<Vec<Tax>>,
}

/// A tax on a fee.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Tax {
    /// Its name, such as `GST`.
    #[serde(deserialize_with = "wire::text")]
    pub tax_type: Option<String>,
    /// Its rate in percent.
    #[serde(deserialize_with = "wire::decimal")]
    pub tax_rate: Option<Decimal>,
    /// Its amount, in the transaction's currency.
    #[serde(deserialize_with = "wire::decimal")]
    pub tax_amount: Option<Decimal>,
}

/// The id of a transaction: what makes a fee one fee.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TransactionId(domain::SourceId);

impl TransactionId {
    /// The id as a source id.
    pub fn source_id(&self) -> &domain::SourceId {
        &self.0
    }
}

impl<'de> Deserialize<'de> for TransactionId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "an id of 1 to 64 visible characters";
        let refused =
            || serde::de::Error::invalid_value(serde::de::Unexpected::Other("something else"), &expected);
        let text = wire::loose_text(deserializer)?.ok_or_else(refused)?;
        text.parse().map(Self).map_err(|_| refused())
    }
}

/// Why a transaction has no amount that can be booked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeeError {
    /// The field does not say how much.
    #[error("`{0}` is missing")]
    Missing(String),
    /// The field holds no currency.
    #[error("`currency_code` is not a currency (ISO 4217)")]
    Currency,
    /// The sum is beyond what a decimal holds.
    #[error("the sum of `taxes` is too large")]
    TooLarge,
}

impl Transaction {
    /// The amount in its currency, with ShipBob's own sign: credits and refunds are below zero.
    pub fn amount(&self) -> Result<Money, FeeError> {
        let amount = self.amount.ok_or_else(|| FeeError::Missing("amount".to_owned()))?;
        Ok(Money { amount, currency: self.currency()? })
    }

    /// The sum of its taxes, in its currency; zero where it names none, which ShipBob writes as null or as an empty
    /// list.
    pub fn taxes(&self) -> Result<Money, FeeError> {
        let mut sum = Decimal::ZERO;
        for (at, tax) in self.taxes.iter().flatten().enumerate() {
            let amount =
                tax.tax_amount.ok_or_else(|| FeeError::Missing(format!("taxes[{at}].tax_amount")))?;
            sum = sum.checked_add(amount).ok_or(FeeError::TooLarge)?;
        }
        Ok(Money { amount: sum, currency: self.currency()? })
    }

    fn currency(&self) -> Result<Currency, FeeError> {
        let code = self.currency_code.as_deref();
        let code = code.ok_or_else(|| FeeError::Missing("currency_code".to_owned()))?;
        code.parse().map_err(|_| FeeError::Currency)
    }
}
