//! JSON whose numbers keep their letters: a tax rate must not pass through a float.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;

/// The deepest nesting that is read; the deepest query here has ten levels.
const DEEPEST: usize = 32;

/// A JSON value. It holds personal data, so it is not printed.
#[derive(Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    /// By its letters.
    Number(String),
    Text(String),
    List(Vec<Tree>),
    Object(BTreeMap<String, Tree>),
}

impl Tree {
    /// Reads JSON; nothing if it is none or is nested too deeply.
    pub(crate) fn parse(json: &str) -> Option<Self> {
        Self::parse_to(json, DEEPEST)
    }

    fn parse_to(json: &str, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let json = json.trim();
        match json.bytes().next()? {
            b'{' => {
                let fields: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
                let parsed =
                    fields.into_iter().map(|(key, raw)| Some((key, Self::parse_to(raw.get(), depth)?)));
                parsed.collect::<Option<_>>().map(Self::Object)
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
                items
                    .into_iter()
                    .map(|raw| Self::parse_to(raw.get(), depth))
                    .collect::<Option<_>>()
                    .map(Self::List)
            }
            b'"' => serde_json::from_str(json).ok().map(Self::Text),
            b'-' | b'0'..=b'9' => {
                serde_json::from_str::<&RawValue>(json).ok().map(|raw| Self::Number(raw.get().to_owned()))
            }
            _ if json == "null" => Some(Self::Null),
            _ => serde_json::from_str(json).ok().map(Self::Bool),
        }
    }

    /// What stands at a path of keys joined by dots: nothing if a key is missing, null if null stands on the way.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |tree, key| match tree {
            Self::Object(fields) => fields.get(key),
            Self::Null => Some(tree),
            _ => None,
        })
    }

    /// What stands at a path, to be changed.
    pub(crate) fn at_mut(&mut self, path: &str) -> Option<&mut Self> {
        path.split('.').try_fold(self, |tree, key| match tree {
            Self::Object(fields) => fields.get_mut(key),
            _ => None,
        })
    }

    /// The text at a path.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        match self.at(path)? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The list at a path; empty if there is none.
    pub(crate) fn list(&self, path: &str) -> &[Self] {
        match self.at(path) {
            Some(Self::List(items)) => items,
            _ => &[],
        }
    }

    /// Whether `true` stands at a path.
    pub(crate) fn is_true(&self, path: &str) -> bool {
        self.at(path) == Some(&Self::Bool(true))
    }

    /// Puts a value under a key, if this is an object.
    pub(crate) fn set(&mut self, key: &str, value: Self) {
        if let Self::Object(fields) = self {
            fields.insert(key.to_owned(), value);
        }
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(letters) => {
                RawValue::from_string(letters.clone()).map_err(S::Error::custom)?.serialize(serializer)
            }
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(fields) => serializer.collect_map(fields),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_every_letter() {
        let json = r#"{"a":0.0725,"b":[1e-7,-3,820982911946154508,1.10],"c":null,"d":true,"e":"é\n"}"#;
        assert_eq!(serde_json::to_string(&Tree::parse(json).unwrap()).unwrap(), json);
    }

    #[test]
    fn a_path_tells_a_missing_key_from_null() {
        let tree = Tree::parse(r#"{"a":{"b":null,"c":"x"}}"#).unwrap();
        assert!(tree.at("a.d").is_none() && tree.at("z").is_none() && tree.at("a.c.d").is_none());
        assert!(tree.at("a.b.c") == Some(&Tree::Null));
        assert_eq!(tree.text("a.c"), Some("x"));
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Tree::parse(&nested(DEEPEST)).is_some());
        assert!(Tree::parse(&nested(DEEPEST + 1)).is_none());
        assert!(Tree::parse(&nested(100_000)).is_none());
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in ".{0,60}") {
            let _ = Tree::parse(&text);
        }
    }
}
