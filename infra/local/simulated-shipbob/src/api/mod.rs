//! The API below `/{version}/`: who may ask, how often, and what is answered. It reads the warehouse; of what can be
//! written it knows webhook subscriptions and the sync mark of receiving orders alone.

mod billing;
mod catalogue;
mod limit;
mod orders;
mod paging;
mod problem;
mod query;
mod receiving;
mod returns;
mod webhooks;

use jiff::Timestamp;

pub(crate) use limit::Limit;
use query::Query;

use crate::http::{HttpRequest, HttpResponse};
use crate::simulator::SimulatedShipBob;

/// An answer, or a refusal.
type Answer = Result<HttpResponse, HttpResponse>;

/// One request to an endpoint.
struct Call<'a> {
    version: &'a str,
    /// The path below the version.
    path: &'a str,
    /// The path as it was asked for, for links.
    full: &'a str,
    query: Query,
    body: &'a [u8],
    now: Timestamp,
    /// What its token may do.
    scopes: Vec<String>,
}

impl Call<'_> {
    /// Whether the version asked for is this one or a later one: they are dates.
    fn is_since(&self, version: &str) -> bool {
        self.version >= version
    }
}

/// Whose token a request carries.
struct Caller {
    is_app: bool,
    scopes: Vec<String>,
}

impl Caller {
    fn of(simulator: &SimulatedShipBob, request: &HttpRequest, now: Timestamp) -> Option<Self> {
        let token = request.header_value("authorization")?.strip_prefix("Bearer ")?;
        if token == simulator.credentials.access_token {
            return Some(Self { is_app: false, scopes: simulator.settings.scopes.clone() });
        }
        let scopes = simulator.oauth.scopes(token, now)?;
        Some(Self { is_app: true, scopes: scopes.to_vec() })
    }
}

pub(crate) fn handle(
    simulator: &mut SimulatedShipBob,
    request: &HttpRequest,
    now: Timestamp,
) -> HttpResponse {
    let (full, query) = request.path_and_query();
    let Some((version, path)) = full.trim_start_matches('/').split_once('/') else {
        return HttpResponse::empty(404);
    };
    if !simulator.settings.versions.iter().any(|known| known == version) {
        return HttpResponse::empty(404);
    }
    let now = simulator.clock.at(now);
    let Some(caller) = Caller::of(simulator, request, now) else {
        return HttpResponse::empty(401);
    };
    let left =
        match simulator.limits[usize::from(caller.is_app)].take(simulator.settings.requests_a_minute, now) {
            Ok(left) => left,
            Err(retry_after) => return problem::too_many(retry_after),
        };
    let Caller { scopes, .. } = caller;
    let call = Call { version, path, full, query: Query::read(query), body: &request.body, now, scopes };
    let answer = route(simulator, &request.method, &call).unwrap_or_else(|refusal| refusal);
    if answer.status == 200 {
        // ShipBob takes a name that it does not know and does nothing with it, so only this tells of it.
        let place = format!("{} {}", request.method, path.split('/').next().unwrap_or_default());
        simulator.ignored.extend(call.query.ignored().map(|name| format!("{place}: {name}")));
    }
    answer.with_header("x-remaining-calls", &left.to_string())
}

fn route(simulator: &mut SimulatedShipBob, method: &str, call: &Call<'_>) -> Answer {
    let parts: Vec<&str> = call.path.split('/').collect();
    let scope = |scope: &str| allowed(call, scope);
    match (method, parts.as_slice()) {
        ("GET", ["order"]) => scope("orders_read").and_then(|()| orders::list(simulator, call)),
        ("GET", ["order", id]) => scope("orders_read").and_then(|()| orders::one(simulator, id)),
        ("GET", ["order", id, "shipment"]) => {
            scope("orders_read").and_then(|()| orders::shipments(simulator, id))
        }
        ("GET", ["order", id, "shipment", shipment]) => {
            scope("orders_read").and_then(|()| orders::shipment(simulator, Some(*id), shipment))
        }
        ("GET", ["shipment", id]) => {
            scope("orders_read").and_then(|()| orders::shipment(simulator, None, id))
        }
        ("GET", ["receiving"]) => scope("receiving_read").and_then(|()| receiving::list(simulator, call)),
        ("GET", ["receiving", id]) => scope("receiving_read").and_then(|()| receiving::one(simulator, id)),
        ("GET", ["receiving", id, "boxes"]) => {
            scope("receiving_read").and_then(|()| receiving::boxes(simulator, id))
        }
        ("POST", ["receiving:setExternalSync"]) => {
            scope("receiving_write").and_then(|()| receiving::mark(simulator, call))
        }
        ("GET", ["unidentified-receiving-order"]) if call.is_since("2026-07") => {
            scope("receiving_read").and_then(|()| receiving::unidentified(simulator, call))
        }
        ("GET", ["unidentified-receiving-order", id]) if call.is_since("2026-07") => {
            scope("receiving_read").and_then(|()| receiving::one_unidentified(simulator, id))
        }
        ("GET", ["fulfillment-center"]) => scope("receiving_read").map(|()| catalogue::centres(simulator)),
        ("GET", ["return"]) => scope("returns_read").and_then(|()| returns::list(simulator, call)),
        ("GET", ["return", id]) => scope("returns_read").and_then(|()| returns::one(simulator, id)),
        ("POST", ["transactions:query"]) => {
            scope("billing_read").and_then(|()| billing::transactions(simulator, call))
        }
        ("GET", ["inventory"]) => scope("inventory_read").and_then(|()| catalogue::items(simulator, call)),
        ("GET", ["inventory", id]) => scope("inventory_read").and_then(|()| catalogue::item(simulator, id)),
        ("GET", ["product"]) => scope("products_read").and_then(|()| catalogue::products(simulator, call)),
        ("GET", ["channel"]) => scope("channels_read").and_then(|()| catalogue::channels(simulator, call)),
        ("GET", ["webhook"]) => scope("webhooks_read").and_then(|()| webhooks::list(simulator, call)),
        ("POST", ["webhook"]) => scope("webhooks_write").and_then(|()| webhooks::create(simulator, call)),
        ("DELETE", ["webhook", id]) => scope("webhooks_write").and_then(|()| webhooks::delete(simulator, id)),
        _ => Err(HttpResponse::empty(404)),
    }
}

/// 403 without a body if the token lacks the scope.
fn allowed(call: &Call<'_>, scope: &str) -> Result<(), HttpResponse> {
    let has = call.scopes.iter().any(|known| known == scope);
    has.then_some(()).ok_or_else(|| HttpResponse::empty(403))
}

fn number(text: &str, name: &str) -> Result<u64, HttpResponse> {
    text.parse().map_err(|_| problem::field(400, name, &format!("The value '{text}' is not valid.")))
}

/// Mixes a list up, always in the same way: ShipBob promises no order.
fn mixed<T>(simulator: &SimulatedShipBob, mut list: Vec<T>, id: impl Fn(&T) -> u64) -> Vec<T> {
    if simulator.settings.unsorted {
        list.sort_by_key(|one| id(one).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    }
    list
}
