//! How a customer order moves on: reserved, allocated, pick list printed, delivered, invoiced.

use crate::m3::Nok;
use crate::m3::state::M3;

/// The line statuses (ORST) in their order.
const STEPS: [&str; 5] = ["22", "33", "44", "66", "77"];

impl M3 {
    /// Moves an order's lines on, or one of them: to this status, or each one step. Closed lines stay. Only lines that
    /// are behind it move to a status, none goes back.
    ///
    /// # Errors
    /// There is no such order, line or status, or no line to move.
    pub(crate) fn advance(&mut self, number: &str, line: Option<u32>, to: Option<&str>) -> Result<(), Nok> {
        if let Some(status) = to.filter(|status| !STEPS.contains(status)) {
            return Err(Nok::generic("ORST", format!("{status} is none of {}", STEPS.join(", "))));
        }
        let order = self.order_mut(number)?;
        let mut moved = false;
        let wanted = order.content.lines.iter_mut().filter(|own| line.is_none_or(|line| line == own.number));
        for line in wanted {
            let at = STEPS.iter().position(|status| *status == line.status);
            let next = match to {
                Some(status) => STEPS.iter().position(|step| *step == status),
                None => at.map(|at| at + 1),
            };
            let (Some(at), Some(next)) = (at, next) else { continue };
            if let Some(status) = STEPS.get(next).filter(|_| next > at) {
                (*status).clone_into(&mut line.status);
                moved = true;
            }
        }
        order.sum_up();
        if moved { Ok(()) } else { Err(Nok::generic("PONR", format!("No line of {number} to move on"))) }
    }
}
