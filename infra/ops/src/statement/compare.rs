//! Objects of ShipBob's and their records make a statement. Pure.

use std::collections::BTreeMap;

use domain::{DocumentKind, Kind, Quantities, Record, Reference, State};

use super::{
    Figures, Line, Section, Statement, Total,
    judge::{Given, judge, not_listed},
    listed::{Listed, Wanted},
    odd::Oddity,
};

/// What goods are counted in, where amounts have a currency.
const UNITS: &str = "units";

/// An object, and the record that the ledger has of it.
pub(super) type Pair = (Listed, Option<Record>);

/// Compares what counts for a statement; `gone` are records that ShipBob does not have. The statement comes with its
/// heading, and is given the rest.
pub(super) fn compare(heading: Statement, kinds: &[Kind], pairs: &[Pair], gone: &[Record]) -> Statement {
    let mut odd: Vec<Oddity> =
        pairs.iter().flat_map(|(listed, record)| judge(listed, record.as_ref())).collect();
    odd.extend(gone.iter().map(not_listed));
    odd.sort_by(|a, b| (a.what, place(a.kind), &a.id).cmp(&(b.what, place(b.kind), &b.id)));
    let sections: Vec<_> = kinds.iter().map(|kind| section(*kind, pairs, gone)).collect();
    let ties = heading.unread.is_empty()
        && odd.iter().all(|odd| odd.what.is_remark())
        && sections.iter().flat_map(|section| &section.lines).all(|line| line.ties);
    Statement { ties, sections, odd, ..heading }
}

fn section(kind: Kind, pairs: &[Pair], gone: &[Record]) -> Section {
    let mut section = Section {
        kind,
        shipbob: Total::default(),
        posted: Total::default(),
        confirmed: Total::default(),
        difference: Figures::new(),
        nothing_to_post: BTreeMap::new(),
        lines: Vec::new(),
    };
    for (listed, record) in pairs.iter().filter(|(listed, _)| listed.key.kind == kind) {
        let given = Given::of(record.as_ref());
        match &listed.wanted {
            Wanted::Nothing(reason) if given.posted.is_empty() => {
                *section.nothing_to_post.entry(reason.clone()).or_default() += 1;
            }
            _ => section.lines.push(line(listed, record.as_ref(), &given)),
        }
    }
    section.lines.extend(gone.iter().filter(|record| record.key.kind == kind).map(gone_line));
    section.lines.sort_by(|a, b| (a.date, by_number(a)).cmp(&(b.date, by_number(b))));
    for line in &section.lines {
        section.shipbob.add(&line.shipbob);
        section.posted.add(&line.posted);
        section.confirmed.add(&line.confirmed);
    }
    section.difference = less(&section.shipbob.figures, &section.confirmed.figures);
    section
}

fn line(listed: &Listed, record: Option<&Record>, given: &Given) -> Line {
    let (kind, wanted) = (listed.key.kind, listed.wanted.quantities());
    let mut cloudsuite = record.map(numbers).unwrap_or_default();
    cloudsuite.extend(listed.purchase_order.iter().map(|number| format!("order {number}")));
    Line {
        id: listed.key.id.clone(),
        date: listed.date,
        ties: wanted == given.confirmed && !matches!(listed.wanted, Wanted::Unplanned(..)),
        shipbob: figures(kind, &wanted),
        posted: figures(kind, &given.posted),
        confirmed: figures(kind, &given.confirmed),
        state: record.map_or("unknown", |record| record.state.word()),
        cloudsuite,
    }
}

fn gone_line(record: &Record) -> Line {
    let given = Given::of(Some(record));
    Line {
        id: record.key.id.clone(),
        date: None,
        shipbob: Figures::new(),
        posted: figures(record.key.kind, &given.posted),
        confirmed: figures(record.key.kind, &given.confirmed),
        state: record.state.word(),
        cloudsuite: numbers(record),
        ties: false,
    }
}

/// What a record is in CloudSuite: the numbers of its movements of goods, or of its document.
fn numbers(record: &Record) -> Vec<String> {
    if !record.document_kind().is_of_goods() {
        return record.references.number.iter().cloned().collect();
    }
    let under_way = u32::from(record.state == State::Posted && record.movements.under_way.is_some());
    let numbers = 1..=record.movements.count + under_way;
    numbers.map(|number| Reference::message_number_of(&record.key, number)).collect()
}

/// Quantities by what they are counted in. What comes back with a return is above zero here.
fn figures(kind: Kind, quantities: &Quantities) -> Figures {
    let is_money = DocumentKind::usual(kind) == DocumentKind::JournalEntry;
    let mut figures = Figures::new();
    for (id, quantity) in quantities {
        let counted_in = if is_money { id.as_str() } else { UNITS };
        let quantity = if kind == Kind::Return { -*quantity } else { *quantity };
        let sum = figures.entry(counted_in.to_owned()).or_default();
        *sum = (*sum + quantity).normalize();
    }
    without_zeros(figures)
}

fn less(one: &Figures, other: &Figures) -> Figures {
    let mut difference = one.clone();
    for (counted_in, figure) in other {
        let rest = difference.entry(counted_in.clone()).or_default();
        *rest = (*rest - *figure).normalize();
    }
    without_zeros(difference)
}

fn without_zeros(mut figures: Figures) -> Figures {
    figures.retain(|_, figure| !figure.is_zero());
    figures
}

impl Total {
    fn add(&mut self, figures: &Figures) {
        self.objects += u64::from(!figures.is_empty());
        for (counted_in, figure) in figures {
            let sum = self.figures.entry(counted_in.clone()).or_default();
            *sum = (*sum + *figure).normalize();
        }
    }
}

/// Kinds in the order of the statement.
fn place(kind: Kind) -> usize {
    super::KINDS.iter().position(|other| *other == kind).unwrap_or(super::KINDS.len())
}

/// Numbers in the order of numbers, whatever else behind them.
fn by_number(line: &Line) -> (u64, &str) {
    let id = line.id.as_str();
    (id.parse().unwrap_or(u64::MAX), id)
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
