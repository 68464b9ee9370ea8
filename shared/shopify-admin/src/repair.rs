//! What has to be done so that the subscriptions that are wanted are there: pure.

use crate::Subscription;

/// Topics that every app has to take and that are declared in `shopify.app.toml` only (Shopify documentation,
/// "Privacy law compliance").
const COMPLIANCE: [&str; 3] = ["customers/data_request", "customers/redact", "shop/redact"];

/// A subscription that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Its topic, as webhooks spell it: `orders/create`.
    pub topic: String,
    /// Where deliveries go: `https://…`, or the ARN of an event source.
    pub uri: String,
    /// Which deliveries are made (Shopify search syntax); nothing for all.
    pub filter: Option<String>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// It is not there: Shopify removes a subscription after eight deliveries in a row failed.
    Create(Wanted),
    /// It is there and goes to another address, or is filtered or cut down otherwise.
    Update {
        /// The subscription's id.
        id: String,
        /// What it is to be.
        wanted: Wanted,
    },
    /// It is as it should be.
    Keep(Subscription),
    /// It is there and not wanted. It is reported and left: who made it may need it.
    Extra(Subscription),
}

/// Whether a topic is one that the Admin API does not take.
pub fn is_compliance_topic(topic: &str) -> bool {
    COMPLIANCE.contains(&topic)
}

/// Compares what is wanted with what is there. Compliance topics are passed over: they cannot be subscribed to
/// through the Admin API. A subscription of a wanted topic that is not as it should be is changed rather than left
/// beside a new one, because two subscriptions of one topic deliver everything twice.
pub fn plan_repair(wanted: &[Wanted], existing: &[Subscription]) -> Vec<Repair> {
    let mut left: Vec<&Subscription> = existing.iter().collect();
    let mut wanted: Vec<&Wanted> =
        wanted.iter().filter(|wanted| !is_compliance_topic(&wanted.topic)).collect();
    let mut seen = std::collections::HashSet::new();
    wanted.retain(|wanted| seen.insert(*wanted));
    let kept = wanted.iter().map(|wanted| take(&mut left, |there| is_as(wanted, there))).collect::<Vec<_>>();
    let mut plan = Vec::new();
    for (wanted, kept) in wanted.into_iter().zip(kept) {
        let topic = graphql_topic(&wanted.topic);
        plan.push(
            match (kept, kept.map_or_else(|| take(&mut left, |there| there.topic == topic), |_| None)) {
                (Some(kept), _) => Repair::Keep(kept.clone()),
                (None, Some(other)) => Repair::Update { id: other.id.clone(), wanted: wanted.clone() },
                (None, None) => Repair::Create(wanted.clone()),
            },
        );
    }
    plan.extend(left.into_iter().cloned().map(Repair::Extra));
    plan
}

/// The Admin API's spelling of a topic: `orders/create` is `ORDERS_CREATE`.
pub(crate) fn graphql_topic(topic: &str) -> String {
    topic.replace(['/', '.'], "_").to_ascii_uppercase()
}

fn is_as(wanted: &Wanted, there: &Subscription) -> bool {
    let filter = |filter: &Option<String>| filter.clone().filter(|filter| !filter.is_empty());
    there.topic == graphql_topic(&wanted.topic)
        // Shopify takes a slash off the end.
        && there.uri.trim_end_matches('/') == wanted.uri.trim_end_matches('/')
        && filter(&there.filter) == filter(&wanted.filter)
        && there.format == "JSON"
        && there.include_fields.is_empty()
}

fn take<'a>(
    left: &mut Vec<&'a Subscription>,
    fits: impl Fn(&Subscription) -> bool,
) -> Option<&'a Subscription> {
    let place = left.iter().position(|there| fits(there))?;
    Some(left.remove(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(topic: &str) -> Wanted {
        Wanted {
            topic: topic.into(),
            uri: "https://hooks.example.com/webhooks/shopify/demo".into(),
            filter: None,
        }
    }

    fn there(id: &str, topic: &str) -> Subscription {
        Subscription {
            id: id.into(),
            topic: topic.into(),
            uri: "https://hooks.example.com/webhooks/shopify/demo".into(),
            filter: None,
            format: "JSON".into(),
            include_fields: Vec::new(),
        }
    }

    #[test]
    fn what_is_as_it_should_be_is_kept_and_what_was_removed_is_made_again() {
        let plan =
            plan_repair(&[wanted("orders/create"), wanted("orders/paid")], &[there("1", "ORDERS_PAID")]);
        assert_eq!(plan, [Repair::Create(wanted("orders/create")), Repair::Keep(there("1", "ORDERS_PAID"))]);
    }

    #[test]
    fn whatever_differs_is_changed_and_not_made_twice() {
        let base = || there("1", "ORDERS_CREATE");
        let others = [
            Subscription { uri: "https://old.example.com".into(), ..base() },
            Subscription { filter: Some("total_price:>100".into()), ..base() },
            Subscription { format: "XML".into(), ..base() },
            Subscription { include_fields: vec!["id".into()], ..base() },
        ];
        for other in others {
            let plan = plan_repair(&[wanted("orders/create")], std::slice::from_ref(&other));
            assert_eq!(
                plan,
                [Repair::Update { id: "1".into(), wanted: wanted("orders/create") }],
                "{other:?}"
            );
        }
    }

    #[test]
    fn spellings_of_the_same_are_the_same() {
        let slash = Subscription {
            uri: "https://hooks.example.com/webhooks/shopify/demo/".into(),
            ..there("1", "CUSTOMER_TAGS_ADDED")
        };
        let empty = Subscription { filter: Some(String::new()), ..slash };
        assert_eq!(
            plan_repair(&[wanted("customer.tags_added")], std::slice::from_ref(&empty)),
            [Repair::Keep(empty)]
        );
    }

    #[test]
    fn one_that_fits_is_kept_though_another_of_its_topic_stands_before_it() {
        let old = Subscription { uri: "https://old.example.com".into(), ..there("1", "ORDERS_CREATE") };
        let plan = plan_repair(&[wanted("orders/create")], &[old.clone(), there("2", "ORDERS_CREATE")]);
        assert_eq!(plan, [Repair::Keep(there("2", "ORDERS_CREATE")), Repair::Extra(old)]);
    }

    #[test]
    fn what_nobody_wants_is_told_and_compliance_topics_are_passed_over() {
        let all = [wanted("customers/redact"), wanted("shop/redact"), wanted("customers/data_request")];
        assert_eq!(
            plan_repair(&all, &[there("1", "THEMES_UPDATE")]),
            [Repair::Extra(there("1", "THEMES_UPDATE"))]
        );
    }

    #[test]
    fn what_is_wanted_twice_is_made_once() {
        let plan = plan_repair(&[wanted("orders/create"), wanted("orders/create")], &[]);
        assert_eq!(plan, [Repair::Create(wanted("orders/create"))]);
    }
}
