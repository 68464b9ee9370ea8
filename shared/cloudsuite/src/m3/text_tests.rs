use super::*;

/// Published trap: a town of more than 20 characters broke the creation of orders.
#[test]
fn texts_are_cut_to_the_field_by_characters_not_bytes() {
    assert_eq!(cut("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", 20).len(), 20);
    assert_eq!(cut("ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ", 20).chars().count(), 20);
    assert_eq!(chunks(&"x".repeat(80), 36), ["x".repeat(36), "x".repeat(36), "x".repeat(8)]);
    assert_eq!(chunks("  ", 36), Vec::<String>::new());
}

#[test]
fn streets_fill_four_lines_however_they_were_written() {
    let lines = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    assert_eq!(streets(&lines(&["a", "b"])), ["a", "b"]);
    let many = lines(&["1 Long Building Name Court", "2 Street", "3 Hall", "4 Floor", "5 Door"]);
    assert_eq!(streets(&many), ["1 Long Building Name Court, 2", "Street, 3 Hall, 4 Floor, 5 Door"]);
    let words = "abcdefghijklmnopqrs ".repeat(7);
    let broken = streets(&[words.trim().to_owned()]);
    assert!(broken.len() <= LINES && broken.iter().all(|line| line.chars().count() <= LINE), "{broken:?}");
}

#[test]
fn days_are_read_as_they_are_written() {
    let date: Date = "2026-11-20".parse().unwrap();
    assert_eq!(read_day(&day(date)), Ok(Some(date)));
    assert_eq!((read_day(""), read_day("0"), read_day("00000000")), (Ok(None), Ok(None), Ok(None)));
    for text in ["20261320", "2026-11-20", "soon"] {
        assert!(read_day(text).is_err(), "{text}");
    }
}

#[test]
fn an_accounting_string_has_seven_places() {
    let accounts = [(1, "4000".to_owned()), (7, "A".to_owned()), (8, "lost".to_owned())].into();
    let fields: Vec<_> = account_fields(&accounts).collect();
    assert_eq!(fields, [("AIT1", "4000".to_owned()), ("AIT7", "A".to_owned())]);
}
