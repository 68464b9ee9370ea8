//! The root fields: queries and mutations of the Admin API over the shop and the app's subscriptions.

use std::borrow::Cow;
use std::cell::RefCell;

use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::{JsonMap, JsonValue};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::order::{self, Asked};
use super::paging::Place;
use super::refunds;
use super::resolve::{access_denied, bad_request, coded, paging, resolved};
use super::search::Query;
use super::shapes::{id_in, items};
use super::subscriptions;
use crate::settings::Settings;
use crate::shop::{Shop, id_of, time_of};
use crate::webhooks::Subscriptions;

/// Without `read_all_orders` only orders of the last so many days are visible.
const VISIBLE_DAYS: i64 = 60;

/// What the root fields work on.
pub(super) struct Api<'a> {
    pub(super) shop: &'a Shop,
    pub(super) subscriptions: &'a mut Subscriptions,
    pub(super) settings: &'a Settings,
    pub(super) scopes: &'a [String],
    pub(super) now: Timestamp,
    /// Which of the long lists of an order the field that is answered asks for.
    pub(super) asked: Asked,
}

/// The root object of a query or a mutation.
pub(super) struct Root<'a> {
    pub(super) kind: String,
    pub(super) api: RefCell<Api<'a>>,
}

impl ObjectValue for Root<'_> {
    fn type_name(&self) -> &str {
        &self.kind
    }

    fn resolve_field<'b>(&'b self, info: &'b ResolveInfo<'b>) -> Result<ResolvedValue<'b>, FieldError> {
        let arguments = info.arguments();
        let asks =
            |name| info.field_selections().iter().any(|field| asks_for(&field.selection_set, name, info));
        let mut api = self.api.borrow_mut();
        api.asked = Asked { lines: asks("lineItems"), refunds: asks("refunds") };
        let value = api.field(info.field_name(), arguments);
        let value = value.ok_or_else(|| self.unknown_field_error(info))??;
        // What was paged here is no list any more.
        resolved(Cow::Owned(value), &info.field_definition().ty, arguments)
    }
}

/// Whether a field of this name is asked for anywhere below.
fn asks_for(set: &SelectionSet, name: &str, info: &ResolveInfo<'_>) -> bool {
    set.selections.iter().any(|selection| match selection {
        Selection::Field(field) => field.name == name || asks_for(&field.selection_set, name, info),
        Selection::InlineFragment(fragment) => asks_for(&fragment.selection_set, name, info),
        Selection::FragmentSpread(spread) => spread
            .fragment_def(info.document())
            .is_some_and(|fragment| asks_for(&fragment.selection_set, name, info)),
    })
}

pub(super) fn text<'a>(arguments: &'a JsonMap, name: &str) -> Option<&'a str> {
    arguments.get(name).and_then(JsonValue::as_str)
}

