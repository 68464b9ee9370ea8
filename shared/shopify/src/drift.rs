//! Drift: fields that Shopify sends and this release does not know, and fields that it knows and Shopify no longer
//! sends. Shopify adds, moves and removes fields with each quarterly version.
//!
//! The fields that are known stand in `drift/fields.txt`, by kinds of objects, which are called shapes here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::LazyLock,
};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::{ParseError, Subject, Topic, parse::read_with, shape::Key};

/// The most paths of a kind that one body adds.
const MOST: usize = 200;
/// The longest path, in characters.
const LONGEST: usize = 100;

/// In what a body differs from what is known of its topic. Paths are such as `line_items[].sku`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drift {
    /// Fields that are there and not known. What is below them is not looked into.
    pub unknown: BTreeSet<String>,
    /// Fields that are missing though the object that holds them is there.
    pub missing: BTreeSet<String>,
}

impl Drift {
    /// Whether the body is as known.
    pub fn is_none(&self) -> bool {
        self.unknown.is_empty() && self.missing.is_empty()
    }

    /// Adds what another body of the same topic and version showed, as far as there is room.
    pub fn add(&mut self, other: Self) {
        for path in other.unknown {
            insert(&mut self.unknown, path);
        }
        for path in other.missing {
            insert(&mut self.missing, path);
        }
    }
}

/// The fields that are known of a topic's bodies in one API version.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// The shape of the body; nothing for a topic that is not worked on.
    shape: Option<&'static Shape>,
    /// The version, such as `2026-10`; nothing where the delivery does not name one.
    version: Option<&'a str>,
}

/// The fields that are known of a topic's bodies in an API version, as the header `X-Shopify-API-Version` names it.
/// Without one, only fields that all versions have can be missing.
pub fn known(topic: Topic, version: Option<&str>) -> Fields<'_> {
    let shape = shape_of(topic.subject()).and_then(|name| SHAPES.get(name));
    Fields { shape, version }
}

impl Fields<'_> {
    /// In what a body differs. Only keys of small letters, digits and `_` that begin with a letter are told, so no
    /// personal data comes in by a key; any other key is told as `_`. Objects whose keys are the merchant's or an
    /// app's, such as `note_attributes` and `properties`, are not looked into.
    pub fn compare(self, body: &[u8]) -> Result<Drift, ParseError> {
        let Some(shape) = self.shape else { return Ok(Drift::default()) };
        let mut walk = Walk { version: self.version, path: String::new(), drift: Drift::default() };
        read_with(body, |json| Below { walk: &mut walk, shape: Some(shape) }.deserialize(json))?;
        Ok(walk.drift)
    }

    /// The paths of all fields that are known, as far as they are not nested deeper than six objects.
    pub fn paths(self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        if let Some(shape) = self.shape {
            collect(shape, "", 6, &mut paths);
        }
        paths
    }
}

fn collect(shape: &Shape, above: &str, depth: usize, paths: &mut BTreeSet<String>) {
    for (name, field) in shape {
        let mut path = above.to_owned();
        join(&mut path, name, field.is_list);
        match field.shape().filter(|_| depth > 0) {
            Some(shape) => collect(shape, &path, depth - 1, paths),
            None => drop(paths.insert(path)),
        }
    }
}

/// The fields of a kind of object, by their names.
type Shape = BTreeMap<&'static str, Field>;

/// What is known of a field.
#[derive(Debug, Default)]
struct Field {
    /// Its place in its shape, below 128.
    place: u32,
    is_list: bool,
    /// The shape of the objects that it holds; none for plain values and for what is not looked into.
    shape: Option<&'static str>,
    is_optional: bool,
    /// The first version whose bodies all have it; none for those that always had it.
    since: Option<&'static str>,
}

impl Field {
    fn shape(&self) -> Option<&'static Shape> {
        self.shape.and_then(|name| SHAPES.get(name))
    }

    fn is_needed(&self, version: Option<&str>) -> bool {
        let is_old_enough = match (self.since, version) {
            (None, _) => true,
            (Some(since), Some(version)) => since <= version,
            (Some(_), None) => false,
        };
        !self.is_optional && is_old_enough
    }
}

static SHAPES: LazyLock<BTreeMap<&str, Shape>> = LazyLock::new(|| {
    let mut shapes: BTreeMap<&str, Shape> = BTreeMap::new();
    let mut shape = "";
    for line in
        include_str!("drift/fields.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => shape = name,
            None => shapes.entry(shape).or_default().extend(line.split_whitespace().map(field)),
        }
    }
    for shape in shapes.values_mut() {
        (0..).zip(shape.values_mut()).for_each(|(place, field)| field.place = place);
    }
    shapes
});

