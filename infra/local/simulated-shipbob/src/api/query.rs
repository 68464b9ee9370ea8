//! The query of a request as ShipBob reads it: names without regard to case, lists by commas, and neither `%2C` nor
//! `%3A` understood: they stay as they are, so a list is one odd value and a time is no time.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::problem;
use crate::http::HttpResponse;

#[derive(Debug)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
    /// Names that somebody asked for, in small letters.
    read: RefCell<BTreeSet<String>>,
}

impl Query {
    pub(super) fn read(text: &str) -> Self {
        let kept = text.replace("%2C", "%252C").replace("%2c", "%252C");
        let kept = kept.replace("%3A", "%253A").replace("%3a", "%253A");
        let pairs = form_urlencoded::parse(kept.as_bytes()).into_owned().collect();
        Self { pairs, read: RefCell::default() }
    }

    /// Names that are there and that nothing came of.
    pub(super) fn ignored(&self) -> impl Iterator<Item = &str> {
        let read = self.read.borrow().clone();
        let names = self.pairs.iter().map(|(name, _)| name.as_str());
        names.filter(move |name| !read.contains(&name.to_ascii_lowercase()))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.read.borrow_mut().insert(name.to_ascii_lowercase());
        let known = self.pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        known.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The values between commas; none if the parameter is missing.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.text(name).map(|text| text.split(',').map(str::trim).collect())
    }

    pub(super) fn ids(&self, name: &str) -> Result<Option<Vec<u64>>, HttpResponse> {
        let Some(list) = self.list(name) else { return Ok(None) };
        let ids = list.iter().map(|text| text.parse().map_err(|_| invalid(name, text)));
        ids.collect::<Result<_, _>>().map(Some)
    }

    pub(super) fn number(&self, name: &str, default: usize) -> Result<usize, HttpResponse> {
        self.text(name).map_or(Ok(default), |text| text.parse().map_err(|_| invalid(name, text)))
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, HttpResponse> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.to_ascii_lowercase().parse().map(Some).map_err(|_| invalid(name, text))
    }

    /// The times between which something lies.
    pub(super) fn window(&self, from: &str, to: &str) -> Result<Window, HttpResponse> {
        Ok(Window { from: self.time(from)?, to: self.time(to)? })
    }

    fn time(&self, name: &str) -> Result<Option<Timestamp>, HttpResponse> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| invalid(name, text))
    }

    /// The same query with another value of one parameter.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let others = self.pairs.iter().filter(|(key, _)| !key.eq_ignore_ascii_case(name));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(others);
        query.append_pair(name, value);
        // The server's own links must be readable by itself.
        query.finish().replace("%2C", ",").replace("%3A", ":")
    }
}

/// A span of time, both ends in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Window {
    /// Whether a time lies in it. What has no time lies in no window that was asked for.
    pub(super) fn holds(self, time: Option<Timestamp>) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        time.is_some_and(|time| {
            self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time <= to)
        })
    }
}

fn invalid(name: &str, value: &str) -> HttpResponse {
    problem::field(400, name, &format!("The value '{value}' is not valid for {name}."))
}
