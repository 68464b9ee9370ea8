//! The parser and verifier against whole deliveries: own samples, the fixtures beside the project, and what chance
//! makes of them.

#![cfg(test)]

mod bad_input;
mod explain;
mod fixtures;
mod samples;
mod schema;
mod vectors;
mod views;

use shipbob::Topic;

/// The names, topics and bodies of the samples. A file is named for its topic and, behind a hyphen, its situation.
fn samples() -> Vec<(String, Topic, Vec<u8>)> {
    let folder = testkit::root().join("shared/shipbob/tests/samples");
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let topic = Topic::parse(name.split('-').next().unwrap()).unwrap();
        (name, topic, std::fs::read(&path).unwrap())
    };
    testkit::files(&folder, ".json").into_iter().map(read).collect()
}
