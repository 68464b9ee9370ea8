//! The table at the end of a run: each sample on a line.

use std::fmt::Write;

use crate::Played;

const HEADS: [&str; 5] = ["sample", "HTTP", "state", "number", "as expected"];

/// The results as a table for people.
pub fn table(played: &[Played]) -> String {
    let mut rows = vec![HEADS.map(str::to_owned)];
    rows.extend(played.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // Writing to a string cannot fail.
            let _ = write!(line, "{cell:<width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn row(played: &Played) -> [String; 5] {
    let verdict =
        if played.differences.is_empty() { "yes".to_owned() } else { played.differences.join("; ") };
    let state = played.state.clone().unwrap_or_else(|| "-".to_owned());
    let state =
        if played.findings.is_empty() { state } else { format!("{state} ({})", played.findings.join(", ")) };
    [played.name.clone(), played.http.to_string(), state, played.number.clone().unwrap_or_default(), verdict]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_differs() {
        let one = Played {
            name: "orders-create-plain".to_owned(),
            http: 200,
            state: Some("confirmed".to_owned()),
            number: Some("0010000001".to_owned()),
            findings: Vec::new(),
            differences: Vec::new(),
        };
        let other = Played { differences: vec!["state: differs".to_owned()], number: None, ..one.clone() };
        assert_eq!(
            table(&[one, other]),
            "sample               HTTP  state      number      as expected\n\
             orders-create-plain  200   confirmed  0010000001  yes\n\
             orders-create-plain  200   confirmed              state: differs\n"
        );
    }
}
