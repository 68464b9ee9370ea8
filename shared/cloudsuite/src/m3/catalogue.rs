//! M3's published interface, against which tests hold everything that is sent.

use std::collections::BTreeMap;

use super::wire::Transaction;

/// Fields of each program's transactions: direction and name, then length and whether it is required.
pub(super) struct Catalogue(BTreeMap<(String, String), Directions>);

type Directions = BTreeMap<(String, String), (usize, bool)>;

impl Catalogue {
    /// The catalogue; nothing where the facts are not there.
    pub(super) fn read() -> Option<Self> {
        let text = std::fs::read_to_string(testkit::facts()?.join("m3-fields.tsv")).unwrap();
        let mut programs: BTreeMap<_, Directions> = BTreeMap::new();
        for line in text.lines().skip(1) {
            let [program, name, direction, field, _, length, required, ..] =
                line.split('\t').collect::<Vec<_>>()[..]
            else {
                panic!("{line}")
            };
            let fields = programs.entry((program.to_owned(), name.to_owned())).or_default();
            let length = length.parse().unwrap_or(usize::MAX);
            fields.insert((direction.to_owned(), field.to_owned()), (length, required == "yes"));
        }
        Some(Self(programs))
    }

    /// Every field is there and fits, nothing that is required is missing, and every column is an output.
    pub(super) fn assert_has(&self, program: &str, transaction: &Transaction) {
        let Transaction { name, record, selected_columns } = transaction;
        let record = record.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
        self.assert_takes(program, name, &record, selected_columns);
    }

    pub(super) fn assert_takes(
        &self,
        program: &str,
        name: &str,
        record: &BTreeMap<String, String>,
        columns: &[&str],
    ) {
        let fields = self.0.get(&(program.to_owned(), name.to_owned()));
        let fields = fields.unwrap_or_else(|| panic!("{program} has no {name}"));
        let find = |direction: &str, field: &str| fields.get(&(direction.to_owned(), field.to_owned()));
        for (field, value) in record {
            let (longest, _) =
                find("in", field).unwrap_or_else(|| panic!("{program} {name} takes no {field}"));
            assert!(value.chars().count() <= *longest, "{program} {name} {field}: {value:?} > {longest}");
        }
        for column in columns {
            assert!(find("out", column).is_some(), "{program} {name} gives no {column}");
        }
        let required = fields.iter().filter(|((direction, _), (_, required))| direction == "in" && *required);
        for ((_, field), _) in required {
            assert!(record.contains_key(field.as_str()), "{program} {name} needs {field}");
        }
    }
}
