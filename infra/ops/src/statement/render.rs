//! A statement as text for people, and as JSON for scripts.

use std::fmt::Write as _;

use domain::Currency;
use rust_decimal::Decimal;

use super::{Figures, Line, Oddity, Section, Statement, Total};

/// The statement as one JSON object, whose keys are those of [`Statement`].
pub fn statement_json(statement: &Statement) -> serde_json::Value {
    // Plain data with texts for keys: this cannot fail.
    serde_json::to_value(statement).unwrap_or_default()
}

/// The whole statement, as text for people.
pub fn render_statement(statement: &Statement) -> String {
    let Statement { tenant, from, to, time_zones, mapping, ties, sections, odd, unread } = statement;
    let zones = time_zones.join(", ");
    let mut text = format!("ShipBob and CloudSuite, {tenant}, {from} to {to} ({zones}), mapping {mapping}\n");
    for section in sections {
        text.push('\n');
        text.push_str(&render_section(section));
    }
    // Writing into a string cannot fail.
    if !odd.is_empty() {
        let _ = writeln!(text, "\nodd: {}", odd.len());
        for oddity in odd {
            text.push_str(&render_oddity(oddity));
        }
    }
    if !unread.is_empty() {
        text.push_str("\nnot read, so this statement is not whole\n");
        for what in unread {
            let _ = writeln!(text, "  {what}");
        }
    }
    let verdict = if *ties { "everything ties" } else { "it does not tie: see what is odd above" };
    let _ = writeln!(text, "\n{verdict}");
    text
}

fn render_section(section: &Section) -> String {
    let mut text = format!("{}s\n", section.kind);
    let totals =
        [("ShipBob", &section.shipbob), ("posted", &section.posted), ("confirmed", &section.confirmed)];
    for (name, Total { objects, figures }) in totals {
        let _ = writeln!(text, "  {name:<10}  {objects:>6}  {}", in_words(figures));
    }
    let _ = writeln!(text, "  {:<10}  {:>6}  {}", "difference", "", in_words(&section.difference));
    for (reason, objects) in &section.nothing_to_post {
        let _ = writeln!(text, "  nothing to post  {objects}: {reason}");
    }
    if !section.lines.is_empty() {
        text.push('\n');
        text.push_str(&table(&section.lines));
    }
    text
}

/// Rows under one another, each column as wide as its widest.
fn table(lines: &[Line]) -> String {
    let heading =
        ["", "id", "date", "ShipBob", "posted", "confirmed", "state", "CloudSuite"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(heading).chain(lines.iter().map(row)).collect();
    let mut widths = [0; 8];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

fn row(line: &Line) -> [String; 8] {
    [
        if line.ties { " " } else { "!" }.to_owned(),
        line.id.to_string(),
        line.date.map_or_else(|| "?".to_owned(), |date| date.to_string()),
        in_words(&line.shipbob),
        in_words(&line.posted),
        in_words(&line.confirmed),
        line.state.to_owned(),
        line.cloudsuite.join(", "),
    ]
}

fn render_oddity(odd: &Oddity) -> String {
    let codes =
        if odd.findings.is_empty() { String::new() } else { format!(" ({})", odd.findings.join(", ")) };
    let Oddity { what, kind, id, detail, help, .. } = odd;
    format!("  {}  {kind} {id}{codes}: {detail}\n      {help}\n", what.words())
}

fn in_words(figures: &Figures) -> String {
    if figures.is_empty() {
        return "0".to_owned();
    }
    let each = figures.iter().map(|(counted_in, figure)| match counted_in.as_str() {
        "units" if *figure == Decimal::ONE => "1 unit".to_owned(),
        "units" => format!("{} units", figure.normalize()),
        _ => format!("{} {counted_in}", money(*figure, counted_in)),
    });
    each.collect::<Vec<_>>().join(" + ")
}

/// With all digits of the currency, and those beyond that there are.
fn money(figure: Decimal, currency: &str) -> String {
    let figure = figure.normalize();
    let least = currency.parse::<Currency>().map_or(0, |currency| currency.exponent());
    let digits = usize::try_from(figure.scale().max(least)).unwrap_or_default();
    format!("{figure:.digits$}")
}
