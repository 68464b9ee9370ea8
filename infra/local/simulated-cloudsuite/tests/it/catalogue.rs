//! The catalogue of fields against the published one, row by row.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use simulated_cloudsuite::catalogue::{self, Field, FieldType};

use crate::bench::Bench;

type Rows = BTreeMap<(String, &'static str), Vec<Field>>;

fn published() -> Option<Rows> {
    let table = std::fs::read_to_string(testkit::facts()?.join("m3-fields.tsv")).unwrap();
    let mut rows = Rows::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [program, transaction, direction, name, kind, length, mandatory, ..] = cells[..] else {
            panic!("a row of fewer than seven cells: {line}");
        };
        let kind = if kind == "number" { FieldType::Number } else { FieldType::Text };
        let direction = if direction == "in" { "in" } else { "out" };
        let length = length.parse().unwrap();
        let field = Field { name: name.to_owned(), kind, length, mandatory: mandatory == "yes" };
        rows.entry((format!("{program}/{transaction}"), direction)).or_default().push(field);
    }
    Some(rows)
}

#[test]
fn every_field_is_the_published_one() {
    let Some(mut published) = published() else { return };
    for (name, shape) in catalogue::transactions() {
        for (direction, own) in [("in", &shape.inputs), ("out", &shape.outputs)] {
            let theirs = published.remove(&(name.clone(), direction)).unwrap_or_default();
            assert_eq!(own, &theirs, "{name} {direction}");
        }
    }
}

#[test]
fn newer_fields_are_in_no_published_row_and_go_by_setting() {
    let newer: Vec<(&String, Vec<&str>)> = catalogue::transactions()
        .iter()
        .filter(|(_, shape)| !shape.newer.is_empty())
        .map(|(name, shape)| (name, shape.newer.iter().map(|field| field.name.as_str()).collect()))
        .collect();
    assert_eq!(newer, [(&"MHS850MI/LstWhsLine".to_owned(), vec!["MSID", "MSGD"])]);
    let body = r#"{"program":"MHS850MI","cono":100,"transactions":[{"transaction":"LstWhsLine",
        "record":{"MSGN":"1"},"selectedColumns":["MSID"]}]}"#;
    for (has, status) in [(true, 200), (false, 400)] {
        let mut bench = Bench::new();
        bench.simulator.settings.newer_fields = has;
        assert_eq!(bench.post_json(body).0, status, "newer fields: {has}");
    }
}

#[test]
fn every_transaction_of_the_catalogue_is_simulated() {
    assert_eq!(catalogue::transactions().len(), 142);
    for (name, shape) in catalogue::transactions() {
        let mandatory = shape.inputs.iter().filter(|field| field.mandatory);
        let record: Value = mandatory.map(|field| (field.name.clone(), json!("1"))).collect();
        let (program, transaction) = name.split_once('/').unwrap();
        let (_, answer) = Bench::new().bulk(program, &[(transaction, record)]);
        let message = answer["results"][0]["errorMessage"].as_str().unwrap();
        assert!(!message.contains("is not simulated"), "{name}: {message}");
    }
}
