//! Other spellings of the same JSON: what a program makes of a body when it reads it and writes it again.

use std::fmt::Write as _;

/// Where a writer of JSON puts blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Nowhere, as JavaScript and Shopify do.
    Compact,
    /// After each comma and colon, as Python does.
    Spaced,
    /// On lines of their own, indented by so many blanks.
    Pretty(usize),
}

/// Which characters of a text a writer of JSON escapes, beyond those that must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// As they were received.
    Kept,
    /// None, as JavaScript does.
    Least,
    /// `&`, `<`, `>` and two line separators, as Rails does.
    Markup,
    /// The slash.
    Slashes,
    /// All that is not ASCII, as Python does.
    NonAscii,
    /// The slash, and all that is not ASCII, as PHP does.
    SlashesAndNonAscii,
}

const LAYOUTS: [Layout; 4] = [Layout::Compact, Layout::Spaced, Layout::Pretty(2), Layout::Pretty(4)];

const ESCAPES: [Escapes; 6] = [
    Escapes::Kept,
    Escapes::Least,
    Escapes::Markup,
    Escapes::Slashes,
    Escapes::NonAscii,
    Escapes::SlashesAndNonAscii,
];

/// Every spelling of a body, with the order of its keys and the digits of its numbers as received; none of a body
/// that is not JSON.
pub(crate) fn respellings(text: &str) -> impl Iterator<Item = (Layout, String)> {
    let tokens = tokens(text).unwrap_or_default();
    let pairs = LAYOUTS.into_iter().flat_map(|layout| ESCAPES.map(|escapes| (layout, escapes)));
    let is_json = !tokens.is_empty();
    pairs.filter(move |_| is_json).map(move |(layout, escapes)| (layout, written(&tokens, layout, escapes)))
}

/// A part of JSON's text that is not white space.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    /// A text with its quotes, and what it says.
    Text(&'a str, String),
    /// One of `{}[],:`.
    Mark(char),
    /// A number, `true`, `false` or `null`.
    Word(&'a str),
}

/// The tokens of a text that is JSON as a whole.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => text_length(rest)?,
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            _ => rest.find([',', ':', '{', '}', '[', ']', ' ', '\t', '\r', '\n']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at_checked(length)?;
        tokens.push(match first {
            '"' => Token::Text(token, serde_json::from_str(token).ok()?),
            '{' | '}' | '[' | ']' | ',' | ':' => Token::Mark(first),
            _ => Token::Word(token),
        });
        rest = after.trim_start();
    }
    Some(tokens)
}

/// How long a text with both its quotes is, in bytes.
fn text_length(rest: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (place, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(place + 1),
            _ => {}
        }
    }
    None
}

fn written(tokens: &[Token<'_>], layout: Layout, escapes: Escapes) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate() {
        let is_after_opening = place > 0 && matches!(tokens[place - 1], Token::Mark('{' | '['));
        match token {
            Token::Mark(mark @ ('}' | ']')) => {
                depth = depth.saturating_sub(1);
                if !is_after_opening {
                    new_line(&mut out, layout, depth);
                }
                out.push(*mark);
                continue;
            }
            Token::Mark(',') => {
                out.push_str(if layout == Layout::Spaced { ", " } else { "," });
                new_line(&mut out, layout, depth);
                continue;
            }
            Token::Mark(':') => {
                out.push_str(if layout == Layout::Compact { ":" } else { ": " });
                continue;
            }
            _ if is_after_opening => new_line(&mut out, layout, depth),
            _ => {}
        }
        match token {
            Token::Mark(mark) => {
                out.push(*mark);
                depth += 1;
            }
            Token::Word(word) => out.push_str(word),
            Token::Text(quoted, text) => write_text(&mut out, quoted, text, escapes),
        }
    }
    out
}

fn new_line(out: &mut String, layout: Layout, depth: usize) {
    if let Layout::Pretty(indent) = layout {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent * depth));
    }
}

fn write_text(out: &mut String, quoted: &str, text: &str, escapes: Escapes) {
    if escapes == Escapes::Kept {
        out.push_str(quoted);
        return;
    }
    let slashes = matches!(escapes, Escapes::Slashes | Escapes::SlashesAndNonAscii);
    let non_ascii = matches!(escapes, Escapes::NonAscii | Escapes::SlashesAndNonAscii);
    let is_markup =
        |c: char| escapes == Escapes::Markup && matches!(c, '&' | '<' | '>' | '\u{2028}' | '\u{2029}');
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '/' if slashes => out.push_str("\\/"),
            c if c < ' ' || is_markup(c) || (non_ascii && !c.is_ascii()) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a text cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"b":[1.50,{},[]],"a":"Zo\u00eb \/ <☕>","c":{"d":null,"e":true}}"#;

    fn spelled(layout: Layout, escapes: Escapes) -> String {
        written(&tokens(BODY).unwrap(), layout, escapes)
    }

    #[test]
    fn order_and_digits_are_kept_and_only_the_spelling_differs() {
        assert_eq!(spelled(Layout::Compact, Escapes::Kept), BODY);
        let cases = [
            (Escapes::Least, r#""Zoë / <☕>""#),
            (Escapes::Markup, r#""Zoë / \u003c☕\u003e""#),
            (Escapes::Slashes, r#""Zoë \/ <☕>""#),
            (Escapes::NonAscii, r#""Zo\u00eb / <\u2615>""#),
            (Escapes::SlashesAndNonAscii, r#""Zo\u00eb \/ <\u2615>""#),
        ];
        for (escapes, text) in cases {
            let expected = format!(r#"{{"b":[1.50,{{}},[]],"a":{text},"c":{{"d":null,"e":true}}}}"#);
            assert_eq!(spelled(Layout::Compact, escapes), expected);
        }
        let spaced = r#"{"b": [1.50, {}, []], "a": "Zo\u00eb \/ <☕>", "c": {"d": null, "e": true}}"#;
        assert_eq!(spelled(Layout::Spaced, Escapes::Kept), spaced);
    }

    #[test]
    fn the_indented_layout_is_that_of_a_common_writer() {
        let sorted = r#"{"a":[1,{"b":[]}],"c":{},"d":"e\"\\"}"#;
        let value: serde_json::Value = serde_json::from_str(sorted).unwrap();
        let pretty = written(&tokens(sorted).unwrap(), Layout::Pretty(2), Escapes::Least);
        assert_eq!(pretty, serde_json::to_string_pretty(&value).unwrap());
        let again = written(&tokens(&pretty).unwrap(), Layout::Compact, Escapes::Kept);
        assert_eq!(again, sorted);
    }

    #[test]
    fn what_is_no_json_has_no_other_spelling() {
        for text in ["", "{", "{\"a\":}", "a", "{} {}", "\"open"] {
            assert_eq!(respellings(text).count(), 0, "{text}");
        }
        assert_eq!(respellings("{}").count(), LAYOUTS.len() * ESCAPES.len());
    }

    proptest::proptest! {
        #[test]
        fn a_respelling_says_the_same(text in ".{0,40}", number in proptest::num::i64::ANY) {
            let value = serde_json::json!({ "text": text, "list": [number, { "key": text }] });
            for (_, spelled) in respellings(&value.to_string()) {
                proptest::prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&spelled).unwrap(), &value);
            }
        }
    }
}
