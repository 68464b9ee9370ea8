//! What M3 has of an order against what it is to have, field by field, and the transaction that would mend each
//! difference. Pure.

use domain::{OrderLine, SalesOrder};

use super::{
    has::{Has, Rows},
    lines, requests,
};
use crate::{
    Difference,
    m3::{
        options::Options,
        requests::our_reference,
        text::{address_fields, day, decimal},
        wire::{Row, Transaction},
    },
};

/// Everything that one comparison is about.
pub(super) struct Comparison<'a> {
    pub(super) number: &'a str,
    pub(super) order: &'a SalesOrder,
    /// What the source had when it was last written, if that is known.
    pub(super) before: Option<&'a SalesOrder>,
    pub(super) has: &'a Has,
    pub(super) options: &'a Options,
}

/// A difference, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Differing {
    pub(super) difference: Difference,
    /// Nothing if M3 has no transaction for it, or if the state does not allow it.
    pub(super) mend: Option<Transaction>,
    /// The status of the line that it is about.
    status: Option<String>,
}

impl Differing {
    pub(super) fn new(
        field: impl Into<String>,
        has: Option<String>,
        wanted: Option<String>,
        mend: Option<Transaction>,
    ) -> Self {
        Self { difference: Difference { field: field.into(), has, wanted }, mend, status: None }
    }

    /// One of a line that is there, which counts only as long as the line may be changed.
    pub(super) fn at_line(
        row: &Row,
        field: String,
        has: Option<String>,
        wanted: Option<String>,
        mend: Option<Transaction>,
    ) -> Self {
        Self { status: Some(row.get("ORST").to_owned()), ..Self::new(field, has, wanted, mend) }
    }

    /// Whether it is a line that M3 does not have.
    pub(super) fn is_new_line(&self) -> bool {
        self.mend.as_ref().is_some_and(|mend| mend.name == "AddLineBatchEnt")
    }

    /// In words, for the trail.
    pub(super) fn told(&self) -> String {
        let Difference { field, has, wanted } = &self.difference;
        match (has, wanted) {
            (Some(has), Some(wanted)) => format!("{field}: {has} became {wanted}"),
            (None, Some(wanted)) => format!("{field}: {wanted} was added"),
            (Some(has), None) => format!("{field}: {has} was taken out"),
            (None, None) => format!("{field} was changed"),
        }
    }
}

/// A value as it is shown; an empty one is none.
pub(super) fn shown(value: &str) -> Option<String> {
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// Everything that differs; what the order's or a line's state does not allow to be changed has no mend.
pub(super) fn compare(its: &Comparison<'_>) -> Vec<Differing> {
    let mut differing = heads(its);
    differing.extend(reference(its));
    differing.extend(address(its));
    differing.extend(note(its));
    differing.extend(charges(its));
    differing.extend(lines::compare(its));
    let is_open = may_be_changed(its.has.head.get("ORST"), its.options);
    for one in &mut differing {
        let is_line_open = one.status.as_deref().is_none_or(|status| may_be_changed(status, its.options));
        if !is_open || !is_line_open {
            one.mend = None;
        }
    }
    differing
}

/// Whether an order or a line in this status (ORST) may be changed. What is no status is none.
pub(super) fn may_be_changed(status: &str, options: &Options) -> bool {
    status.parse::<u8>().is_ok_and(|status| status <= options.amendable_to)
}

impl Comparison<'_> {
    /// Whether the source changed a field since the order was last written, or may have.
    pub(super) fn is_touched<'a, T: PartialEq>(&'a self, field: impl Fn(&'a SalesOrder) -> T) -> bool {
        self.before.is_none_or(|before| field(before) != field(self.order))
    }

    /// A line as the source had it before.
    pub(super) fn before(&self, line: &OrderLine) -> Option<&OrderLine> {
        self.before?.lines.get(self.place_before(line)?)
    }

    /// The place that a line had before.
    pub(super) fn place_before(&self, line: &OrderLine) -> Option<usize> {
        self.before?.lines.iter().position(|before| before.source_id == line.source_id)
    }
}

