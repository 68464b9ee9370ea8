//! The simulated M3: its state, and which function runs which transaction. Strict as M3 is published to be;
//! what Infor leaves open is a setting, or said beside the code that decides it. It does no I/O and reads no
//! clock.

mod accounts;
mod aliases;
mod answer;
mod batch;
mod batch_lines;
mod bulk;
pub mod catalogue;
mod changes;
mod check;
mod confirm;
mod customers;
mod execute;
mod input;
mod items;
mod journals;
mod messages;
mod nok;
mod orders;
mod places;
mod purchasing;
mod search;
mod series;
mod state;
mod stock;
mod user;

use jiff::Timestamp;

pub(crate) use answer::BulkAnswer;
pub(crate) use check::read;
pub(crate) use confirm::ForcedStatus;
pub(crate) use execute::Run;
pub(crate) use input::Input;
pub(crate) use journals::{JournalBatch, Voucher};
pub(crate) use nok::Nok;
pub(crate) use purchasing::{GoodsReceipt, PurchaseBatch};
pub(crate) use state::{CustomerOrder, Line as OrderLine, M3};
pub(crate) use stock::{Place, StockMessage, StockTransaction};

use crate::master::Record;
use crate::settings::ConfirmMode;

/// What a transaction gives: records, or M3's refusal.
type Outcome = Result<Vec<Record>, Nok>;

/// One transaction to run, with what it may know besides its input.
struct Call<'a> {
    program: &'a str,
    transaction: &'a str,
    input: Input<'a>,
    /// The envelope's division, "" if it names none.
    division: &'a str,
    now: Timestamp,
    confirm: ConfirmMode,
    /// A status that a fault wants for the next Confirm.
    forced: Option<ForcedStatus>,
}

impl M3 {
    fn run(&mut self, call: &Call<'_>) -> Outcome {
        match call.program {
            "OIS100MI" | "OIS275MI" => self.run_order_entry(call),
            "CRS610MI" => customers::run(self, call),
            "MMS200MI" => items::run(self, call),
            "MMS005MI" | "CRS008MI" => places::run(self, call),
            "GENERAL" | "MNS100MI" | "MNS150MI" => user::run(self, call),
            "MMS850MI" | "MHS850MI" | "MWS070MI" | "MMS310MI" => stock::run(self, call),
            "MMS025MI" => aliases::run(self, call),
            "PPS001MI" | "PPS200MI" | "PPS370MI" => purchasing::run(self, call),
            "GLS200MI" | "GLS840MI" => journals::run(self, call),
            "CRS630MI" => accounts::run(self, call),
            _ => Err(not_simulated(call)),
        }
    }

    fn run_order_entry(&mut self, call: &Call<'_>) -> Outcome {
        let input = &call.input;
        match call.transaction {
            "AddBatchHead" => batch::add_head(self, call),
            "AddBatchLine" => batch_lines::add_line(self, input),
            "AddBatchText" => batch::add_text(self, input),
            "AddBatchAddress" => batch::add_address(self, input),
            "AddBatchHeadChg" => batch::add_head_charge(self, input),
            "AddBatchLineChg" => batch_lines::add_line_charge(self, input),
            "DelBatchHead" => batch::delete_head(self, input),
            "DelBatchLine" => batch_lines::delete_line(self, input),
            "Confirm" => confirm::confirm(self, call),
            "GetTmpOrderStat" => confirm::status(self, call),
            "GetOrderNo" | "GetBatchHead" | "LstBatchHead" | "LstBatchLine" | "LstErrMsgOrder"
            | "GetHead" | "LstHead" | "LstOrderTypes" | "GetOrderType" => orders::run(self, call),
            _ => changes::run(self, call),
        }
    }
}

/// The catalogue and the programs are compared by a test, so this is what a new catalogue row would meet.
fn not_simulated(call: &Call<'_>) -> Nok {
    Nok::generic("", format!("{}/{} is not simulated", call.program, call.transaction))
}
