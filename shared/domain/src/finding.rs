//! Findings: everything that is wrong with one record, in words that say what to do.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of fault a finding is. The words are stable: operators filter by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// The payload is not what its topic promises, or cannot be read at all.
    UnreadablePayload,
    /// The envelope on the queue is of another version or damaged.
    UnreadableEnvelope,
    /// The tenant has no mapping file, or it cannot be read.
    Mapping,
    /// A field that is needed is missing or empty.
    MissingField,
    /// A field holds what cannot be used.
    InvalidField,
    /// A text is longer than the CloudSuite field that takes it.
    TooLong,
    /// Totals that are not the sums of their parts.
    Arithmetic,
    /// Personal data that Shopify withheld from the app (protected customer data).
    DataNotGranted,
    /// An item that CloudSuite does not know.
    UnknownItem,
    /// An item that CloudSuite knows but does not sell or does not keep in that warehouse.
    ItemNotUsable,
    /// A warehouse that CloudSuite does not know.
    UnknownWarehouse,
    /// A facility that CloudSuite does not know.
    UnknownFacility,
    /// A customer order type that CloudSuite does not know.
    UnknownOrderType,
    /// A customer template that CloudSuite does not know.
    UnknownCustomerTemplate,
    /// A customer that CloudSuite does not know.
    UnknownCustomer,
    /// A customer that CloudSuite knows but that may not order (status, stop).
    CustomerNotUsable,
    /// A supplier that CloudSuite does not know.
    UnknownSupplier,
    /// An account, or another part of an accounting string, that CloudSuite does not know.
    UnknownAccount,
    /// An account that CloudSuite knows but that may not be booked to (blocked, not valid on that day).
    AccountNotUsable,
    /// An order that CloudSuite does not know.
    UnknownOrder,
    /// An item that is not on the order that it was moved for.
    NotOnOrder,
    /// A line of an order that takes nothing more.
    OrderLineClosed,
    /// More was received than is still open on the order.
    OverReceipt,
    /// An item that CloudSuite keeps by lots was moved without a lot.
    MissingLot,
    /// CloudSuite refused the document; the message carries its own code.
    Refused,
    /// It was tried as often as is allowed, and each time the work ended without a result.
    Exhausted,
    /// CloudSuite made less of the document than it had accepted.
    Incomplete,
    /// CloudSuite has a field otherwise than the source has it now.
    Differs,
    /// The credentials or the addresses of the tenant cannot be used.
    Credentials,
    /// The source asks for something that a person has to do.
    Request,
}

impl FindingCode {
    /// Whether it is about master data that CloudSuite lacks or has blocked, or about an order that is not entered yet:
    /// it may pass without anybody touching the record.
    pub fn is_of_master_data(self) -> bool {
        matches!(
            self,
            Self::UnknownItem
                | Self::ItemNotUsable
                | Self::UnknownWarehouse
                | Self::UnknownFacility
                | Self::UnknownOrderType
                | Self::UnknownCustomerTemplate
                | Self::UnknownCustomer
                | Self::CustomerNotUsable
                | Self::UnknownSupplier
                | Self::UnknownAccount
                | Self::AccountNotUsable
                | Self::UnknownOrder
        )
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// One fault of one record.
///
/// **Architecture Invariant:** no text of a finding holds personal data or a secret. Values are named by
/// their field and, where they are business codes (a SKU, a warehouse), quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of fault it is.
    pub code: FindingCode,
    /// Where it is: a path into the payload such as `line_items[3].sku`, or a key of the mapping file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What is wrong, and with what.
    pub message: String,
    /// What the operator can do about it.
    pub help: String,
}

impl Finding {
    /// Makes a finding.
    pub fn new(
        code: FindingCode,
        field: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { code, field: field.into(), message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if !self.field.is_empty() {
            write!(f, " at {}", self.field)?;
        }
        write!(f, ": {} ({})", self.message, self.help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_one_line() {
        let finding = Finding::new(FindingCode::UnknownItem, "line_items[0].sku", "no item X", "create it");
        assert_eq!(finding.to_string(), "unknown_item at line_items[0].sku: no item X (create it)");
    }
}