impl Api<'_> {
    fn field(&mut self, name: &str, arguments: &JsonMap) -> Option<Result<Value, FieldError>> {
        let id = text(arguments, "id").unwrap_or_default();
        Some(match name {
            "shop" => Ok(self.shop()),
            "order" => self.order(id),
            "refund" => self.refund(id),
            "orders" => self.orders(arguments),
            "ordersCount" => self.found(arguments).map(|found| count(found.len(), arguments)),
            "node" => self.node(id),
            "nodes" => self.nodes(arguments),
            "customer" => self.other("customer", "Customer", id),
            "company" => self.other("company", "Company", id),
            "companyLocation" => self.other("companyLocation", "CompanyLocation", id),
            "currentAppInstallation" => Ok(self.installation()),
            "publicApiVersions" => Ok(self.versions()),
            name => return subscriptions::field(self, name, arguments),
        })
    }

    fn shop(&self) -> Value {
        let offset = self.settings.utc_offset_minutes;
        let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
        let sign = if offset < 0 { '-' } else { '+' };
        json!({
            "id": "gid://shopify/Shop/548380009",
            "name": "Simulated shop",
            "myshopifyDomain": self.shop.domain,
            "currencyCode": self.shop.currency,
            "ianaTimezone": if offset == 0 { "UTC" } else { "America/New_York" },
            "timezoneOffset": format!("{sign}{hours:02}{minutes:02}"),
            "plan": { "partnerDevelopment": false, "shopifyPlus": false, "publicDisplayName": "Basic" },
        })
    }

    fn installation(&self) -> Value {
        let scopes = self.scopes.iter().map(|handle| json!({ "handle": handle, "description": handle }));
        json!({ "id": "gid://shopify/AppInstallation/1", "accessScopes": scopes.collect::<Value>() })
    }

    fn versions(&self) -> Value {
        let all = self.settings.versions.iter().chain([&self.settings.release_candidate]);
        all.map(|handle| version(handle, self.settings)).collect()
    }

    fn order(&self, gid: &str) -> Result<Value, FieldError> {
        self.may_read_orders("order")?;
        let id = id_in(gid, "Order").ok_or_else(|| invalid_id(gid))?;
        let found = self.shop.orders.get(&id).filter(|order| self.is_visible(order));
        Ok(found.map_or(Value::Null, |found| self.shaped(found)))
    }

    /// A refund, with the head of its order.
    fn refund(&self, gid: &str) -> Result<Value, FieldError> {
        self.may_read_orders("refund")?;
        let id = id_in(gid, "Refund").ok_or_else(|| invalid_id(gid))?;
        let orders = self.shop.orders.values().filter(|order| self.is_visible(order));
        let mut all = orders.flat_map(|order| items(&order["refunds"]).iter().map(move |one| (order, one)));
        let found = all.find(|(_, refund)| id_of(refund) == Some(id));
        Ok(found.map_or(Value::Null, |(order, refund)| refunds::refund(order, refund)))
    }

    fn orders(&self, arguments: &JsonMap) -> Result<Value, FieldError> {
        self.may_read_orders("orders")?;
        let sort = text(arguments, "sortKey").unwrap_or("PROCESSED_AT");
        let found = self.found(arguments)?;
        let placed = found.into_iter().map(|(id, order)| Ok((place(sort, *id, order)?, order)));
        let placed = placed.collect::<Result<Vec<_>, FieldError>>()?;
        Ok(paging(arguments)?.page(placed, |order| self.shaped(order)))
    }

    fn found(&self, arguments: &JsonMap) -> Result<Vec<(&u64, &Value)>, FieldError> {
        self.may_read_orders("orders")?;
        let query = text(arguments, "query").unwrap_or_default();
        let query = Query::parse(query).map_err(|message| bad_request(&message))?;
        let seen = |order: &Value| self.is_visible(order) && query.finds(order);
        Ok(self.shop.orders.iter().filter(|(_, order)| seen(order)).collect())
    }

    fn node(&self, gid: &str) -> Result<Value, FieldError> {
        if gid.starts_with("gid://shopify/Order/") {
            return self.order(gid);
        }
        if gid.starts_with("gid://shopify/Refund/") {
            return self.refund(gid);
        }
        if let Some(id) = id_in(gid, "WebhookSubscription") {
            return Ok(subscriptions::node(self, id));
        }
        if !gid.starts_with("gid://shopify/") {
            return Err(invalid_id(gid));
        }
        self.may("read_customers", "node")?;
        Ok(order::other(gid, self.shop, self.settings.protected_data))
    }

    fn nodes(&self, arguments: &JsonMap) -> Result<Value, FieldError> {
        let ids = arguments.get("ids").and_then(JsonValue::as_array).into_iter().flatten();
        ids.map(|id| self.node(id.as_str().unwrap_or_default())).collect()
    }

    fn other(&self, field: &str, kind: &str, gid: &str) -> Result<Value, FieldError> {
        self.may("read_customers", field)?;
        id_in(gid, kind).ok_or_else(|| invalid_id(gid))?;
        if kind == "Customer" && !self.settings.protected_data.approved {
            return Err(not_approved(kind));
        }
        Ok(order::other(gid, self.shop, self.settings.protected_data))
    }

    fn shaped(&self, order: &Value) -> Value {
        order::order(order, self.shop, self.settings.protected_data, self.asked)
    }

    fn is_visible(&self, order: &Value) -> bool {
        let oldest = self.now - SignedDuration::from_hours(VISIBLE_DAYS * 24);
        self.has("read_all_orders") || time_of(&order["created_at"]).is_none_or(|made| made >= oldest)
    }

    fn may_read_orders(&self, field: &str) -> Result<(), FieldError> {
        self.may("read_orders", field)?;
        if self.settings.protected_data.approved { Ok(()) } else { Err(not_approved("Order")) }
    }

    fn may(&self, scope: &str, field: &str) -> Result<(), FieldError> {
        if self.has(scope) {
            return Ok(());
        }
        let message = format!("Access denied for {field} field. Required access: `{scope}` access scope.");
        Err(access_denied(&message))
    }

    fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }
}

/// `ApiVersion`.
pub(super) fn version(handle: &str, settings: &Settings) -> Value {
    let latest = settings.versions.last().is_some_and(|latest| latest == handle);
    let supported = settings.versions.iter().any(|version| version == handle);
    let name = if latest { format!("{handle} (Latest)") } else { handle.to_owned() };
    json!({ "handle": handle, "displayName": name, "supported": supported })
}

/// `Count`.
pub(super) fn count(found: usize, arguments: &JsonMap) -> Value {
    let limit =
        arguments.get("limit").and_then(JsonValue::as_i64).and_then(|limit| usize::try_from(limit).ok());
    let limit = limit.unwrap_or(usize::MAX);
    let precision = if found > limit { "AT_LEAST" } else { "EXACT" };
    json!({ "count": found.min(limit), "precision": precision })
}

/// Where an order stands under this sort key. Times are compared as instants.
fn place(sort: &str, id: u64, order: &Value) -> Result<Place, FieldError> {
    let time = |key: &str| {
        let time = time_of(&order[key]).unwrap_or(Timestamp::UNIX_EPOCH);
        format!("{:020}", time.as_microsecond())
    };
    let value = match sort {
        "UPDATED_AT" => time("updated_at"),
        "CREATED_AT" => time("created_at"),
        "PROCESSED_AT" => time("processed_at"),
        "ORDER_NUMBER" => format!("{:020}", order["order_number"].as_u64().unwrap_or(0)),
        "ID" => String::new(),
        other => return Err(bad_request(&format!("the simulation does not sort orders by {other}"))),
    };
    Ok((value, id))
}

pub(super) fn invalid_id(gid: &str) -> FieldError {
    coded("argumentLiteralsIncompatible", &format!("Invalid global id '{gid}'"))
}

fn not_approved(object: &str) -> FieldError {
    access_denied(&format!(
        "This app is not approved to access the {object} object. \
         See https://shopify.dev/docs/apps/launch/protected-customer-data for more details."
    ))
}
