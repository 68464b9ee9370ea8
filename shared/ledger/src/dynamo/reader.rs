//! Reading attributes of an item; whatever is not as this program writes it is named.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Digest;
use jiff::Timestamp;
use serde::de::{DeserializeOwned, IntoDeserializer, value::Error as WordError};

use super::Item;
use crate::{
    LedgerError,
    tables::{PARTITION, SORT},
};

/// An item that is being read.
pub(super) struct Reader<'a> {
    item: &'a Item,
    name: String,
}

impl<'a> Reader<'a> {
    /// A reader of an item with the keys of a table.
    pub(super) fn new(item: &'a Item) -> Result<Self, LedgerError> {
        let nameless = Self { item, name: "without a key".to_owned() };
        let name = format!("{} {}", nameless.text(PARTITION)?, nameless.text(SORT)?);
        Ok(Self { item, name })
    }

    /// The error that an attribute is not what it should be.
    pub(super) fn damaged(&self, attribute: &str, problem: impl Into<String>) -> LedgerError {
        let (item, attribute) = (self.name.clone(), attribute.to_owned());
        LedgerError::Damaged { item, attribute, problem: problem.into() }
    }

    fn missing(&self, attribute: &str) -> LedgerError {
        self.damaged(attribute, "it is missing")
    }

    /// A text, if it is there.
    pub(super) fn text_if(&self, attribute: &str) -> Result<Option<&'a str>, LedgerError> {
        let read =
            |value: &'a AttributeValue| value.as_s().map_err(|_| self.damaged(attribute, "not a text"));
        self.item.get(attribute).map(read).transpose().map(|text| text.map(String::as_str))
    }

    /// A text.
    pub(super) fn text(&self, attribute: &str) -> Result<&'a str, LedgerError> {
        self.text_if(attribute)?.ok_or_else(|| self.missing(attribute))
    }

    /// A text that has a meaning, such as a key or a word of an enum.
    pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        attribute: &str,
    ) -> Result<T, LedgerError> {
        self.text(attribute)?.parse().map_err(|error: T::Err| self.damaged(attribute, error.to_string()))
    }

    /// One of the words of an enum, if the attribute is there.
    pub(super) fn parsed_if<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        attribute: &str,
    ) -> Result<Option<T>, LedgerError> {
        self.text_if(attribute)?.is_some().then(|| self.parsed(attribute)).transpose()
    }

    pub(super) fn word_if<T: DeserializeOwned>(&self, attribute: &str) -> Result<Option<T>, LedgerError> {
        self.text_if(attribute)?.map(|_| self.word(attribute)).transpose()
    }

    /// One of the words of an enum.
    pub(super) fn word<T: DeserializeOwned>(&self, attribute: &str) -> Result<T, LedgerError> {
        word(self.text(attribute)?).map_err(|error| self.damaged(attribute, error.to_string()))
    }

    /// A whole number, if it is there.
    pub(super) fn number_if<T: std::str::FromStr>(&self, attribute: &str) -> Result<Option<T>, LedgerError> {
        let Some(value) = self.item.get(attribute) else { return Ok(None) };
        let digits = value.as_n().ok();
        let number = digits.and_then(|digits| digits.parse().ok());
        number.map(Some).ok_or_else(|| self.damaged(attribute, "not a whole number in range"))
    }

    /// A whole number.
    pub(super) fn number<T: std::str::FromStr>(&self, attribute: &str) -> Result<T, LedgerError> {
        self.number_if(attribute)?.ok_or_else(|| self.missing(attribute))
    }

    /// A time in milliseconds, if it is there.
    pub(super) fn time_if(&self, attribute: &str) -> Result<Option<Timestamp>, LedgerError> {
        let read = |milliseconds| {
            Timestamp::from_millisecond(milliseconds)
                .map_err(|error| self.damaged(attribute, error.to_string()))
        };
        self.number_if(attribute)?.map(read).transpose()
    }

    /// A time in milliseconds.
    pub(super) fn time(&self, attribute: &str) -> Result<Timestamp, LedgerError> {
        self.time_if(attribute)?.ok_or_else(|| self.missing(attribute))
    }

    /// A time as an index key has it, if it is there.
    pub(super) fn key_time_if(&self, attribute: &str) -> Result<Option<Timestamp>, LedgerError> {
        self.text_if(attribute)?.map(|_| self.parsed(attribute)).transpose()
    }

    /// Some bytes.
    pub(super) fn bytes(&self, attribute: &str) -> Result<&'a [u8], LedgerError> {
        let value = self.item.get(attribute).ok_or_else(|| self.missing(attribute))?;
        value.as_b().map(AsRef::as_ref).map_err(|_| self.damaged(attribute, "not bytes"))
    }

    /// A digest.
    pub(super) fn digest(&self, attribute: &str) -> Result<Digest, LedgerError> {
        Digest::from_bytes(self.bytes(attribute)?)
            .ok_or_else(|| self.damaged(attribute, "not a digest of 32 bytes"))
    }

    /// A digest, if it is there.
    pub(super) fn digest_if(&self, attribute: &str) -> Result<Option<Digest>, LedgerError> {
        self.item.contains_key(attribute).then(|| self.digest(attribute)).transpose()
    }

    /// A list.
    pub(super) fn list(&self, attribute: &str) -> Result<&'a [AttributeValue], LedgerError> {
        let value = self.item.get(attribute).ok_or_else(|| self.missing(attribute))?;
        value.as_l().map(Vec::as_slice).map_err(|_| self.damaged(attribute, "not a list"))
    }
}

/// The member of an enum that a word stands for.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, WordError> {
    T::deserialize(text.into_deserializer())
}
