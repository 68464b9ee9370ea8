//! The pages are true where that can be looked up: a link leads to a file, and a test that is named as a proof exists.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use testkit::root;

/// Files of the project whose names end so; what was built or installed is left out, as are dot folders.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path(), ending));
        } else if name.ends_with(ending) {
            found.push(entry.path());
        }
    }
    found
}

fn pages() -> Vec<(PathBuf, String)> {
    files(&root(), ".md").into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// What stands between two marks, wherever they come in a text.
fn between<'a>(text: &'a str, begin: &'a str, end: char) -> impl Iterator<Item = &'a str> {
    text.split(begin).skip(1).filter_map(move |rest| Some(rest.split_once(end)?.0))
}

#[test]
fn every_link_leads_to_a_file() {
    let mut links = 0;
    let mut dead = Vec::new();
    for (page, text) in pages() {
        for link in between(&text, "](", ')').filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap_or_default();
            links += 1;
            if !page.parent().unwrap().join(file).exists() {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(links > 50, "only {links} links were found");
    assert!(dead.is_empty(), "{dead:#?}");
}

/// The functions of each of our crates, by the name of its folder.
fn functions() -> BTreeMap<String, String> {
    let manifests = files(&root(), "Cargo.toml");
    let folders = manifests.iter().filter_map(|path| path.parent()).filter(|folder| **folder != root());
    let named = folders.map(|folder| {
        let sources = files(folder, ".rs").into_iter().map(|path| fs::read_to_string(path).unwrap());
        (folder.file_name().unwrap().to_str().unwrap().to_owned(), sources.collect())
    });
    named.collect()
}

/// A test is named as `crate module::sentence`: its sentence has at least one `_`, which no command has.
#[test]
fn every_test_that_is_named_exists() {
    let functions = functions();
    let mut tests = 0;
    let mut missing = Vec::new();
    for (page, text) in pages() {
        // Outside of blocks of code, every second piece stands in backticks.
        let pieces = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
        for piece in pieces {
            let Some((package, path)) = piece.split_once(' ') else { continue };
            let sentence = path.rsplit("::").next().unwrap_or_default();
            let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let Some(sources) = functions.get(package) else { continue };
            if !sentence.contains('_') || !is_name(sentence) {
                continue;
            }
            tests += 1;
            if !sources.contains(&format!("fn {sentence}(")) {
                missing.push(format!("{}: {piece}", page.display()));
            }
        }
    }
    assert!(tests > 10, "only {tests} tests are named");
    assert!(missing.is_empty(), "{missing:#?}");
}
