//! The entry of a batch: its head and its lines.

use std::collections::BTreeMap;

use super::{JournalBatch, Stage};
use crate::m3::state::M3;
use crate::m3::{Call, Nok, Outcome};
use crate::master::{LedgerInterface, Record, field, record};

/// `AddBatchHead`: KEY1 is unique, for ever. In a company of several divisions the record must name one.
pub(super) fn add_head(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let division = match input.given("DIVI") {
        Some(division) => division,
        None if m3.has_divisions() => return Err(Nok::generic("DIVI", "Division must be entered")),
        None => m3.master.divisions.first().map_or("", |row| field(row, "DIVI")),
    };
    if !m3.master.divisions.iter().any(|row| field(row, "DIVI") == division) {
        return Err(Nok::generic("DIVI", format!("Division {division} does not exist")));
    }
    let interface = input.get("INTN");
    m3.interface(interface)?;
    let key = input.get("KEY1");
    if m3.journals.batches.contains_key(key) {
        return Err(Nok::generic("KEY1", format!("Key value {key} exists already")));
    }
    let batch = JournalBatch {
        key: key.to_owned(),
        division: division.to_owned(),
        interface: interface.to_owned(),
        description: input.get("DESC").to_owned(),
        stage: Stage::Entered,
        lines: BTreeMap::new(),
        faults: Vec::new(),
        voucher: None,
        pending: None,
    };
    m3.journals.batches.insert(key.to_owned(), batch);
    Ok(company(m3))
}

/// `AddBatchLineFld`: for interfaces of usage type 2. What the fields hold is left to the control.
pub(super) fn add_line_by_field(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let input = &call.input;
    let batch = find(m3, call)?;
    if m3.interface(&batch.interface)?.usage != 2 {
        let text = format!("Interface {} takes lines of fixed positions", batch.interface);
        return Err(Nok::generic("INRI", text));
    }
    let mut fields = input.stored();
    fields.retain(|name, _| !["KEY1", "LINE", "DIVI"].contains(&name.as_str()));
    add_line(m3, call, fields)?;
    Ok(Vec::new())
}

/// `AddBatchLine`: for interfaces of usage type 1. The layout of PARM is set up in GLS850, and here it never is.
pub(super) fn add_line_as_text(m3: &mut M3, call: &Call<'_>) -> Outcome {
    let batch = find(m3, call)?;
    let interface = &batch.interface;
    if m3.interface(interface)?.usage != 1 {
        return Err(Nok::generic("PARM", format!("Interface {interface} takes lines by field")));
    }
    Err(Nok::generic("PARM", format!("Interface {interface} has no record layout (GLS850)")))
}

fn add_line(m3: &mut M3, call: &Call<'_>, fields: Record) -> Result<(), Nok> {
    let text = call.input.get("LINE");
    let number: u32 =
        text.parse().map_err(|_| Nok::generic("LINE", format!("Line number {text} is invalid")))?;
    let batch = find_open(m3, call)?;
    if batch.lines.contains_key(&number) {
        return Err(Nok::generic("LINE", format!("Line number {number} exists already")));
    }
    batch.lines.insert(number, fields);
    batch.stage = Stage::Entered;
    Ok(())
}

/// The batch of the record's KEY1 and division.
pub(super) fn find<'a>(m3: &'a M3, call: &Call<'_>) -> Result<&'a JournalBatch, Nok> {
    let input = &call.input;
    let key = input.get("KEY1");
    let division = input.given("DIVI");
    if division.is_none() && m3.settings.journals.division_everywhere && m3.has_divisions() {
        return Err(Nok::generic("DIVI", "Division must be entered"));
    }
    let batch = m3.journals.batches.get(key);
    let batch = batch.filter(|batch| division.is_none_or(|division| division == batch.division));
    batch.ok_or_else(|| Nok::generic("KEY1", format!("Key value {key} does not exist")))
}

/// The same, if it may still be changed.
pub(super) fn find_open<'a>(m3: &'a mut M3, call: &Call<'_>) -> Result<&'a mut JournalBatch, Nok> {
    let batch = find(m3, call)?;
    let key = batch.key.clone();
    if matches!(batch.stage, Stage::Updating | Stage::Updated) {
        return Err(Nok::generic("KEY1", format!("Key value {key} is updated")));
    }
    let missing = || Nok::generic("KEY1", format!("Key value {key} does not exist"));
    m3.journals.batches.get_mut(&key).ok_or_else(missing)
}

/// The one output of GLS840MI.
pub(super) fn company(m3: &M3) -> Vec<Record> {
    vec![record(&[("CONO", &m3.master.company.to_string())])]
}

impl M3 {
    /// The interface of this name (GLS850).
    pub(super) fn interface(&self, name: &str) -> Result<&LedgerInterface, Nok> {
        let found = self.master.ledger.interfaces.iter().find(|interface| interface.name == name);
        found.ok_or_else(|| Nok::generic("INTN", format!("Interface {name} does not exist")))
    }

    fn has_divisions(&self) -> bool {
        self.master.divisions.len() > 1
    }
}
