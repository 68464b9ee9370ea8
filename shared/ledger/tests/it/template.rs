//! The tables that the tests use are the tables that are deployed.

use ledger::tables::{AWAITING, CARRIED, EXPIRES_AT, PARTITION, SORT, STATUS};

#[test]
fn the_template_names_the_same_keys_and_indexes() {
    let path = testkit::root().join("infra/template.yaml");
    let Ok(template) = std::fs::read_to_string(&path) else {
        eprintln!("note: no {}: nothing to compare the tables with", path.display());
        return;
    };
    let mut expected = vec![
        format!("{{ AttributeName: {PARTITION}, KeyType: HASH }}"),
        format!("{{ AttributeName: {SORT}, KeyType: RANGE }}"),
        format!("AttributeName: {EXPIRES_AT}, Enabled: true"),
        format!("ProjectionType: INCLUDE, NonKeyAttributes: [{}]", CARRIED.join(", ")),
        "ProjectionType: KEYS_ONLY".to_owned(),
    ];
    for index in [AWAITING, STATUS] {
        expected.push(format!("IndexName: {}", index.name));
        expected.push(format!("{{ AttributeName: {}, KeyType: HASH }}", index.partition));
        expected.push(format!("{{ AttributeName: {}, KeyType: RANGE }}", index.sort));
    }
    for text in expected {
        assert!(template.contains(&text), "infra/template.yaml does not say '{text}'");
    }
}
