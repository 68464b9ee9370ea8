//! Settings of single programs: mostly what Infor does not document. The defaults are the strict reading.

use serde::{Deserialize, Serialize};

use super::Processing;

/// What `OIS100MI/DelHead` takes with it. Infor does not document it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadDeletion {
    /// The order goes with its lines, if each of them may be deleted.
    WithLines,
    /// An order that still has lines is refused.
    OnlyWithoutLines,
}

/// How far an order may have come for a change of it. The statuses from which M3 refuses are not documented, so all of
/// them are UNCONFIRMED; a line is compared by its own status, a head by the highest status of its open lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderChanges {
    /// Lines are added while the order is below this status.
    pub add_line_below: u8,
    /// A line's quantity, dates and address are changed below this status.
    pub change_line_below: u8,
    /// A line is deleted below this status: an allocated one holds stock.
    pub delete_line_below: u8,
    /// A line is closed below this status.
    pub close_line_below: u8,
    /// A line's price is changed below this status.
    pub price_below: u8,
    /// A line's confirmed date is changed below this status.
    pub date_below: u8,
    /// The head's references are changed while the order is below this status.
    pub references_below: u8,
    /// Charges of an order are changed below this status.
    pub charges_below: u8,
    /// Texts are added while the order is below this status.
    pub texts_below: u8,
    /// What `DelHead` takes with it.
    pub head_deletion: HeadDeletion,
    /// When the `…LineBatchEnt` transactions take effect. As long as they are under way, STAT is 10.
    pub batch_entry: Processing,
}

impl Default for OrderChanges {
    fn default() -> Self {
        Self {
            add_line_below: 66,
            change_line_below: 33,
            delete_line_below: 33,
            close_line_below: 33,
            price_below: 66,
            date_below: 44,
            references_below: 66,
            charges_below: 66,
            texts_below: 77,
            head_deletion: HeadDeletion::WithLines,
            batch_entry: Processing::Immediate,
        }
    }
}

/// How PPS370MI behaves after `FinishEntry`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Purchasing {
    /// When a finished entry of an origin with auto level 2 is processed; reads of the batch head count as asks.
    pub processing: Processing,
    /// Whether a second order with the same HREF is refused. No uniqueness is documented.
    pub unique_reference: bool,
    /// The batch status of an order with errors: 23 or 25. Infor's guide says that changing a record in 25 lowers it to
    /// 20, which speaks for 23 being the one in error; UNCONFIRMED.
    pub error_status: u8,
    /// The status (PUST, PUSL) that a transferred order starts with; UNCONFIRMED.
    pub order_status: u8,
    /// The lowest status (PUSL) from which goods are received; below it M3 refuses with WPU0901. UNCONFIRMED.
    pub receipt_from: u8,
    /// How many percent above the ordered quantity may be received; beyond, M3 refuses with PP30019. M3 keeps such a
    /// tolerance with the supplier or the item.
    pub over_receipt_percent: u8,
}

impl Default for Purchasing {
    fn default() -> Self {
        Self {
            processing: Processing::Immediate,
            unique_reference: false,
            error_status: 23,
            order_status: 15,
            receipt_from: 15,
            over_receipt_percent: 0,
        }
    }
}

/// How GLS840MI behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Journals {
    /// When `UpdBatch` has made its voucher; reads of vouchers count as asks.
    pub processing: Processing,
    /// Whether `CtrlBatch` answers as if all were well and leaves the faults to be found: the catalogue gives it no
    /// output for them. UNCONFIRMED; otherwise it refuses with the first fault.
    pub silent_control: bool,
    /// Whether lines, control and update must name the division too, where the company has several. It is documented
    /// for the head only; UNCONFIRMED.
    pub division_everywhere: bool,
}

impl Default for Journals {
    fn default() -> Self {
        Self { processing: Processing::Immediate, silent_control: false, division_everywhere: true }
    }
}