/// Reads `name[]:shape?@since`.
fn field(text: &'static str) -> (&'static str, Field) {
    let (text, since) = text.split_once('@').map_or((text, None), |(text, since)| (text, Some(since)));
    let (text, is_optional) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
    let (text, shape) = text.split_once(':').map_or((text, None), |(text, shape)| (text, Some(shape)));
    let (name, is_list) = text.strip_suffix("[]").map_or((text, false), |text| (text, true));
    (name, Field { place: 0, is_list, shape: shape.filter(|shape| *shape != "*"), is_optional, since })
}

const fn shape_of(subject: Subject) -> Option<&'static str> {
    Some(match subject {
        Subject::Order => "order",
        Subject::OrderEdit => "order_edit_body",
        Subject::OrderDelete => "order_delete",
        Subject::Refund => "refund",
        Subject::Customer => "customer",
        Subject::CustomerDelete => "customer_delete",
        Subject::CustomerMerge => "customer_merge",
        Subject::Company => "company",
        Subject::CompanyLocation => "company_location",
        Subject::CompanyContact => "company_contact",
        Subject::AppUninstalled => "shop",
        Subject::CustomersDataRequest => "privacy_data_request",
        Subject::CustomersRedact => "privacy_customer_redact",
        Subject::ShopRedact => "privacy_shop_redact",
        Subject::DraftOrder => return None,
    })
}

/// A walk through a body.
struct Walk<'a> {
    version: Option<&'a str>,
    /// Where the walk is.
    path: String,
    drift: Drift,
}

impl Walk<'_> {
    /// The path of a field of the object where the walk is.
    fn below(&self, name: &str) -> String {
        let mut path = self.path.clone();
        join(&mut path, name, false);
        path
    }
}

/// What is below the place where a walk is.
struct Below<'w, 'a> {
    walk: &'w mut Walk<'a>,
    /// The shape that objects here have; none for what is not looked into.
    shape: Option<&'static Shape>,
}

impl<'de> DeserializeSeed<'de> for Below<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.shape.is_some() {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_ignored_any(IgnoredAny).map(drop)
        }
    }
}

impl<'de> Visitor<'de> for Below<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some(shape) = self.shape else { return Ok(()) };
        let walk = self.walk;
        // A bit for each field of the shape.
        let mut seen = 0_u128;
        while let Some(Key(key)) = map.next_key()? {
            let Some((name, field)) = shape.get_key_value(&*key) else {
                map.next_value::<IgnoredAny>()?;
                let path = walk.below(told(&key));
                insert(&mut walk.drift.unknown, path);
                continue;
            };
            seen |= 1 << field.place;
            let Some(below) = field.shape() else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let above = walk.path.len();
            join(&mut walk.path, name, field.is_list);
            map.next_value_seed(Below { walk, shape: Some(below) })?;
            walk.path.truncate(above);
        }
        for (name, field) in shape {
            if seen & (1 << field.place) == 0 && field.is_needed(walk.version) {
                let path = walk.below(name);
                insert(&mut walk.drift.missing, path);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Below { walk: self.walk, shape: self.shape })?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// A key, if it is made as Shopify's are: one of digits alone may be somebody's telephone number.
fn told(key: &str) -> &str {
    let is_usual = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let begins = key.bytes().next().is_some_and(|first| first.is_ascii_lowercase());
    if begins && key.bytes().all(is_usual) { key } else { "_" }
}

/// Adds a field to a path.
fn join(path: &mut String, name: &str, is_list: bool) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
    if is_list {
        path.push_str("[]");
    }
}

/// Adds a path as far as it is bounded.
fn insert(paths: &mut BTreeSet<String>, mut path: String) {
    path.truncate(LONGEST);
    if paths.len() < MOST {
        paths.insert(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_that_is_named_is_there_and_used() {
        let mut used: BTreeSet<_> = Topic::all().filter_map(|topic| shape_of(topic.subject())).collect();
        for (name, shape) in &*SHAPES {
            assert!((1..=128).contains(&shape.len()), "{name}: there is a bit for 128 fields");
            for field in shape.values() {
                if let Some(inner) = field.shape {
                    assert!(SHAPES.contains_key(inner), "{inner} in {name}");
                    used.insert(inner);
                }
            }
        }
        assert_eq!(used, SHAPES.keys().copied().collect());
    }

    #[test]
    fn a_field_is_read_with_all_its_marks() {
        let (name, all) = field("lines[]:line?@2024-10");
        assert_eq!((name, all.is_list, all.shape), ("lines", true, Some("line")));
        assert_eq!((all.is_optional, all.since), (true, Some("2024-10")));
        let (name, none) = field("sku");
        assert_eq!(
            (name, none.is_list, none.shape, none.is_optional, none.since),
            ("sku", false, None, false, None)
        );
        assert_eq!(field("receipt:*").1.shape, None);
    }

    #[test]
    fn names_have_only_the_letters_that_are_told() {
        for (name, shape) in &*SHAPES {
            for field in shape.keys() {
                assert_eq!(told(field), *field, "in {name}");
            }
        }
    }
}
