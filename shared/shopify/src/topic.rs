//! The topics of webhook deliveries: what the body of each is about, and which are worked on.

/// A topic that this connector knows (Shopify documentation, "Webhook topics").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// An order was placed.
    OrdersCreate,
    /// An order changed in any way; also sent beside the other topics.
    OrdersUpdated,
    /// An order was paid in full. May come before `orders/create`.
    OrdersPaid,
    /// An order was cancelled.
    OrdersCancelled,
    /// Every line of an order was fulfilled.
    OrdersFulfilled,
    /// Some lines of an order were fulfilled.
    OrdersPartiallyFulfilled,
    /// The lines of an order were edited.
    OrdersEdited,
    /// An order was deleted.
    OrdersDelete,
    /// Goods, shipping or an amount was given back.
    RefundsCreate,
    /// A customer was made.
    CustomersCreate,
    /// A customer changed.
    CustomersUpdate,
    /// A customer's account was opened.
    CustomersEnable,
    /// A customer's account was closed.
    CustomersDisable,
    /// A customer was deleted.
    CustomersDelete,
    /// Two customers became one.
    CustomersMerge,
    /// A firm was made.
    CompaniesCreate,
    /// A firm changed.
    CompaniesUpdate,
    /// A firm's location was made.
    CompanyLocationsCreate,
    /// A firm's location changed.
    CompanyLocationsUpdate,
    /// A firm's contact was made.
    CompanyContactsCreate,
    /// A firm's contact changed.
    CompanyContactsUpdate,
    /// A draft order was made.
    DraftOrdersCreate,
    /// A draft order changed.
    DraftOrdersUpdate,
    /// A draft order was deleted.
    DraftOrdersDelete,
    /// The merchant removed the app: its access token is dead already.
    AppUninstalled,
    /// A customer asks what is stored about them.
    CustomersDataRequest,
    /// What is stored about a customer is to be erased.
    CustomersRedact,
    /// What is stored of a shop is to be erased, 48 hours or more after the app was removed.
    ShopRedact,
}

/// What the body of a topic is about, and what of it the body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A whole order. The bodies of these topics are alike: what happened stands in the order and not in the topic.
    Order,
    /// What an edit changed, and the order's id. Prices are not there: the order must be fetched.
    OrderEdit,
    /// The id of an order that is no more.
    OrderDelete,
    /// A whole refund, with the order's id.
    Refund,
    /// A whole customer.
    Customer,
    /// The id of a customer that is no more.
    CustomerDelete,
    /// The ids of two customers that became one.
    CustomerMerge,
    /// A firm.
    Company,
    /// A firm's location, with its addresses and its firm.
    CompanyLocation,
    /// The link between a customer and a firm.
    CompanyContact,
    /// A draft order, which is not worked on.
    DraftOrder,
    /// The shop that the app was removed from.
    AppUninstalled,
    /// The ids of a customer and of orders to be shown to the shop's owner.
    CustomersDataRequest,
    /// The ids of a customer and of orders to be erased.
    CustomersRedact,
    /// The id of a shop to be erased.
    ShopRedact,
}

/// Every topic with its name in the header `X-Shopify-Topic` and its subject, in the order of [`Topic`].
const TOPICS: [(Topic, &str, Subject); 28] = [
    (Topic::OrdersCreate, "orders/create", Subject::Order),
    (Topic::OrdersUpdated, "orders/updated", Subject::Order),
    (Topic::OrdersPaid, "orders/paid", Subject::Order),
    (Topic::OrdersCancelled, "orders/cancelled", Subject::Order),
    (Topic::OrdersFulfilled, "orders/fulfilled", Subject::Order),
    (Topic::OrdersPartiallyFulfilled, "orders/partially_fulfilled", Subject::Order),
    (Topic::OrdersEdited, "orders/edited", Subject::OrderEdit),
    (Topic::OrdersDelete, "orders/delete", Subject::OrderDelete),
    (Topic::RefundsCreate, "refunds/create", Subject::Refund),
    (Topic::CustomersCreate, "customers/create", Subject::Customer),
    (Topic::CustomersUpdate, "customers/update", Subject::Customer),
    (Topic::CustomersEnable, "customers/enable", Subject::Customer),
    (Topic::CustomersDisable, "customers/disable", Subject::Customer),
    (Topic::CustomersDelete, "customers/delete", Subject::CustomerDelete),
    (Topic::CustomersMerge, "customers/merge", Subject::CustomerMerge),
    (Topic::CompaniesCreate, "companies/create", Subject::Company),
    (Topic::CompaniesUpdate, "companies/update", Subject::Company),
    (Topic::CompanyLocationsCreate, "company_locations/create", Subject::CompanyLocation),
    (Topic::CompanyLocationsUpdate, "company_locations/update", Subject::CompanyLocation),
    (Topic::CompanyContactsCreate, "company_contacts/create", Subject::CompanyContact),
    (Topic::CompanyContactsUpdate, "company_contacts/update", Subject::CompanyContact),
    (Topic::DraftOrdersCreate, "draft_orders/create", Subject::DraftOrder),
    (Topic::DraftOrdersUpdate, "draft_orders/update", Subject::DraftOrder),
    (Topic::DraftOrdersDelete, "draft_orders/delete", Subject::DraftOrder),
    (Topic::AppUninstalled, "app/uninstalled", Subject::AppUninstalled),
    (Topic::CustomersDataRequest, "customers/data_request", Subject::CustomersDataRequest),
    (Topic::CustomersRedact, "customers/redact", Subject::CustomersRedact),
    (Topic::ShopRedact, "shop/redact", Subject::ShopRedact),
];

