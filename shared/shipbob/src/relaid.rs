//! Other layouts of the same JSON: what a program makes of a body when it reads it and writes it again.

/// Where a writer of JSON puts blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Nowhere, as .NET and JavaScript do.
    Compact,
    /// After each comma and colon, as Python does.
    Spaced,
    /// On lines of their own, indented by so many blanks.
    Pretty(usize),
}

/// A body in the layouts that are usual. Texts and numbers stay letter by letter.
pub(crate) fn layouts(text: &str) -> impl Iterator<Item = String> {
    [Layout::Compact, Layout::Spaced, Layout::Pretty(2), Layout::Pretty(4)]
        .into_iter()
        .map(|layout| laid(text, layout))
}

fn laid(text: &str, layout: Layout) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let (mut is_text, mut is_escaped) = (false, false);
    for letter in text.chars() {
        if is_text {
            out.push(letter);
            is_text = is_escaped || letter != '"';
            is_escaped = letter == '\\' && !is_escaped;
            continue;
        }
        match letter {
            ' ' | '\t' | '\r' | '\n' => {}
            '{' | '[' => {
                depth += 1;
                out.push(letter);
                new_line(&mut out, layout, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if out.trim_end().ends_with(['{', '[']) {
                    out.truncate(out.trim_end().len());
                } else {
                    new_line(&mut out, layout, depth);
                }
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                if layout == Layout::Spaced {
                    out.push(' ');
                }
                new_line(&mut out, layout, depth);
            }
            ':' => out.push_str(if layout == Layout::Compact { ":" } else { ": " }),
            _ => {
                is_text = letter == '"';
                out.push(letter);
            }
        }
    }
    out
}

fn new_line(out: &mut String, layout: Layout, depth: usize) {
    if let Layout::Pretty(indent) = layout {
        out.push('\n');
        // A body that is nothing but brackets must not grow beyond measure.
        out.extend(std::iter::repeat_n(' ', indent * depth.min(128)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the writers that the layouts are named after.
    #[test]
    fn the_layouts_are_those_of_known_writers() {
        let value = serde_json::json!({"a": [1, {"b": "x: \"{,\\"}], "c": {}, "d": [], "e": null});
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let all: Vec<_> = layouts(&pretty).collect();
        assert_eq!(all[0], value.to_string());
        assert_eq!(all[1], r#"{"a": [1, {"b": "x: \"{,\\"}], "c": {}, "d": [], "e": null}"#);
        assert_eq!(all[2], pretty);
        assert_eq!(layouts(&all[0]).collect::<Vec<_>>(), all);
    }
}
