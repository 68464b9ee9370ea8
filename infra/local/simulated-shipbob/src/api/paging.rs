//! The ways in which lists are paged: a bare array with headers, or an object with links.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::problem;
use super::query::Query;
use crate::http::HttpResponse;

/// The most that an array answers at once, and what it answers unasked.
const MOST: usize = 250;
const USUAL: usize = 50;

/// Part of a list.
struct Page<'a, T> {
    items: &'a [T],
    number: usize,
    size: usize,
    count: usize,
}

impl<'a, T> Page<'a, T> {
    fn of(all: &'a [T], number: usize, size: usize) -> Self {
        let start = size.saturating_mul(number - 1).min(all.len());
        let items = &all[start..start.saturating_add(size).min(all.len())];
        Self { items, number, size, count: all.len() }
    }

    fn pages(&self) -> usize {
        self.count.div_ceil(self.size).max(1)
    }

    fn next(&self) -> Option<usize> {
        (self.number < self.pages()).then_some(self.number + 1)
    }

    fn counted(&self, answer: HttpResponse) -> HttpResponse {
        answer
            .with_header("Page-Number", &self.number.to_string())
            .with_header("Page-Size", &self.size.to_string())
            .with_header("Total-Pages", &self.pages().to_string())
            .with_header("Total-Count", &self.count.to_string())
    }

    fn with_links(&self, link: impl Fn(usize) -> String) -> Linked<'a, T> {
        Linked {
            items: self.items,
            first: Some(link(1)),
            last: Some(link(self.pages())),
            next: self.next().map(&link),
            prev: (self.number > 1).then(|| link(self.number - 1)),
        }
    }
}

fn positive(query: &Query, name: &str, default: usize) -> Result<usize, HttpResponse> {
    match query.number(name, default)? {
        0 => Err(problem::field(400, name, &format!("{name} must be greater than 0."))),
        number => Ok(number),
    }
}

/// A bare array with the headers `Page-Number`, `Page-Size`, `Total-Pages`, `Total-Count`, `Next-Page`.
pub(super) fn array<T: Serialize>(
    path: &str,
    query: &Query,
    all: &[T],
) -> Result<HttpResponse, HttpResponse> {
    let (number, size) = (positive(query, "Page", 1)?, positive(query, "Limit", USUAL)?);
    if size > MOST {
        return Err(problem::field(400, "Limit", "Limit must be between 1 and 250."));
    }
    let page = Page::of(all, number, size);
    let next = page.next().map(|next| format!("{path}?{}", query.with("Page", &next.to_string())));
    let answer = page.counted(HttpResponse::json(200, &page.items));
    Ok(match next {
        Some(next) => answer.with_header("Next-Page", &next),
        None => answer,
    })
}

/// An object with links, in which `Cursor` is the number of the page; `size` is the name of the parameter for it.
pub(super) fn linked<T: Serialize>(
    path: &str,
    query: &Query,
    size: &str,
    all: &[T],
) -> Result<HttpResponse, HttpResponse> {
    let (number, size) = (positive(query, "Cursor", 1)?, positive(query, size, USUAL)?);
    let page = Page::of(all, number, size.min(MOST));
    let link = |number: usize| format!("{path}?{}", query.with("Cursor", &number.to_string()));
    Ok(HttpResponse::json(200, &page.with_links(link)))
}

/// The same with the headers of a bare array but `Next-Page`, as returns have it (`OpenAPI`, `GET /return`).
pub(super) fn linked_and_counted<T: Serialize>(
    path: &str,
    query: &Query,
    all: &[T],
) -> Result<HttpResponse, HttpResponse> {
    let (number, size) = (positive(query, "Cursor", 1)?, positive(query, "Limit", USUAL)?.min(MOST));
    Ok(Page::of(all, number, size).counted(linked(path, query, "Limit", all)?))
}

/// The same without links to the first and the last page, as channels and webhooks have it.
pub(super) fn listed<T: Serialize>(
    path: &str,
    query: &Query,
    all: &[T],
) -> Result<HttpResponse, HttpResponse> {
    let (number, size) = (positive(query, "Cursor", 1)?, positive(query, "RecordsPerPage", USUAL)?);
    let page = Page::of(all, number, size.min(MOST));
    let link = |number: usize| format!("{path}?{}", query.with("Cursor", &number.to_string()));
    Ok(HttpResponse::json(200, &Linked { first: None, last: None, ..page.with_links(link) }))
}

#[derive(Serialize)]
struct Linked<'a, T> {
    items: &'a [T],
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
    next: Option<String>,
    prev: Option<String>,
}

/// An object with cursors that say nothing to their reader; they come back in the query.
pub(super) fn opaque<T: Serialize>(
    cursor: Option<&str>,
    size: usize,
    all: &[T],
) -> Result<HttpResponse, HttpResponse> {
    let number = match cursor {
        None => 1,
        Some(text) => read_cursor(text).ok_or_else(|| problem::details(400, "The cursor is not valid."))?,
    };
    let page = Page::of(all, number, size);
    Ok(HttpResponse::json(200, &page.with_links(cursor_of)))
}

/// Base64 with its padding: who does not encode it for the address finds out.
fn cursor_of(number: usize) -> String {
    STANDARD.encode(format!("page>{number:04}"))
}

fn read_cursor(text: &str) -> Option<usize> {
    let decoded = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
    decoded.strip_prefix("page>")?.parse().ok().filter(|number| *number > 0)
}
