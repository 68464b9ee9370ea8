//! Pages of a connection: `first`, an opaque cursor, `reverse`. A cursor names the last item by its place in the
//! order, so an item that moves meanwhile is seen twice or not at all, as in Shopify.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The place of an item: what it is sorted by, and its id.
pub(super) type Place = (String, u64);

/// Arguments of a connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Paging {
    pub(super) first: usize,
    pub(super) after: Option<Place>,
    pub(super) reverse: bool,
}

impl Paging {
    /// Reads the arguments; `first` was checked before.
    ///
    /// # Errors
    /// The cursor is none of ours.
    pub(super) fn read(first: Option<i64>, after: Option<&str>, reverse: bool) -> Result<Self, String> {
        let after = after.map(|cursor| place(cursor).ok_or("Invalid cursor for current pagination sort."));
        let after = after.transpose()?;
        Ok(Self { first: first.and_then(|first| first.try_into().ok()).unwrap_or(0), after, reverse })
    }

    /// One page of the items as a connection. `shape` is asked for the items of the page only.
    pub(super) fn page<T>(&self, mut items: Vec<(Place, T)>, shape: impl Fn(&T) -> Value) -> Value {
        items.sort_by(|(left, _), (right, _)| left.cmp(right));
        if self.reverse {
            items.reverse();
        }
        let passed = |place: &Place| match &self.after {
            None => false,
            Some(last) if self.reverse => place >= last,
            Some(last) => place <= last,
        };
        let before = items.iter().take_while(|(place, _)| passed(place)).count();
        let page: Vec<_> = items.iter().skip(before).take(self.first).collect();
        let edges = page.iter().map(|(place, item)| json!({ "cursor": cursor(place), "node": shape(item) }));
        json!({
            "edges": edges.collect::<Value>(),
            "pageInfo": {
                "hasNextPage": before + page.len() < items.len(),
                "hasPreviousPage": before > 0,
                "startCursor": page.first().map(|(place, _)| cursor(place)),
                "endCursor": page.last().map(|(place, _)| cursor(place)),
            },
        })
    }
}

fn cursor((value, id): &Place) -> String {
    STANDARD.encode(json!({ "last_id": id, "last_value": value }).to_string())
}

fn place(cursor: &str) -> Option<Place> {
    let value: Value = serde_json::from_slice(&STANDARD.decode(cursor).ok()?).ok()?;
    Some((value["last_value"].as_str()?.to_owned(), value["last_id"].as_u64()?))
}
