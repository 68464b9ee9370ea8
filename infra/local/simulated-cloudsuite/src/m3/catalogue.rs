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
        match (line.strip_prefix("in "), line.strip_prefix("out ")) {
            (Some(fields), _) => shapes.entry(name.to_owned()).or_default().inputs.extend(fields_of(fields)),
            (_, Some(fields)) => shapes.entry(name.to_owned()).or_default().outputs.extend(fields_of(fields)),
            (None, None) => {
                name = line;
                shapes.entry(name.to_owned()).or_default();
            }
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
