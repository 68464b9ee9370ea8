//! Which company, division, warehouse and facility an order belongs to.

use shopify::Order;

use crate::{CompanyWhen, Mapping};

/// What rules may ask of an order.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    pub(super) currency: Option<&'a str>,
    pub(super) presentment_currency: Option<&'a str>,
    /// Where the goods go, or the bill where nothing is shipped.
    pub(super) country: Option<&'a str>,
    pub(super) tags: Vec<&'a str>,
    pub(super) source_name: Option<&'a str>,
    pub(super) location: Option<u64>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(order: &'a Order) -> Self {
        let address = order.shipping_address.as_ref().or(order.billing_address.as_ref());
        Self {
            currency: order.currency.as_deref(),
            presentment_currency: order.presentment_currency.as_deref().or(order.currency.as_deref()),
            country: address.and_then(|address| address.country_code.as_deref()),
            tags: order.tag_list().collect(),
            source_name: order.source_name.as_deref(),
            location: order.location_id,
        }
    }
}

/// Where an order belongs.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) company: u16,
    pub(super) division: &'a str,
    pub(super) warehouse: &'a str,
    pub(super) facility: &'a str,
}

impl<'a> Place<'a> {
    /// The first rule that matches, else the general company. What a rule does not name is the location's, and what
    /// the location does not name is that of all orders.
    pub(super) fn of(mapping: &'a Mapping, facts: &Facts<'_>) -> Self {
        let rule = mapping.company.iter().find(|rule| matches(&rule.when, facts));
        let location = facts.location.and_then(|id| mapping.orders.locations.get(&id));
        let candidates = [
            rule.map(|rule| (&rule.warehouse, &rule.facility)),
            location.map(|location| (&location.warehouse, &location.facility)),
            Some((&mapping.orders.warehouse, &mapping.orders.facility)),
        ];
        let named: Vec<_> = candidates.into_iter().flatten().collect();
        let warehouse = named.iter().find(|(warehouse, _)| !warehouse.is_empty());
        let warehouse = warehouse.map_or("", |(warehouse, _)| warehouse.as_str());
        // A facility that was named beside another warehouse does not go with this one.
        let goes_with = |(other, facility): &&(&String, &String)| {
            !facility.is_empty() && (other.is_empty() || *other == warehouse)
        };
        let facility = named.iter().find(goes_with).map_or("", |(_, facility)| facility.as_str());
        Self {
            company: rule.map_or(mapping.cloudsuite.company, |rule| rule.company),
            division: rule.map_or(&mapping.cloudsuite.division, |rule| &rule.division),
            warehouse,
            facility,
        }
    }
}

/// Whether an order is one of those that a company rule is for.
fn matches(when: &CompanyWhen, facts: &Facts<'_>) -> bool {
    let CompanyWhen { currency, presentment_currency, country, tag, source_name, location } = when;
    is_one(currency, facts.currency)
        && is_one(presentment_currency, facts.presentment_currency)
        && is_one(country, facts.country)
        && has_tag(tag, &facts.tags)
        && is_one(source_name, facts.source_name)
        && (location.is_empty() || facts.location.is_some_and(|id| location.contains(&id)))
}

/// Whether a value is one of a condition's; a condition without values always holds.
pub(super) fn is_one(values: &[String], value: Option<&str>) -> bool {
    values.is_empty() || value.is_some_and(|value| values.iter().any(|other| other == value))
}

/// Whether one of the tags is one of a condition's. Shopify takes no heed of capitals in tags.
pub(super) fn has_tag(values: &[String], tags: &[&str]) -> bool {
    values.is_empty()
        || tags.iter().any(|tag| values.iter().any(|value| value.to_lowercase() == tag.to_lowercase()))
}
