//! The bulk request of `m3api-rest/v2/execute`, read as strictly as M3 reads it: the server streams the
//! body, so `transactions` must be the last key; every record value must be text.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use crate::master::Record;

/// A bulk request.
#[derive(Debug, Clone)]
pub(crate) struct Bulk {
    pub(crate) program: String,
    pub(crate) company: Option<u32>,
    pub(crate) division: String,
    pub(crate) exclude_empty_values: bool,
    pub(crate) right_trim: bool,
    /// 0: all.
    pub(crate) max_returned_records: usize,
    pub(crate) transactions: Vec<Transaction>,
}

/// One transaction of a bulk request.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Transaction {
    #[serde(rename = "transaction")]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) record: InputRecord,
    #[serde(default)]
    pub(crate) selected_columns: Vec<String>,
}

/// A record in which each field stands once and each value is text.
#[derive(Debug, Clone, Default)]
pub(crate) struct InputRecord(pub(crate) Record);

impl<'de> Deserialize<'de> for InputRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = InputRecord;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object whose values are strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InputRecord, A::Error> {
        let mut record = Record::new();
        while let Some((name, value)) = map.next_entry::<String, String>()? {
            if record.insert(name.clone(), value).is_some() {
                return Err(de::Error::custom(format!("field {name} is given twice")));
            }
        }
        Ok(InputRecord(record))
    }
}

impl<'de> Deserialize<'de> for Bulk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(BulkVisitor)
    }
}

struct BulkVisitor;

impl<'de> Visitor<'de> for BulkVisitor {
    type Value = Bulk;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a bulk request")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Bulk, A::Error> {
        let mut envelope = Envelope::default();
        let mut seen = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if envelope.transactions.is_some() {
                return Err(de::Error::custom(format!(
                    "transactions must be the last key, {key} follows it"
                )));
            }
            if seen.contains(&key) {
                return Err(de::Error::custom(format!("key {key} is given twice")));
            }
            envelope.read(&key, &mut map)?;
            seen.push(key);
        }
        envelope.finish()
    }
}

#[derive(Default)]
struct Envelope {
    program: Option<String>,
    company: Option<u32>,
    division: String,
    exclude_empty_values: bool,
    keep_trailing_blanks: bool,
    max_returned_records: usize,
    transactions: Option<Vec<Transaction>>,
}

impl Envelope {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "program" => self.program = Some(map.next_value()?),
            "cono" => self.company = Some(map.next_value()?),
            "divi" => self.division = map.next_value()?,
            "excludeEmptyValues" => self.exclude_empty_values = map.next_value()?,
            "rightTrim" => self.keep_trailing_blanks = !map.next_value::<bool>()?,
            "maxReturnedRecords" => self.max_returned_records = map.next_value()?,
            "dateFormat" => check_date_format(&map.next_value::<String>()?)?,
            "lanc" | "locale" | "timeZone" => drop(map.next_value::<String>()?),
            "transactions" => self.transactions = Some(map.next_value()?),
            unknown => return Err(de::Error::custom(format!("unknown key {unknown}"))),
        }
        Ok(())
    }

    fn finish<E: de::Error>(self) -> Result<Bulk, E> {
        Ok(Bulk {
            program: self.program.ok_or_else(|| E::missing_field("program"))?,
            transactions: self.transactions.ok_or_else(|| E::missing_field("transactions"))?,
            company: self.company,
            division: self.division,
            exclude_empty_values: self.exclude_empty_values,
            right_trim: !self.keep_trailing_blanks,
            max_returned_records: self.max_returned_records,
        })
    }
}

/// M3's default is the only date format that is simulated.
fn check_date_format<E: de::Error>(format: &str) -> Result<(), E> {
    if format == "YMD8" {
        return Ok(());
    }
    Err(E::custom(format!("date format {format} is not simulated, only YMD8")))
}
