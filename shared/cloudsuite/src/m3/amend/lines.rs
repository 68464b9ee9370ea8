//! The lines of an order in M3 against those it is to have. Pure.

use std::collections::BTreeSet;

use domain::OrderLine;
use rust_decimal::Decimal;

use super::{
    compare::{Comparison, Differing, shown},
    requests,
};
use crate::m3::{
    requests::{LINE_NUMBER, discount},
    text::decimal,
    wire::Row,
};

/// Status of a line that was closed without being delivered: as good as gone.
const CLOSED: &str = "99";

/// Whether a line of the document, at a place, may be a line of M3.
type Fits<'a> = dyn Fn(usize, &OrderLine, &Row) -> bool + 'a;

/// What differs in the lines.
pub(super) fn compare(its: &Comparison<'_>) -> Vec<Differing> {
    let open: Vec<_> = its.has.lines.iter().filter(|row| is_ours(row)).collect();
    let matched = matched(its, &open);
    let mut differing = Vec::new();
    for (line, place) in its.order.lines.iter().zip(&matched) {
        if let Some(place) = place {
            differing.extend(changed(its, line, open[*place]));
        }
    }
    differing.extend(added(its, &matched));
    let gone = (0..open.len()).filter(|place| !matched.contains(&Some(*place))).map(|place| open[place]);
    differing.extend(gone.filter(|row| is_taken_out(its, row)).map(|row| gone_line(its, row)));
    differing
}

/// Whether a line is one that we wrote, and still of account: our number of it is above zero. A line that a person
/// added in M3 has none and is left alone.
fn is_ours(row: &Row) -> bool {
    row.get("ORST") != CLOSED && our_number(row).is_some()
}

fn our_number(row: &Row) -> Option<u32> {
    row.get(LINE_NUMBER).parse().ok().filter(|number| *number > 0)
}

/// For each line of the document, the place of its line in M3.
///
/// Our number of a line is its place in the document that was first written, so a line that was taken out at the
/// source moves all after it: equal content goes before equal number.
fn matched(its: &Comparison<'_>, rows: &[&Row]) -> Vec<Option<usize>> {
    let lines = &its.order.lines;
    let mut matched = vec![None; lines.len()];
    let mut free: BTreeSet<usize> = (0..rows.len()).collect();
    let is_there =
        |place: usize, row: &Row| u32::try_from(place + 1).is_ok_and(|n| our_number(row) == Some(n));
    let was_there = |line: &OrderLine, row: &Row| its.place_before(line).is_some_and(|at| is_there(at, row));
    let passes: [&Fits<'_>; 5] = [
        &|place, line, row| is_there(place, row) && is_same(its, line, row),
        &|_, line, row| is_same(its, line, row),
        &|_, line, row| was_there(line, row),
        &|place, _, row| is_there(place, row),
        &|_, _, _| true,
    ];
    for fits in passes {
        for (place, line) in lines.iter().enumerate().filter(|(_, line)| !line.item.is_empty()) {
            let is_free = matched[place].is_none();
            let mut candidates = free.iter().copied().filter(|_| is_free);
            let found =
                candidates.find(|at| rows[*at].get("ITNO") == line.item && fits(place, line, rows[*at]));
            if let Some(found) = found {
                free.remove(&found);
                matched[place] = Some(found);
            }
        }
    }
    matched
}

fn is_same(its: &Comparison<'_>, line: &OrderLine, row: &Row) -> bool {
    quantity_in(line, row) == Some(line.quantity.normalize()) && is_same_price(its, line, row)
}

fn is_same_price(its: &Comparison<'_>, line: &OrderLine, row: &Row) -> bool {
    number(row, "SAPR") == Some(line.price.amount.normalize())
        && number(row, "DIA1") == Some(discount(line, its.options).normalize())
}

/// A decimal of a row; a blank is nothing, which is zero.
fn number(row: &Row, field: &str) -> Option<Decimal> {
    match row.get(field) {
        "" => Some(Decimal::ZERO),
        text => text.parse::<Decimal>().ok().map(|number| number.normalize()),
    }
}

/// A line's quantity in M3 in the document's unit: the alternate one if the document names one, else the basic one.
fn quantity_in(line: &OrderLine, row: &Row) -> Option<Decimal> {
    let is_alternate = !line.unit.is_empty() && !row.get("ORQA").is_empty();
    number(row, if is_alternate { "ORQA" } else { "ORQT" })
}

