//! The shape of answers against published example answers, where those are beside the project.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::bench::Bench;

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn answers_have_the_published_keys() {
    let Some(folder) = testkit::fixtures() else { return };
    let files = testkit::files(&folder.join("infor-m3/responses-v2"), ".schema-example.json");
    assert!(!files.is_empty());
    for path in files {
        let example: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().trim_end_matches(".schema-example.json");
        let (program, transaction) = name.split_once('-').unwrap();
        let (_, answer) = answer_of(program, transaction);
        assert_eq!(keys(&answer), keys(&example), "{name}");
        let (ours, theirs) = (&answer["results"][0], &example["results"][0]);
        assert_eq!(keys(ours), keys(theirs), "{name}");
        assert_eq!(keys(&ours["records"][0]), keys(&theirs["records"][0]), "{name}");
    }
}

fn answer_of(program: &str, transaction: &str) -> (u16, Value) {
    let mut bench = Bench::new();
    let record = match transaction {
        "AddBatchHead" => json!({ "CUNO": "C00001" }),
        "AddBatchLine" => json!({ "ORNO": bench.entered("A"), "ITNO": "CAP-RED", "ORQT": "1" }),
        "LstErrMsgOrder" => json!({ "ORNO": in_error(&mut bench) }),
        _ => json!({ "ORNO": bench.entered("A") }),
    };
    bench.bulk(program, &[(transaction, record)])
}

fn in_error(bench: &mut Bench) -> String {
    let head = json!({ "CUNO": "C00001" });
    let number = crate::bench::text(&bench.run("OIS100MI/AddBatchHead", head)[0]["ORNO"]);
    bench.run("OIS100MI/Confirm", json!({ "ORNO": number }));
    number
}
