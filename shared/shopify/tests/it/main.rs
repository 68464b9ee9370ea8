//! The parser and verifier against whole deliveries: the project's samples, the fixtures beside it, and what
//! chance makes of them.

#![cfg(test)]

mod bad_input;
mod fixtures;
mod gateway_event;
mod samples;
mod speed;
mod topics;
mod withheld;

/// The names of the project's sample deliveries, without their endings.
fn sample_names() -> Vec<String> {
    let expectations = testkit::files(&testkit::root().join("events"), ".expected.json");
    let name = |path: &std::path::PathBuf| {
        path.file_name()?.to_str()?.strip_suffix(".expected.json").map(str::to_owned)
    };
    expectations.iter().filter_map(name).collect()
}

/// The body of a sample delivery.
fn body(name: &str) -> Vec<u8> {
    testkit::sample(&format!("{name}.json"))
}
