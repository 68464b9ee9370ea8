//! The sample deliveries of `events/` and what each is expected to come to.

use std::path::{Path, PathBuf};

use domain::{RecordKey, Source, TenantId};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::StackError;

const EXPECTED: &str = ".expected.json";
/// Topics of which the first delivery about a record is, in the samples.
const FIRST: [&str; 2] = ["orders/create", "wro.updated"];

/// A sample delivery.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The name of its file, without the ending.
    pub name: String,
    /// Whose delivery it is: its name begins with it.
    pub source: Source,
    /// The bytes to sign and post.
    pub body: Vec<u8>,
    /// What it is expected to come to.
    pub expected: Expected,
}

/// The content of `<name>.expected.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The topic to deliver it under.
    pub topic: String,
    /// The HTTP status of the answer.
    pub http: u16,
    /// Kind and id of the record, such as `shipment/9001`, where that is not the one that the body is about: the delivery
    /// unfolds into it.
    #[serde(default)]
    pub record: Option<String>,
    /// The word of the state that the record ends in; nothing where no record is made.
    #[serde(default)]
    pub state: Option<String>,
    /// The codes of the findings, in any order.
    #[serde(default)]
    pub findings: Vec<String>,
    /// What the order in CloudSuite consists of; nothing where there is none.
    #[serde(default)]
    pub cloudsuite: Option<Extent>,
    /// What the record did to the stock in CloudSuite altogether.
    #[serde(default)]
    pub stock: Vec<StockChange>,
}

/// What a record did to the stock of an item, all its movements together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockChange {
    /// The warehouse in CloudSuite.
    pub warehouse: String,
    /// The item there.
    pub item: String,
    /// The lot; left out for an item that is not kept in lots.
    #[serde(default)]
    pub lot: String,
    /// What came, in the item's basic unit; below zero what left.
    pub quantity: Decimal,
}

/// How much of an order CloudSuite has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extent {
    /// Order lines.
    pub lines: usize,
    /// Charges.
    pub charges: usize,
}

/// The samples of a folder that say what is expected of them, in the order of their names.
pub fn load(folder: &Path) -> Result<Vec<Sample>, StackError> {
    let entries = std::fs::read_dir(folder).map_err(StackError::file(folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let samples = paths.iter().filter_map(|path| {
        let name = path.file_name()?.to_str()?.strip_suffix(EXPECTED)?;
        Some(Sample::load(folder, name))
    });
    samples.collect()
}

impl Sample {
    fn load(folder: &Path, name: &str) -> Result<Self, StackError> {
        let read = |ending: &str| {
            let path = folder.join(format!("{name}{ending}"));
            std::fs::read(&path).map_err(StackError::file(path))
        };
        let expected = serde_json::from_slice(&read(EXPECTED)?).map_err(|error| StackError::Content {
            path: folder.join(format!("{name}{EXPECTED}")),
            why: error.to_string(),
        })?;
        let content = |why| StackError::Content { path: folder.join(format!("{name}{EXPECTED}")), why };
        let (source, _) = name.split_once('-').unwrap_or((name, ""));
        let source = source.parse().map_err(|_| content("its name begins with no source".to_owned()))?;
        Ok(Self { name: name.to_owned(), source, body: read(".json")?, expected })
    }

    /// The record that it leads to.
    pub(crate) fn key(&self, tenant: &TenantId) -> RecordKey {
        let named = self.expected.record.as_ref();
        let named = named.and_then(|record| format!("{tenant}/{}/{record}", self.source).parse().ok());
        named.unwrap_or_else(|| identify::record_of(tenant, self.source, &self.expected.topic, &self.body))
    }
}

/// Puts the samples of one record together, the first delivery about it first, and otherwise keeps their order.
/// The sources themselves promise no order; a sample shows one situation at a time.
pub(crate) fn by_record<'a>(tenant: &TenantId, samples: &'a [Sample]) -> Vec<Vec<&'a Sample>> {
    let mut groups: Vec<Vec<&Sample>> = Vec::new();
    for sample in samples {
        let same = |group: &&mut Vec<&Sample>| group[0].key(tenant) == sample.key(tenant);
        match groups.iter_mut().find(same) {
            Some(group) => group.push(sample),
            None => groups.push(vec![sample]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|sample| !FIRST.contains(&sample.expected.topic.as_str()));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str, topic: &str, body: &str) -> Sample {
        let expected = Expected {
            topic: topic.to_owned(),
            http: 200,
            state: None,
            findings: Vec::new(),
            record: None,
            cloudsuite: None,
            stock: Vec::new(),
        };
        Sample { name: name.to_owned(), source: Source::Shopify, body: body.as_bytes().to_vec(), expected }
    }

    #[test]
    fn an_update_comes_after_the_creation_of_the_same_order() {
        let samples = [
            sample("a", "orders/updated", r#"{"id":1,"line_items":[]}"#),
            sample("b", "orders/create", r#"{"id":2,"line_items":[]}"#),
            sample("c", "orders/create", r#"{"id":1,"line_items":[]}"#),
            sample("d", "orders/create", "not json"),
            sample("e", "orders/create", "nor this"),
        ];
        let groups = by_record(&"demo".parse().unwrap(), &samples);
        let names: Vec<Vec<&str>> =
            groups.iter().map(|group| group.iter().map(|sample| sample.name.as_str()).collect()).collect();
        assert_eq!(names, [vec!["c", "a"], vec!["b"], vec!["d"], vec!["e"]]);
    }

    #[test]
    fn every_sample_of_the_project_says_what_is_expected_of_it() {
        let folder = testkit::root().join("events");
        let samples = load(&folder).unwrap();
        let files = testkit::files(&folder, ".json");
        let names = files.iter().filter_map(|path| path.file_name()?.to_str());
        let deliveries = names.filter(|name| !name.starts_with("apigateway-") && !name.ends_with(EXPECTED));
        assert_eq!(samples.len(), deliveries.count(), "a sample without .expected.json is never played");
    }
}
