//! What is wrong with a mapping that could be read: values that do not fit, what is needed and missing, what names
//! unknown things, percentages that do not come to 100, rules that nothing reaches.

mod booking;
mod items;
mod m3;
mod reach;
mod shipbob;
mod values;

use crate::{Mapping, read::Path};

/// What is wrong, with the way to it.
pub(crate) type Problems = Vec<(Path, String)>;

/// Everything that is wrong with a mapping, besides the keys that were told already and taken out.
pub(crate) fn problems(mapping: &Mapping, told: &[String]) -> Problems {
    let mut problems = Problems::new();
    values::check(mapping, &mut problems);
    m3::check(&mapping.cloudsuite.m3, &mut problems);
    items::check(mapping, &mut problems);
    booking::check(mapping, &mut problems);
    shipbob::check(mapping, &mut problems);
    reach::check(mapping, told, &mut problems);
    problems
}

/// Checks a text that a field of M3 takes: how long it is and, where it is needed, that it is there.
fn text(problems: &mut Problems, path: Path, value: &str, most: usize, needed: bool) {
    if value.chars().count() > most {
        problems.push((path, format!("it has more than {most} characters, which M3's field holds")));
    } else if needed && value.trim().is_empty() {
        problems.push((path, "it is needed, and missing or empty".to_owned()));
    }
}

/// Checks a country: two capital letters.
fn country(problems: &mut Problems, path: Path, code: &str) {
    if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        problems.push((path, "it is not a country code of two capital letters (ISO 3166-1)".to_owned()));
    }
}
