use domain::SalesOrder;
use proptest::prelude::*;

use super::*;
use crate::m3::{
    Options,
    amend::has::Has,
    samples::{order, order_line},
};

fn has(rows: &[(&str, &str, &str)]) -> Has {
    let line = |(place, (number, item, quantity)): (usize, &(&str, &str, &str))| {
        let place = (place + 1).to_string();
        Row::of(&[
            ("PONR", place.as_str()),
            ("CUPO", number),
            ("ITNO", item),
            ("ORQT", quantity),
            ("SAPR", "10"),
            ("ORST", "22"),
        ])
    };
    let lines = rows.iter().enumerate().map(line).collect();
    Has { head: Row::default(), lines, address: None, text: None, charges: None }
}

fn differing(order: &SalesOrder, has: &Has) -> Vec<String> {
    let options = Options::default();
    let its = Comparison { number: "1", order, before: None, has, options: &options };
    compare(&its).iter().map(Differing::told).collect()
}

fn wanted(lines: &[(&str, &str)]) -> SalesOrder {
    let line = |(number, (item, quantity)): (u32, &(&str, &str))| OrderLine {
        quantity: quantity.parse().unwrap(),
        ..order_line(number, item)
    };
    SalesOrder { lines: (1..).zip(lines).map(line).collect(), ..order(7, &[]) }
}

/// Our numbers are places: a line that was taken out at the source moves all that follow it.
#[test]
fn a_line_that_is_taken_out_changes_no_other() {
    let has = has(&[("1", "A", "1"), ("2", "B", "2"), ("3", "B", "5")]);
    assert_eq!(differing(&wanted(&[("B", "2"), ("B", "5")]), &has), ["line 1: 1 × A was taken out"]);
}

#[test]
fn equal_content_goes_before_equal_number() {
    let has = has(&[("1", "B", "5"), ("2", "B", "2")]);
    assert_eq!(differing(&wanted(&[("B", "2"), ("B", "5")]), &has), [""; 0]);
    let one = differing(&wanted(&[("B", "2"), ("B", "6")]), &has);
    assert_eq!(one, ["line_items[1].quantity: 5 became 6"]);
}

#[test]
fn lines_of_others_and_closed_lines_are_left_alone() {
    let mut has = has(&[("1", "A", "1"), ("", "GIFT", "1"), ("0", "GIFT", "1")]);
    has.lines.push(Row::of(&[("PONR", "9"), ("CUPO", "4"), ("ITNO", "OLD"), ("ORST", "99")]));
    assert_eq!(differing(&wanted(&[("A", "1")]), &has), [""; 0]);
    let four = wanted(&[("A", "1"), ("B", "1"), ("C", "1"), ("D", "1")]);
    let options = Options::default();
    let its = Comparison { number: "1", order: &four, before: None, has: &has, options: &options };
    let numbers: Vec<_> =
        compare(&its).iter().map(|one| one.mend.as_ref().unwrap().record[LINE_NUMBER].clone()).collect();
    assert_eq!(numbers, ["2", "3", "5"], "a closed line had number 4");
}

/// `ChgLineBatchEnt` takes the alternate quantity: where that differs from the basic one, ours cannot be written.
#[test]
fn a_quantity_in_a_unit_that_is_not_ours_needs_a_person() {
    let mut has = has(&[]);
    has.lines.push(Row::of(&[
        ("PONR", "1"),
        ("CUPO", "1"),
        ("ITNO", "A"),
        ("ORQT", "12"),
        ("ORQA", "1"),
        ("ALUN", "BOX"),
        ("SAPR", "10"),
        ("ORST", "22"),
    ]));
    let mut order = wanted(&[("A", "24")]);
    let options = Options::default();
    let mends = |order: &SalesOrder| {
        let its = Comparison { number: "1", order, before: None, has: &has, options: &options };
        compare(&its).into_iter().map(|one| (one.difference.field, one.mend.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(mends(&order), [("line_items[0].quantity".to_owned(), false)]);
    order.lines[0].unit = "BOX".into();
    order.lines[0].quantity = "2".parse().unwrap();
    assert_eq!(mends(&order), [("line_items[0].quantity".to_owned(), true)]);
    order.lines[0].unit = "PAL".into();
    assert_eq!(mends(&order), [("line_items[0].unit".to_owned(), false)]);
}

proptest! {
    /// Whatever is there and whatever is wanted: after the changes nothing differs, and no line is there twice.
    #[test]
    fn what_was_mended_does_not_differ(
        there in prop::collection::vec((0_usize..4, 1_u32..4), 0..8),
        wanted_lines in prop::collection::vec((0_usize..4, 1_u32..4), 0..8),
    ) {
        let item = |at: usize| ["A", "B", "C", "D"][at];
        let rows: Vec<_> = (1..).zip(&there).map(|(n, (at, q))| (n.to_string(), item(*at), q.to_string())).collect();
        let rows: Vec<_> = rows.iter().map(|(n, item, q)| (n.as_str(), *item, q.as_str())).collect();
        let lines: Vec<_> = wanted_lines.iter().map(|(at, q)| (item(*at), q.to_string())).collect();
        let lines: Vec<_> = lines.iter().map(|(item, q)| (*item, q.as_str())).collect();
        let order = wanted(&lines);
        let mut has = has(&rows);
        let options = Options::default();
        let mends: Vec<_> = {
            let its = Comparison { number: "1", order: &order, before: None, has: &has, options: &options };
            compare(&its).into_iter().map(|one| one.mend.unwrap()).collect()
        };
        for mend in mends {
            let number = mend.record.get("PONR").cloned().unwrap_or_default();
            match mend.name {
                "AddLineBatchEnt" => {
                    let place = format!("1{}", mend.record[LINE_NUMBER]);
                    let fields = [
                        ("PONR", place.as_str()), ("CUPO", &mend.record[LINE_NUMBER]), ("ITNO", &mend.record["ITNO"]),
                        ("ORQT", &mend.record["ORQT"]), ("SAPR", "10"), ("ORST", "22"),
                    ];
                    has.lines.push(Row::of(&fields));
                }
                "DelLineBatchEnt" => has.lines.retain(|row| row.get("PONR") != number),
                _ => for row in has.lines.iter_mut().filter(|row| row.get("PONR") == number) {
                    let fields = ["PONR", "CUPO", "ITNO", "SAPR", "ORST"].map(|name| (name, row.get(name).to_owned()));
                    let mut fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    fields.push(("ORQT", &mend.record["ORQA"]));
                    *row = Row::of(&fields);
                },
            }
        }
        prop_assert_eq!(differing(&order, &has), Vec::<String>::new());
        prop_assert_eq!(has.lines.len(), order.lines.len());
    }
}
