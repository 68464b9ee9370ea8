//! A ShipBob of a few lists: it filters and pages as far as reading them asks for it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
    time::Duration,
};

use async_trait::async_trait;
use domain::Private;
use jiff::Timestamp;
use remote::{Broken, HttpAnswer, Request, Transport};

/// An object, and the times and the state that ShipBob filters by.
#[derive(Clone, Default)]
pub(crate) struct Listed {
    pub(crate) json: String,
    pub(crate) inserted: Option<Timestamp>,
    pub(crate) updated: Option<Timestamp>,
    pub(crate) completed: Option<Timestamp>,
    pub(crate) status: String,
}

#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) orders: BTreeMap<u64, Listed>,
    pub(crate) receipts: BTreeMap<u64, Listed>,
    pub(crate) boxes: BTreeMap<u64, String>,
    pub(crate) returns: BTreeMap<u64, Listed>,
    pub(crate) fees: Vec<String>,
    /// How many objects a page has; all of them if it is 0.
    pub(crate) page_size: usize,
    /// Lists are in no order, and each page begins with the last object of the one before.
    pub(crate) is_untidy: bool,
    /// What is answered instead, by the beginning of the path.
    pub(crate) refusals: HashMap<&'static str, (u16, &'static str)>,
    /// After how many requests no more is answered.
    pub(crate) answers_left: Option<usize>,
    /// Paths and queries that were asked for.
    pub(crate) asked: Vec<String>,
}

#[derive(Default)]
pub(crate) struct FakeShipBob(pub(crate) Mutex<Shelf>);

#[async_trait]
impl Transport for FakeShipBob {
    async fn send(&self, request: Request) -> Result<HttpAnswer, Broken> {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let answer = self.0.lock().unwrap().answer(&request);
        match answer {
            Some(answer) => Ok(answer),
            None => std::future::pending().await,
        }
    }
}

impl Shelf {
    fn answer(&mut self, request: &Request) -> Option<HttpAnswer> {
        let path = request.url.path().trim_start_matches("/2026-01").to_owned();
        let query: HashMap<String, String> = request.url.query_pairs().into_owned().collect();
        self.asked.push(format!("{path}?{}", request.url.query().unwrap_or_default()));
        match &mut self.answers_left {
            Some(0) => return None,
            Some(left) => *left -= 1,
            None => {}
        }
        if let Some((_, (status, body))) = self.refusals.iter().find(|(start, _)| path.starts_with(**start)) {
            return Some(answer(*status, None, (*body).to_owned()));
        }
        let since = |name: &str| query.get(name).map(|time| time.parse::<Timestamp>().unwrap());
        let statuses = query.get("Statuses").map(|statuses| statuses.split(',').collect::<Vec<_>>());
        let keeps = |listed: &&Listed| {
            let is_in = |name, time: Option<Timestamp>| since(name).is_none_or(|since| time >= Some(since));
            is_in("StartDate", listed.inserted)
                && is_in("InsertStartDate", listed.inserted)
                && is_in("LastUpdateStartDate", listed.updated)
                && is_in("CompletedStartDate", listed.completed)
                && statuses.as_ref().is_none_or(|statuses| statuses.contains(&listed.status.as_str()))
        };
        let filtered = |listed: &BTreeMap<u64, Listed>| {
            let kept = listed.values().filter(keeps);
            kept.map(|listed| listed.json.clone()).collect::<Vec<_>>()
        };
        let number = |name| query.get(name).map_or(1, |number: &String| number.parse().unwrap());
        Some(match path.as_str() {
            "/order" => self.page(filtered(&self.orders), number("Page")),
            "/receiving" => self.page(filtered(&self.receipts), number("Page")),
            "/return" => self.page(filtered(&self.returns), number("Cursor")),
            "/transactions:query" => {
                let page: usize = number("Cursor");
                let (items, pages) = self.cut(self.fees.clone(), page);
                let next = if page < pages { format!("\"{}\"", page + 1) } else { "null".to_owned() };
                answer(200, None, format!(r#"{{"items":[{}],"next":{next}}}"#, items.join(",")))
            }
            path => {
                let id = path.trim_start_matches("/receiving/").trim_end_matches("/boxes");
                match self.boxes.get(&id.parse().unwrap()) {
                    Some(boxes) => answer(200, None, boxes.clone()),
                    None => answer(404, None, String::new()),
                }
            }
        })
    }

    fn page(&self, items: Vec<String>, page: usize) -> HttpAnswer {
        let (items, pages) = self.cut(items, page);
        answer(200, Some(pages), format!("[{}]", items.join(",")))
    }

    fn cut(&self, mut items: Vec<String>, page: usize) -> (Vec<String>, usize) {
        if self.is_untidy {
            items.sort_by_key(|item| domain::Digest::of(item.as_bytes()).to_string());
        }
        let size = if self.page_size == 0 { items.len().max(1) } else { self.page_size };
        let pages = items.len().div_ceil(size).max(1);
        let repeated = usize::from(self.is_untidy);
        let first = ((page - 1) * size).saturating_sub(repeated).min(items.len());
        let last = (page * size).min(items.len());
        (items[first..last].to_vec(), pages)
    }
}

fn answer(status: u16, pages: Option<usize>, body: String) -> HttpAnswer {
    let headers = pages.map(|pages| ("total-pages", pages.to_string())).into_iter().collect();
    HttpAnswer { status, headers, body: Private::new(body.into_bytes()) }
}
