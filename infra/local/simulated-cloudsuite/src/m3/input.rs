//! The input record of a transaction, read by field name.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::check::is_number;
use super::nok::Nok;
use crate::master::{Record, field};

/// An input record whose fields the REST layer has checked already.
#[derive(Debug)]
pub(crate) struct Input<'a>(pub(crate) &'a Record);

impl<'a> Input<'a> {
    /// A field without surrounding blanks, "" if it is not given.
    pub(crate) fn get(&self, name: &str) -> &'a str {
        field(self.0, name).trim()
    }

    /// A field that is given and not blank.
    pub(crate) fn given(&self, name: &str) -> Option<&'a str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// A field, or the first of the others that is not blank.
    pub(crate) fn or<'b>(&self, name: &str, others: &[&'b str]) -> &'b str
    where
        'a: 'b,
    {
        let others = others.iter().copied().find(|value| !value.is_empty()).unwrap_or_default();
        self.given(name).unwrap_or(others)
    }

    /// What is stored of the record: everything given, save the company.
    pub(crate) fn stored(&self) -> Record {
        let given = self.0.iter().filter(|(name, value)| *name != "CONO" && !value.trim().is_empty());
        given.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// A text field that must hold a decimal number if it is given.
    pub(crate) fn number(&self, name: &str) -> Result<Option<Decimal>, Nok> {
        let Some(value) = self.given(name) else { return Ok(None) };
        if !is_number(value) {
            return Err(Nok::generic(name, format!("{name} {value} is not a number")));
        }
        Ok(Decimal::from_str(value).ok())
    }

    /// Fields that must hold numbers if they are given.
    pub(crate) fn numbers(&self, names: &[&str]) -> Result<(), Nok> {
        names.iter().try_for_each(|name| self.number(name).map(drop))
    }

    /// Fields that must hold dates (YMD8) if they are given.
    pub(crate) fn dates(&self, names: &[&str]) -> Result<(), Nok> {
        names.iter().try_for_each(|name| match self.given(name) {
            Some(value) if !is_date(value) => {
                Err(Nok::generic(name, format!("{name} {value} is not a date YYYYMMDD")))
            }
            _ => Ok(()),
        })
    }

    /// Refuses inputs whose effect is not simulated, so that nobody takes silence for their being honoured.
    pub(crate) fn refuse(&self, names: &[&str]) -> Result<(), Nok> {
        match names.iter().find(|name| self.given(name).is_some()) {
            Some(name) => Err(Nok::generic(name, format!("{name} is not simulated here"))),
            None => Ok(()),
        }
    }
}

fn is_date(value: &str) -> bool {
    value.len() == 8 && jiff::civil::Date::strptime("%Y%m%d", value).is_ok()
}
