use proptest::prelude::*;

use super::*;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Sample {
    #[serde(deserialize_with = "decimal")]
    amount: Option<Decimal>,
    #[serde(deserialize_with = "time")]
    at: Option<Timestamp>,
    #[serde(deserialize_with = "date")]
    day: Option<Date>,
    #[serde(deserialize_with = "optional_whole")]
    id: Option<u64>,
    #[serde(deserialize_with = "loose_text")]
    reference: Option<String>,
    #[serde(deserialize_with = "text")]
    name: Option<String>,
}

fn read(json: &str) -> Result<Sample, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn a_number_keeps_every_digit() {
    for (json, expected) in [
        ("195.66", "195.66"),
        ("6.580", "6.580"),
        ("-200.0", "-200.0"),
        ("\"8.10\"", "8.10"),
        ("1e3", "1000"),
        ("1.5E-05", "0.000015"),
        ("1E+16", "10000000000000000"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("0e28", "0"),
    ] {
        let amount = read(&format!(r#"{{"amount":{json}}}"#)).unwrap().amount.unwrap();
        assert_eq!(amount.to_string(), expected, "{json}");
    }
}

#[test]
fn a_number_that_would_lose_digits_is_refused_without_being_shown() {
    for json in ["0.12345678901234567890123456789", "1e29", "1.5e-28", "1e400", "true", "[]", "\"4,20\""] {
        let error = read(&format!(r#"{{"amount":{json}}}"#)).unwrap_err();
        assert!(error.contains("expected a decimal number") && !error.contains("4,20"), "{json}: {error}");
    }
}

#[test]
fn times_with_none_to_seven_digits_of_a_second_are_the_same_instants() {
    for (text, expected) in [
        ("2025-02-19T00:23:05.85+00:00", "2025-02-19T00:23:05.85Z"),
        ("2025-02-19T17:31:49.9443975+00:00", "2025-02-19T17:31:49.9443975Z"),
        ("2025-02-19T00:22:31.9966667", "2025-02-19T00:22:31.9966667Z"),
        ("2025-02-19T01:00:00+01:00", "2025-02-19T00:00:00Z"),
        ("2025-02-19T00:00:00Z", "2025-02-19T00:00:00Z"),
        ("2025-02-19", "2025-02-19T00:00:00Z"),
        (" 2025-02-19 00:00:00Z ", "2025-02-19T00:00:00Z"),
    ] {
        let at = read(&format!(r#"{{"at":"{text}"}}"#)).unwrap().at.unwrap();
        assert_eq!(at.to_string(), expected, "{text}");
    }
}

#[test]
fn a_day_is_the_one_that_is_written() {
    for text in
        ["2026-06-30", "2026-06-30T00:00:00Z", "2026-06-30T23:30:00-07:00", "2026-06-30T00:00:00.0000000"]
    {
        let day = read(&format!(r#"{{"day":"{text}"}}"#)).unwrap().day.unwrap();
        assert_eq!(day.to_string(), "2026-06-30", "{text}");
    }
}

#[test]
fn the_year_1_and_the_empty_text_stand_for_nothing() {
    for text in ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "", " "] {
        let json = format!(r#"{{"at":"{text}","day":"{text}"}}"#);
        assert_eq!(read(&json), Ok(Sample::default()), "{text}");
    }
    assert_eq!(read(r#"{"amount":"","name":" ","reference":""}"#), Ok(Sample::default()));
}

#[test]
fn what_is_no_time_is_refused_without_being_shown() {
    for text in ["yesterday", "2026-13-01", "20:15", "1755884852"] {
        for key in ["at", "day"] {
            let error = read(&format!(r#"{{"{key}":"{text}"}}"#)).unwrap_err();
            assert!(error.contains("expected a time") && !error.contains(text), "{error}");
        }
    }
}

#[test]
fn null_is_the_same_as_a_missing_key() {
    let json = r#"{"amount":null,"at":null,"day":null,"id":null,"reference":null,"name":null,"more":1}"#;
    assert_eq!(read(json), Ok(Sample::default()));
}

#[test]
fn references_and_ids_come_as_texts_and_as_numbers() {
    let sample = read(r#"{"id":"8588331","reference":310571505,"name":" A "}"#).unwrap();
    assert_eq!((sample.id, sample.reference.as_deref()), (Some(8_588_331), Some("310571505")));
    assert_eq!(sample.name.as_deref(), Some("A"));
    for json in [r#"{"id":"+1"}"#, r#"{"id":-1}"#, r#"{"id":1.5}"#, r#"{"reference":true}"#] {
        assert!(read(json).is_err(), "{json}");
    }
}

proptest! {
    #[test]
    fn any_decimal_is_read_as_it_was_written(mantissa in any::<i64>(), scale in 0..=18u32) {
        let written = Decimal::new(mantissa, scale);
        prop_assert_eq!(exact(&written.to_string()), Some(written));
        let with_exponent = format!("{mantissa}e-{scale}");
        prop_assert_eq!(exact(&with_exponent), Some(written));
    }

    #[test]
    fn no_letters_are_a_panic(letters in "[-+0-9.eE]{0,40}") {
        let read = exact(&letters);
        prop_assert!(read.is_none() || letters.bytes().any(|byte| byte.is_ascii_digit()));
    }
}