/// What differs in a line that is there. What the source did not change is left as M3 has it.
fn changed(its: &Comparison<'_>, line: &OrderLine, row: &Row) -> Vec<Differing> {
    let before = its.before(line);
    let is_touched =
        |same: fn(&OrderLine, &OrderLine) -> bool| before.is_none_or(|before| !same(before, line));
    let (company, order) = (its.order.company, its.number);
    let mut differing = Vec::new();
    let mut add = |field: &str, has: &str, wanted: String, mend| {
        let field = format!("{}.{field}", line.path);
        differing.push(Differing::at_line(row, field, shown(has), shown(&wanted), mend));
    };
    let unit = row.get("ALUN");
    if is_touched(|a, b| a.unit == b.unit) && !line.unit.is_empty() && !unit.is_empty() && unit != line.unit {
        add("unit", unit, line.unit.clone(), None);
    } else if is_touched(|a, b| a.quantity == b.quantity)
        && quantity_in(line, row) != Some(line.quantity.normalize())
    {
        // ChgLineBatchEnt takes the quantity in the line's own unit: without a named one, that must be the basic one.
        let is_basic = row.get("ORQA").is_empty() || number(row, "ORQA") == number(row, "ORQT");
        let mend = (is_basic || !line.unit.is_empty())
            .then(|| requests::change_quantity(company, order, row, line.quantity));
        let has = row.get(if line.unit.is_empty() || row.get("ORQA").is_empty() { "ORQT" } else { "ORQA" });
        add("quantity", has, decimal(line.quantity), mend);
    }
    if is_touched(|a, b| (a.price, a.discount) == (b.price, b.discount)) && !is_same_price(its, line, row) {
        let has = format!("{} less {}", row.get("SAPR"), row.required("DIA1").unwrap_or("0"));
        let wanted = format!("{} less {}", decimal(line.price.amount), decimal(discount(line, its.options)));
        add("price", &has, wanted, Some(requests::change_price(order, row, line, its.options)));
    }
    let warehouse = row.get("WHLO");
    let is_moved = its.is_touched(|order| order.warehouse.as_str());
    if is_moved && !warehouse.is_empty() && warehouse != its.order.warehouse {
        let mend = requests::change_warehouse(company, order, row, &its.order.warehouse);
        add("warehouse", warehouse, its.order.warehouse.clone(), Some(mend));
    }
    differing
}

/// The lines that M3 does not have. A new one keeps its place for our number, if no line ever had that.
fn added(its: &Comparison<'_>, matched: &[Option<usize>]) -> Vec<Differing> {
    let mut used: BTreeSet<u32> = its.has.lines.iter().filter_map(our_number).collect();
    let missing = (1_u32..).zip(&its.order.lines).zip(matched).filter(|(_, place)| place.is_none());
    let added = missing.filter_map(|((place, line), _)| {
        // The source had it before, and M3 does not have it any more: a person took it out there.
        if its.before(line).is_some() {
            return None;
        }
        let next = used.last().map_or(1, |last| last + 1);
        let number = if used.contains(&place) { next } else { place };
        used.insert(number);
        let mend = requests::add_line(its.order, its.number, number, line, its.options);
        let wanted = format!("{} × {}", decimal(line.quantity), line.item);
        Some(Differing::new(line.path.clone(), None, Some(wanted), Some(mend)))
    });
    added.collect()
}

/// Whether a line of ours that matches none of the document's was taken out at the source. Where the source took out
/// no line of that item, a person split or copied it in M3.
fn is_taken_out(its: &Comparison<'_>, row: &Row) -> bool {
    let Some(before) = its.before else { return true };
    let is_kept = |line: &OrderLine| its.order.lines.iter().any(|kept| kept.source_id == line.source_id);
    before.lines.iter().any(|line| line.item == row.get("ITNO") && !is_kept(line))
}

fn gone_line(its: &Comparison<'_>, row: &Row) -> Differing {
    let field = format!("line {}", row.get("PONR"));
    let has = format!("{} × {}", row.get("ORQT"), row.get("ITNO"));
    let mend = requests::remove_line(its.order.company, its.number, row);
    Differing::at_line(row, field, Some(has), None, Some(mend))
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
