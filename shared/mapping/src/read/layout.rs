//! Where the values of a file stand.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::path::{Path, Step};

/// Takes out the value that an error is about, and tells the way to it; nothing if there is no such value.
pub(super) fn take_out(table: &mut DeTable<'_>, span: &Range<usize>) -> Option<Path> {
    let mut path = from_table(table, span, &Path::default());
    // Some errors are about a stretch that is no value's own: then the narrowest value around it goes.
    if path.is_none() {
        let narrowest = around(table, span)?;
        path = from_table(table, &narrowest, &Path::default());
    }
    path
}

fn from_table(table: &mut DeTable<'_>, span: &Range<usize>, above: &Path) -> Option<Path> {
    for (key, value) in table.iter_mut() {
        let path = above.key(key.get_ref());
        if let Some(path) = from_value(value, span, &path) {
            return Some(path);
        }
    }
    let is_it = |key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>| {
        key.span() == *span || value.span() == *span
    };
    let key = table.iter().find(|(key, value)| is_it(key, value)).map(|(key, _)| key.clone())?;
    table.remove(&key)?;
    Some(above.key(key.get_ref()))
}

fn from_value(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>, path: &Path) -> Option<Path> {
    match value.get_mut() {
        DeValue::Table(inner) => from_table(inner, span, path),
        DeValue::Array(items) => {
            for index in 0..items.len() {
                let item = items.get_mut(index)?;
                if let Some(path) = from_value(item, span, &path.index(index)) {
                    return Some(path);
                }
            }
            // Only scalars go one by one: a table's place in a list is its name in later findings.
            let index = items.iter().position(|item| item.span() == *span)?;
            let rest = items.iter().enumerate().filter(|(place, _)| *place != index);
            *items = rest.map(|(_, item)| item.clone()).collect();
            Some(path.index(index))
        }
        _ => None,
    }
}

/// The narrowest stretch of a key or value that contains another.
fn around(table: &DeTable<'_>, span: &Range<usize>) -> Option<Range<usize>> {
    let mut spans = Vec::new();
    collect(table, &mut spans);
    let contains = |outer: &Range<usize>| outer.start <= span.start && span.end <= outer.end;
    spans.into_iter().filter(contains).min_by_key(Range::len)
}

fn collect(table: &DeTable<'_>, spans: &mut Vec<Range<usize>>) {
    for (key, value) in table {
        spans.push(key.span());
        collect_value(value, spans);
    }
}

fn collect_value(value: &Spanned<DeValue<'_>>, spans: &mut Vec<Range<usize>>) {
    spans.push(value.span());
    match value.get_ref() {
        DeValue::Table(inner) => collect(inner, spans),
        DeValue::Array(items) => items.iter().for_each(|item| collect_value(item, spans)),
        _ => {}
    }
}

/// Where a key stands, or what stands nearest above it.
pub(super) fn offset(table: &DeTable<'_>, path: &Path) -> usize {
    let mut offset = 0;
    let mut steps = path.0.iter();
    let Some(Step::Key(first)) = steps.next() else { return offset };
    let Some((key, mut value)) = table.get_key_value(first.as_str()) else { return offset };
    offset = key.span().start;
    for step in steps {
        let next = match (step, value.get_ref()) {
            (Step::Key(name), DeValue::Table(inner)) => {
                inner.get_key_value(name.as_str()).map(|(key, value)| (key.span().start, value))
            }
            (Step::Index(index), DeValue::Array(items)) => {
                items.get(*index).map(|item| (item.span().start, item))
            }
            _ => None,
        };
        let Some((at, inner)) = next else { return offset };
        (offset, value) = (at, inner);
    }
    offset
}
