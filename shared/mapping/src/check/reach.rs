//! Rules that nothing reaches, because a rule before them takes everything that they match.

use wildmatch::WildMatch;

use super::Problems;
use crate::{CompanyWhen, GlKind, GlWhen, Mapping, read::Path};

/// Rules of which something was taken out are not judged: what is left of them says something else.
pub(super) fn check(mapping: &Mapping, told: &[String], problems: &mut Problems) {
    let companies: Vec<_> = mapping.company.iter().map(|rule| (None, of_company(&rule.when))).collect();
    unreached("company", &companies, told, problems);
    let bookings: Vec<_> = mapping.gl.iter().map(|rule| (Some(rule.kind), of_booking(&rule.when))).collect();
    unreached("gl", &bookings, told, problems);
}

/// A rule: what kind of amount it is for, if it is for amounts, and its conditions.
type Rule = (Option<GlKind>, Vec<Condition>);

fn unreached(list: &str, rules: &[Rule], told: &[String], problems: &mut Problems) {
    let is_whole = |place: &usize| {
        let path = Path::from(list).index(*place).to_string();
        !told.iter().any(|told| told.starts_with(&path))
    };
    for place in (0..rules.len()).filter(is_whole) {
        let Some((kind, conditions)) = rules.get(place) else { continue };
        let takes_all = |(other_kind, other): &Rule| other_kind == kind && covers(other, conditions);
        let mut before = rules.iter().take(place).enumerate().filter(|(place, _)| is_whole(place));
        if let Some((other, _)) = before.find(|(_, other)| takes_all(other)) {
            let message =
                format!("the rule is never reached: {list}[{other}] takes everything that it matches");
            problems.push((Path::from(list).index(place), message));
        }
    }
}

/// A condition: values of which one must hold, or any where there are none.
struct Condition {
    values: Vec<String>,
    /// Whether `*` and `?` stand for other characters.
    is_pattern: bool,
}

fn plain<T: ToString>(values: &[T]) -> Condition {
    Condition { values: values.iter().map(ToString::to_string).collect(), is_pattern: false }
}

fn lower(values: &[String]) -> Condition {
    Condition { values: values.iter().map(|value| value.to_lowercase()).collect(), is_pattern: false }
}

fn of_company(when: &CompanyWhen) -> Vec<Condition> {
    let CompanyWhen { currency, presentment_currency, country, tag, source_name, location } = when;
    vec![
        plain(currency),
        plain(presentment_currency),
        plain(country),
        lower(tag),
        plain(source_name),
        plain(location),
    ]
}

fn of_booking(when: &GlWhen) -> Vec<Condition> {
    let GlWhen { company, country, tag, vendor, product_type, sku, tax_title, fee, fulfillment_center } =
        when;
    vec![
        plain(company),
        plain(country),
        lower(tag),
        plain(vendor),
        plain(product_type),
        Condition { is_pattern: true, ..plain(sku) },
        plain(tax_title),
        plain(fee),
        plain(fulfillment_center),
    ]
}

/// Whether everything that the second conditions let through is let through by the first.
fn covers(first: &[Condition], second: &[Condition]) -> bool {
    first.iter().zip(second).all(|(first, second)| {
        let is_taken =
            |value: &String| first.values.iter().any(|other| takes(other, value, first.is_pattern));
        first.values.is_empty() || (!second.values.is_empty() && second.values.iter().all(is_taken))
    })
}

/// Whether a value takes all that another stands for. A pattern of `*` alone takes another pattern's `*` like any
/// character; a `?` might take a `*` for one character, so it takes nothing but itself.
fn takes(value: &str, other: &str, is_pattern: bool) -> bool {
    let may_compare = !value.contains('?') || !other.contains('*');
    value == other || (is_pattern && may_compare && WildMatch::new(value).matches(other))
}
