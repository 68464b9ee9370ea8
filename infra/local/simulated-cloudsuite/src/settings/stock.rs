//! Settings of stock: what Infor does not document of picks, receipts, counts and their messages. The defaults are the
//! strict reading, save where a duplicate would be refused: there the client's own guard is what is to be tested.

use serde::{Deserialize, Serialize};

use super::Processing;

/// How stock moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stock {
    /// Whether more may be taken than there is. M3 lets an administrator choose.
    pub negative_stock: bool,
    /// Whether a receipt or a count makes a lot that does not exist; otherwise it is refused with XBA0003. UNCONFIRMED.
    pub lots_by_receipt: bool,
    /// Whether more may be picked than is left on an order line; otherwise it is refused with MH85008. M3 has it by
    /// dispatch policy.
    pub over_pick: bool,
    /// The line status (ORST) from which a pick is reported: 44, pick list printed; below it M3 knows no picking list
    /// suffix (WPL1803). UNCONFIRMED.
    pub pick_from: u8,
    /// The line status of a new customer order: 22, or 44 where dispatch releases lines to picking by itself.
    pub new_order_status: u8,
    /// The stock transaction types (TTYP).
    pub transaction_types: TransactionTypes,
}

/// Stock transaction types (TTYP). The published catalogue demands the field and does not list its values, so each is
/// UNCONFIRMED.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TransactionTypes {
    /// Goods received for a purchase order.
    pub purchase_receipt: u8,
    /// Goods issued for a customer order.
    pub customer_order: u8,
    /// Goods that a customer returned.
    pub customer_return: u8,
    /// Goods issued for a requisition or distribution order.
    pub distribution: u8,
    /// Adjustments and counts.
    pub inventory: u8,
    /// Moves between locations.
    pub location_move: u8,
    /// Reclassifications of item or lot.
    pub reclassification: u8,
}

/// How the messages of MMS850MI and MHS850MI behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MessageHandling {
    /// When `PrcStkTran` and `PrcWhsTran` have processed a message; reads of messages count as asks.
    pub processing: Processing,
    /// When the auto-jobs (MMS855, MHS855) have processed what was handed to them with `*AUT`.
    pub auto_job: Processing,
    /// Whether `*EXE` and `*AUT` of the transaction that adds a line take effect. A tenant was seen to store them only.
    pub add_processes: bool,
    /// Whether `Prc…Tran` answers as if all were well when a line has failed, so that only the line's status tells. A
    /// tenant was seen to refuse with the line's reason.
    pub silent_processing: bool,
    /// Whether a second message with an external message number (PMSN) is refused with WMS3804. No uniqueness is
    /// documented: that message's text speaks of M3's own number.
    pub unique_external_number: bool,
    /// The status of a line that is entered. Documented is only that below 90 nothing is posted.
    pub entered_status: u8,
    /// The status of a line whose processing failed, likewise below 90.
    pub error_status: u8,
}

impl Default for Stock {
    fn default() -> Self {
        Self {
            negative_stock: false,
            lots_by_receipt: true,
            over_pick: false,
            pick_from: 44,
            new_order_status: 22,
            transaction_types: TransactionTypes::default(),
        }
    }
}

impl Default for TransactionTypes {
    fn default() -> Self {
        Self {
            purchase_receipt: 25,
            customer_order: 31,
            customer_return: 32,
            distribution: 51,
            inventory: 90,
            location_move: 97,
            reclassification: 92,
        }
    }
}

impl Default for MessageHandling {
    fn default() -> Self {
        Self {
            processing: Processing::Immediate,
            auto_job: Processing::Later { seconds: 30, asks: 0 },
            add_processes: false,
            silent_processing: false,
            unique_external_number: false,
            entered_status: 20,
            error_status: 30,
        }
    }
}