impl Topic {
    /// Every topic.
    pub fn all() -> impl Iterator<Item = Self> {
        TOPICS.into_iter().map(|(topic, _, _)| topic)
    }

    /// The topic of the header `X-Shopify-Topic`; nothing for one that is not known.
    pub fn parse(text: &str) -> Option<Self> {
        TOPICS.into_iter().find(|(_, name, _)| *name == text).map(|(topic, _, _)| topic)
    }

    /// Its name in the header `X-Shopify-Topic`.
    pub fn as_str(self) -> &'static str {
        TOPICS[self as usize].1
    }

    /// What its body is about.
    pub fn subject(self) -> Subject {
        TOPICS[self as usize].2
    }

    /// Whether deliveries of this topic are worked on.
    pub fn is_needed(self) -> bool {
        self.ignored_because().is_none()
    }

    /// Why deliveries of this topic are not worked on, though it is known; nothing for those that are.
    pub fn ignored_because(self) -> Option<&'static str> {
        let why = "a draft order is an offer: once it is accepted, its order comes by orders/create";
        (self.subject() == Subject::DraftOrder).then_some(why)
    }

    /// Whether it is one of the three about privacy, which Shopify requires to be obeyed within 30 days (Shopify
    /// documentation, "Privacy law compliance").
    pub fn is_about_privacy(self) -> bool {
        matches!(
            self.subject(),
            Subject::CustomersDataRequest | Subject::CustomersRedact | Subject::ShopRedact
        )
    }
}

/// Whether deliveries of a topic, as the header names it, are worked on.
pub fn is_needed(topic: &str) -> bool {
    Topic::parse(topic).is_some_and(Topic::is_needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_by_its_name_and_stands_in_its_place() {
        for (place, topic) in Topic::all().enumerate() {
            assert_eq!((Topic::parse(topic.as_str()), topic as usize), (Some(topic), place));
        }
        assert_eq!(TOPICS.len(), Topic::ShopRedact as usize + 1);
    }

    #[test]
    fn drafts_are_ignored_with_a_reason_and_all_else_is_needed() {
        for topic in Topic::all() {
            let is_draft = topic.as_str().starts_with("draft_orders/");
            assert_eq!(is_needed(topic.as_str()), !is_draft, "{}", topic.as_str());
            assert_eq!(topic.ignored_because().is_some(), is_draft);
        }
    }

    #[test]
    fn a_name_that_is_not_exactly_a_topics_is_not_known() {
        for topic in [
            "",
            "orders",
            "orders/",
            "orders/create ",
            "ORDERS/CREATE",
            "products/update",
            "customer.tags_added",
        ] {
            assert_eq!(Topic::parse(topic), None, "{topic}");
        }
    }

    #[test]
    fn the_bodies_of_six_topics_are_whole_orders() {
        let orders: Vec<_> = Topic::all().filter(|topic| topic.subject() == Subject::Order).collect();
        assert_eq!(orders.len(), 6);
        let privacy: Vec<_> =
            Topic::all().filter(|topic| topic.is_about_privacy()).map(Topic::as_str).collect();
        assert_eq!(privacy, ["customers/data_request", "customers/redact", "shop/redact"]);
    }
}