/// Fields of the head that no transaction changes once the order is there.
fn heads(its: &Comparison<'_>) -> Vec<Differing> {
    let (order, head) = (its.order, &its.has.head);
    let fields = [
        ("customer", "CUNO", order.customer.clone(), its.is_touched(|order| order.customer.as_str())),
        ("order_type", "ORTP", order.order_type.clone(), its.is_touched(|order| order.order_type.as_str())),
        ("facility", "FACI", order.facility.clone(), its.is_touched(|order| order.facility.as_str())),
        ("currency", "CUCD", order.currency.to_string(), its.is_touched(|order| order.currency)),
        ("payment_terms", "TEPY", order.payment_terms.clone(), its.is_touched(|o| o.payment_terms.as_str())),
        ("order_date", "ORDT", day(order.order_date), its.is_touched(|order| order.order_date)),
    ];
    // What the document leaves to M3, and what M3 does not show, cannot differ.
    let differing = fields.into_iter().filter(|(_, column, wanted, is_touched)| {
        let has = head.get(column);
        *is_touched && !wanted.is_empty() && !has.is_empty() && has != wanted
    });
    differing
        .map(|(field, column, wanted, _)| Differing::new(field, shown(head.get(column)), Some(wanted), None))
        .collect()
}

fn reference(its: &Comparison<'_>) -> Option<Differing> {
    let (wanted, has) = (our_reference(its.order), its.has.head.get("OREF"));
    if !its.is_touched(our_reference) || wanted == has {
        return None;
    }
    // An empty field changes nothing in M3.
    let mend = (!wanted.is_empty()).then(|| requests::change_reference(its.order, its.number));
    Some(Differing::new("buyer_reference", shown(has), shown(&wanted), mend))
}

/// M3 has no transaction that changes the address of an order that is there. The telephone number is not compared:
/// M3 keeps it in a field that it does not show.
fn address(its: &Comparison<'_>) -> Option<Differing> {
    let differing = || Some(Differing::new("ship_to", None, None, None));
    let (wanted, rows) = (its.order.ship_to.as_ref()?, its.has.address.as_ref()?);
    let Some(row) = rows.as_ref().ok().and_then(|rows| rows.first()) else { return differing() };
    let is_same = address_fields(wanted).all(|(field, value)| row.get(field) == value.trim());
    if is_same { None } else { differing() }
}

/// M3 breaks a text into lines of its own, so only what is not blank is compared.
fn note(its: &Comparison<'_>) -> Option<Differing> {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let wanted = its.order.note.expose();
    let has = its
        .has
        .text
        .as_ref()?
        .as_ref()
        .map(|rows| rows.iter().map(|row| row.get("TX60")).collect::<String>());
    let is_there = has.as_ref().is_ok_and(|has| !bare(has).is_empty());
    if has.is_ok_and(|has| bare(&has) == bare(wanted)) {
        return None;
    }
    let fits = !wanted.trim().is_empty() && wanted.chars().count() <= requests::TEXT;
    let mend = fits.then(|| requests::change_text(its.order, its.number, &its.options.order_text, is_there));
    Some(Differing::new("note", None, None, mend))
}

/// Charges by their ids. One that the document does not have is taken out only if the source had it before: M3 adds
/// charges of its own.
fn charges(its: &Comparison<'_>) -> Vec<Differing> {
    let rows: &Rows = match &its.has.charges {
        Some(rows) => rows,
        None => return Vec::new(),
    };
    let Ok(rows) = rows else {
        return vec![Differing::new("charges", None, None, None)];
    };
    let there = |id: &str| rows.iter().find(|row| row.get("CRID") == id);
    let set = its.order.charges.iter().filter_map(|charge| {
        let row = there(&charge.id);
        let has = row.map(|row| row.get("CRAM")).unwrap_or_default();
        let is_same = has.parse::<rust_decimal::Decimal>() == Ok(charge.amount.amount);
        let mend = requests::set_charge(its.number, charge, row.is_some());
        let wanted = decimal(charge.amount.amount);
        let field = format!("charges.{}", charge.id);
        (!is_same).then(|| Differing::new(field, shown(has), Some(wanted), Some(mend)))
    });
    let before = its.before.map(|before| before.charges.as_slice()).unwrap_or_default();
    let is_gone = |id: &str| !its.order.charges.iter().any(|charge| charge.id == id);
    let gone = before.iter().filter(|charge| is_gone(&charge.id)).filter_map(|charge| {
        let has = there(&charge.id)?.get("CRAM");
        let mend = requests::delete_charge(its.number, &charge.id);
        Some(Differing::new(format!("charges.{}", charge.id), shown(has), None, Some(mend)))
    });
    set.chain(gone).collect()
}
