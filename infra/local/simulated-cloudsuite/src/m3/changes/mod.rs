//! OIS100MI on customer orders that exist: reads, changes, deletion, and how an order moves on. What M3 refuses from
//! which status on is not documented; it is a setting each time, and the defaults are the strict reading.

mod advance;
mod batch_entry;
mod charges;
mod head;
mod lines;
mod reads;
mod texts;

use super::state::{CustomerOrder, Line, M3};
use super::{Call, Nok, Outcome, not_simulated, search};

pub(crate) use batch_entry::PendingChange;

/// A line that is closed undelivered.
const CLOSED: &str = "99";

pub(super) fn run(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    match call.transaction {
        "AddOrderLine" => lines::add(m3, input).map(|row| vec![row]),
        "AddLineBatchEnt" | "ChgLineBatchEnt" | "DelLineBatchEnt" => batch_entry::run(m3, call),
        "DelLine" => lines::delete(m3, input).map(|_| Vec::new()),
        "CloLine" => lines::close(m3, input),
        "UpdPriceInfo" => lines::change_price(m3, input),
        "UpdCnfDlyDate" => lines::confirm_date(m3, input),
        "DelHead" => head::delete(m3, input),
        "ChgOrderRef" => head::change_references(m3, input),
        "ChgWarehouse" => lines::change_warehouse(m3, input),
        "LstConnCOCharge" => charges::list(m3, input),
        "AddConnCOCharge" => charges::add(m3, input),
        "UpdConnCOCharge" => charges::update(m3, input),
        "DelConnCOCharge" => charges::delete(m3, input),
        "AddText" => texts::add(m3, input),
        "GetHeadText" | "LstHeadText" | "GetLineText" | "LstLineText" => texts::read(m3, call),
        "GetAddress" => reads::address(m3, input),
        "GetLine" => reads::line(m3, input),
        "LstLine" => reads::lines(m3, input),
        "SearchHead" => {
            let orders = m3.orders.values();
            search::run(m3, call, orders.map(|order| (order.changed, super::orders::order_row(m3, order))))
        }
        _ => Err(not_simulated(call)),
    }
}

/// Refuses what is asked of something that has come to this status or beyond.
fn require_below(limit: u8, status: &str, what: &str) -> Result<(), Nok> {
    if status.parse::<u8>().is_ok_and(|status| status < limit) {
        return Ok(());
    }
    Err(Nok::generic("ORNO", format!("{what} is in status {status}; this is not allowed from {limit} on")))
}

impl M3 {
    /// The customer order of this number.
    pub(super) fn order(&self, number: &str) -> Result<&CustomerOrder, Nok> {
        self.orders.get(number).ok_or_else(|| Nok::known("WOR0303", "ORNO", number))
    }

    /// The same, to be changed now: the search index will lag behind.
    fn order_mut(&mut self, number: &str) -> Result<&mut CustomerOrder, Nok> {
        let now = self.now;
        let order = self.orders.get_mut(number).ok_or_else(|| Nok::known("WOR0303", "ORNO", number))?;
        order.changed = now;
        Ok(order)
    }
}

impl CustomerOrder {
    /// The highest status of its open lines; 22 if it has none.
    fn reached(&self) -> &str {
        let open = self.content.lines.iter().map(|line| line.status.as_str());
        open.filter(|status| *status != CLOSED).max().unwrap_or("22")
    }

    /// The line of this number; sub-lines (POSX) are not simulated, so none is found.
    pub(super) fn line(&self, number: &str, suffix: &str) -> Result<&Line, Nok> {
        let main = suffix.trim_start_matches('0').is_empty();
        let found = self.content.lines.iter().find(|line| main && line.has(number));
        found.ok_or_else(|| Nok::known("WPO0303", "PONR", number))
    }

    /// Sums up its lines' statuses; an order without lines keeps what it had.
    pub(super) fn sum_up(&mut self) {
        let statuses = || self.content.lines.iter().map(|line| line.status.as_str());
        if let (Some(lowest), Some(highest)) = (statuses().min(), statuses().max()) {
            (self.status, self.highest) = (lowest.to_owned(), highest.to_owned());
        }
    }
}
