//! Words from lists that are open: ShipBob adds some from version to version, and its own documents disagree.

/// Makes an enum of the words that are known, which keeps any other word as it was sent.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal $(| $other:literal)*),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A word that is not known, as it was sent, cut to a bounded length.
            Other(String),
        }

        impl $name {
            /// The word as ShipBob's specification spells it, or as it was sent.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(word) => word,
                }
            }

            /// The word of a text; case, blanks and hyphens do not matter.
            fn of(text: &str) -> Self {
                let word = $crate::word::plain(text);
                $(if [$text $(, $other)*].iter().any(|known| $crate::word::plain(known) == word) {
                    return Self::$variant;
                })*
                Self::Other($crate::word::short(text))
            }

            /// The word of a field; nothing where it is null or empty.
            pub(crate) fn read<'de, D>(deserializer: D) -> Result<Option<Self>, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                Ok($crate::wire::text(deserializer)?.map(|text| Self::of(&text)))
            }
        }
    };
}

pub(crate) use words;

/// The longest word that is kept.
const LONGEST: usize = 64;

/// A word without what differs from source to source: `Awaiting Arrival`, `AwaitingArrival`, `awaiting_arrival`.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A word that is not known, no longer than is of use.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the words of the crate are public, and so are these")]
mod tests {
    use serde::Deserialize;

    words! {
        /// A sample.
        Sample { /** One. */ AwaitingArrival = "Awaiting Arrival", /** Two. */ Rts = "RTS" | "ReturnToSender" }
    }

    #[derive(Deserialize)]
    struct Holder {
        #[serde(default, deserialize_with = "Sample::read")]
        word: Option<Sample>,
    }

    fn read(json: &str) -> Option<Sample> {
        serde_json::from_str::<Holder>(json).unwrap().word
    }

    #[test]
    fn one_word_has_several_spellings() {
        for text in ["Awaiting Arrival", "AwaitingArrival", "awaiting_arrival", " AWAITING-ARRIVAL "] {
            assert_eq!(read(&format!(r#"{{"word":"{text}"}}"#)), Some(Sample::AwaitingArrival), "{text}");
        }
        assert_eq!(read(r#"{"word":"returnToSender"}"#), Some(Sample::Rts));
    }

    #[test]
    fn an_unknown_word_is_kept_and_none_is_none() {
        assert_eq!(read(r#"{"word":"Teleported"}"#).unwrap().as_str(), "Teleported");
        assert_eq!(read(&format!(r#"{{"word":"{}"}}"#, "é".repeat(99))).unwrap().as_str(), "é".repeat(64));
        for json in ["{}", r#"{"word":null}"#, r#"{"word":""}"#] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
