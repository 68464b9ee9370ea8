//! Which transactions exist and which fields they take and give, read from `catalogue.txt`. It knows shapes
//! only, nothing of what a transaction does.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Whether a field holds text or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Any text.
    Text,
    /// A decimal number.
    Number,
}

/// One field of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// M3's name of it, four characters mostly.
    pub name: String,
    /// Text or number.
    pub kind: FieldType,
    /// The most characters it holds.
    pub length: usize,
    /// Whether an input must be given.
    pub mandatory: bool,
}

/// The fields of one transaction, in M3's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// Input fields.
    pub inputs: Vec<Field>,
    /// Output fields.
    pub outputs: Vec<Field>,
    /// Output fields that tenants were seen to have and the published catalogue has not.
    pub newer: Vec<Field>,
}

impl Shape {
    /// The output fields of a tenant that has the newer ones, or has not.
    pub(crate) fn answers(&self, newer: bool) -> impl Iterator<Item = &Field> {
        self.outputs.iter().chain(self.newer.iter().filter(move |_| newer))
    }
}

static CATALOGUE: LazyLock<BTreeMap<String, Shape>> = LazyLock::new(|| parse(include_str!("catalogue.txt")));

/// Every transaction by `PROGRAM/Transaction`.
pub fn transactions() -> &'static BTreeMap<String, Shape> {
    &CATALOGUE
}

/// The shape of one transaction, if the simulation knows it.
pub(crate) fn shape(program: &str, transaction: &str) -> Option<&'static Shape> {
    CATALOGUE.get(&format!("{program}/{transaction}"))
}

/// Whether any transaction of this program is known.
pub(crate) fn has_program(program: &str) -> bool {
    CATALOGUE.keys().any(|name| name.split('/').next() == Some(program))
}

fn parse(text: &str) -> BTreeMap<String, Shape> {
    let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
    let mut name = "";
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let row = line.split_once(' ');
        if row.is_none() {
            name = line;
        }
        let shape = shapes.entry(name.to_owned()).or_default();
        match row {
            Some(("in", fields)) => shape.inputs.extend(fields_of(fields)),
            Some(("out", fields)) => shape.outputs.extend(fields_of(fields)),
            Some(("new", fields)) => shape.newer.extend(fields_of(fields)),
            _ => {}
        }
    }
    shapes
}

fn fields_of(line: &str) -> impl Iterator<Item = Field> + '_ {
    line.split_whitespace().filter_map(field_of)
}

fn field_of(text: &str) -> Option<Field> {
    let (name, rest) = text.split_once(':')?;
    let kind = if rest.starts_with('n') { FieldType::Number } else { FieldType::Text };
    let digits = rest.get(1..)?.trim_end_matches('!');
    let length = digits.parse().ok()?;
    Some(Field { name: name.to_owned(), kind, length, mandatory: rest.ends_with('!') })
}
