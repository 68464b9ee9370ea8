//! Lists that come in pages, in the four ways that ShipBob knows:
//!
//! - `Page` and `Limit` in the query, a bare array, and headers that tell how many pages there are (orders, receiving);
//! - the same with an object, where the page number is called `Cursor` (returns);
//! - `{items, next}`, where `next` is an address, a path, or a text that goes back as `Cursor`;
//! - the same under `data`, with a number that goes back as `cursor` (inventory history).
//!
//! Pages are not sorted and may repeat what an earlier one had: whoever reads them goes by ids. What is missed because
//! the list changed meanwhile comes with the overlap of the next window.

use std::collections::HashSet;

use domain::Digest;
use remote::HttpAnswer;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{ApiError, Json, ShipBob, answer::TOTAL_PAGES, call::Call, client::parse, query::Query};

/// How many pages a list may have: with the largest pages a quarter of a million orders.
const MOST: u32 = 1_000;

/// How the next page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// By its number, under this name.
    Numbered(&'static str),
    /// By what the page before said, under this name.
    Linked(&'static str),
}

/// A list that is read page by page.
#[derive(Debug)]
pub struct Pages<'a> {
    client: &'a ShipBob,
    call: Call,
    style: Style,
    /// What is asked for next; nothing at the end.
    next: Option<Query>,
    read: u32,
    /// What came already, and what it said came next.
    seen: HashSet<Digest>,
}

/// Where a list goes on: kept by whoever comes back to it later, perhaps in another process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// How many pages were read before it.
    read: u32,
    /// What is asked for there.
    next: String,
}

/// A page with its surroundings.
#[derive(Deserialize)]
struct Framed {
    #[serde(default, alias = "data")]
    items: Option<Vec<Box<RawValue>>>,
    /// A text, a number, or nothing.
    #[serde(default)]
    next: Option<Box<RawValue>>,
}

impl<'a> Pages<'a> {
    /// Pages that are asked for by their number, beginning with 1.
    pub(crate) fn numbered(client: &'a ShipBob, call: Call, name: &'static str) -> Self {
        Self::new(client, call, Style::Numbered(name), Query::default().with(name, &1))
    }

    /// Pages each of which says what comes next, to be sent back under this name.
    pub(crate) fn linked(client: &'a ShipBob, call: Call, name: &'static str) -> Self {
        Self::new(client, call, Style::Linked(name), Query::default())
    }

    fn new(client: &'a ShipBob, call: Call, style: Style, first: Query) -> Self {
        Self { client, call, style, next: Some(first), read: 0, seen: HashSet::new() }
    }

    /// The next page; nothing after the last. A page may be empty. After an error the same page may be asked for again.
    pub async fn next(&mut self, deadline: Instant) -> Result<Option<Vec<Json>>, ApiError> {
        let Some(asked) = self.next.clone() else { return Ok(None) };
        if self.read == MOST {
            return Err(self.incomplete(format!("it has more than {MOST} pages")));
        }
        let call = self.call.clone().query(match self.style {
            Style::Numbered(_) => self.call.query.clone().and(&asked),
            Style::Linked(_) if self.read == 0 => self.call.query.clone(),
            Style::Linked(_) => asked,
        });
        let answer = self.client.call(&call, deadline).await?;
        if answer.status == 404 {
            // Receiving and returns say so instead of an empty list.
            self.next = None;
            return Ok(None);
        }
        let (items, said) = page(&call, &answer)?;
        let next = match self.style {
            Style::Numbered(name) => self.following(name, &answer, items.is_empty()),
            Style::Linked(name) => said.map(|said| self.linked_to(name, &said)).transpose()?,
        };
        self.check(&items, next.as_ref())?;
        self.read += 1;
        self.next = next;
        Ok(Some(items.into_iter().map(Json::new).collect()))
    }

    /// The list from a place on that [`Self::bookmark`] told of the same list. ShipBob may not take an old one any more:
    /// then the next page is [`ApiError::Refused`].
    #[must_use]
    pub fn from(self, bookmark: &Bookmark) -> Self {
        Self { read: bookmark.read, next: Some(Query::of_link(&bookmark.next)), ..self }
    }

    /// Where it goes on; nothing at the end.
    pub fn bookmark(&self) -> Option<Bookmark> {
        let next = self.next.as_ref()?.as_str().to_owned();
        Some(Bookmark { read: self.read, next })
    }

    /// Everything, for lists that are short: places, channels, subscriptions.
    pub async fn all(mut self, deadline: Instant) -> Result<Vec<Json>, ApiError> {
        let mut all = Vec::new();
        while let Some(page) = self.next(deadline).await? {
            all.extend(page);
        }
        Ok(all)
    }

    /// The page after a numbered one. Without the number of all pages, the list ends with an empty page.
    fn following(&self, name: &str, answer: &HttpAnswer, is_empty: bool) -> Option<Query> {
        let page = self.read + 1;
        let last = answer.header(TOTAL_PAGES).and_then(|pages| pages.trim().parse().ok());
        let is_last = is_empty || last.is_some_and(|last: u32| page >= last);
        (!is_last).then(|| Query::default().with(name, &(page + 1)))
    }

    /// The query that leads to the next page. Of an address only the query is taken: where the API is, is not for an
    /// answer to say, or the token would travel there.
    fn linked_to(&self, name: &str, said: &str) -> Result<Query, ApiError> {
        match said.split_once('?') {
            Some((_, query)) => Ok(Query::of_link(query.split('#').next().unwrap_or_default())),
            None if said.contains("://") => {
                Err(self.incomplete("the address of its next page names no page".into()))
            }
            None => Ok(self.call.query.clone().and(&Query::default().opaque(name, said))),
        }
    }

    /// ShipBob has been seen to give the same page for each cursor: that would never end.
    fn check(&mut self, items: &[Box<RawValue>], next: Option<&Query>) -> Result<(), ApiError> {
        let page = (!items.is_empty()).then(|| Digest::of(&joined(items)));
        let link = next.map(|next| Digest::of(next.as_str().as_bytes()));
        let is_known =
            |digest: &Option<Digest>| digest.as_ref().is_some_and(|digest| self.seen.contains(digest));
        if is_known(&page) || is_known(&link) {
            return Err(self.incomplete("the same page came again".into()));
        }
        self.seen.extend(page.into_iter().chain(link));
        Ok(())
    }

    fn incomplete(&self, why: String) -> ApiError {
        ApiError::Incomplete { what: self.call.what, why }
    }
}

/// The values of a page, and what it says comes next.
fn page(call: &Call, answer: &HttpAnswer) -> Result<(Vec<Box<RawValue>>, Option<String>), ApiError> {
    if answer.body.expose().trim_ascii_start().first() == Some(&b'[') {
        return Ok((parse(call, answer)?, None));
    }
    let Framed { items, next } = parse(call, answer)?;
    let next = next.map(|next| next.get().to_owned());
    let next = next.map(|next| serde_json::from_str::<String>(&next).unwrap_or(next));
    Ok((items.unwrap_or_default(), next.filter(|next| !next.is_empty())))
}

fn joined(items: &[Box<RawValue>]) -> Vec<u8> {
    items.iter().flat_map(|item| item.get().bytes().chain([b'\n'])).collect()
}
