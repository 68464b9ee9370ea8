//! Who buys: a person, a firm, or the customer that the mapping names for such orders.

use domain::{Address, Customer, FindingCode, Kind, Private, RecordKey, Reference, SourceId};
use shopify::{Order, PersonalData};

use super::{Buyer, address, planner::Planner};
use crate::{B2b, Mapping, PhoneOnly};

/// How many characters M3's e-mail address holds (CRS610MI MAIL).
pub(super) const LONGEST_EMAIL: usize = 50;
/// How many characters M3's four address lines hold together (CUA1 to CUA4).
const LONGEST_STREET: usize = 144;

/// By what a buyer's record is found again.
enum Known {
    As(String),
    Fallback,
    Nobody,
}

impl Planner<'_> {
    /// Who buys; nothing, with findings, if nobody can be made a customer of.
    pub(super) fn buyer(&mut self, key: &RecordKey) -> Option<Buyer> {
        let order = self.order;
        let mapping = &self.mapping.customers;
        if mapping.b2b == B2b::ExternalId && order.company.is_some() {
            return self.firm(key);
        }
        let withheld = order.withheld();
        if withheld.iter().any(|kind| matches!(kind, PersonalData::Name | PersonalData::Address)) {
            return self.withheld(&withheld);
        }
        let id = match self.known(order) {
            Known::As(id) => id,
            Known::Fallback => return Some(self.fallback()),
            Known::Nobody => return None,
        };
        let person = address::of_buyer(order);
        if !address::is_complete(&person) && !mapping.fallback.is_empty() {
            return Some(self.fallback());
        }
        self.check_person(&person, order);
        let email = order.identity().email.unwrap_or_default();
        self.check_email(&email);
        let key = self.customer_key(key, &id)?;
        let place = &self.place;
        let template = template(self.mapping, &person.country, order.company.is_some());
        let document = Box::new(Customer {
            reference: Reference::of(&key),
            search_key: Reference::search_key_of(&key),
            company: place.company,
            division: place.division.to_owned(),
            template: template.to_owned(),
            address: person,
            email,
        });
        Some(Buyer::Customer { key, document })
    }

    /// By what the buyer's record is found again.
    fn known(&mut self, order: &Order) -> Known {
        let firm = order.company.as_ref();
        let id = match self.mapping.customers.b2b {
            B2b::Company => firm.and_then(|firm| firm.id).map(|id| format!("company-{id}")),
            B2b::Location => firm.and_then(|firm| firm.location_id).map(|id| format!("location-{id}")),
            B2b::Person | B2b::ExternalId => None,
        };
        if let Some(id) = id {
            return Known::As(id);
        }
        let identity = order.identity();
        if let Some(email) = &identity.email {
            return Known::As(SourceId::of_email(email.expose()).to_string());
        }
        match (identity.customer_id, &identity.phone) {
            (_, Some(_)) if self.mapping.customers.phone_only != PhoneOnly::Customer => self.phone_only(),
            (Some(id), _) => Known::As(id.to_string()),
            (None, Some(phone)) => Known::As(SourceId::of_phone(phone.expose()).to_string()),
            (None, None) if !self.mapping.customers.fallback.is_empty() => Known::Fallback,
            (None, None) => {
                let help = "name a customer for such orders under customers.fallback in the mapping file";
                let message = "the order names nobody: no customer and no e-mail address";
                self.find(FindingCode::MissingField, "customer", message, help);
                Known::Nobody
            }
        }
    }

    fn phone_only(&mut self) -> Known {
        if self.mapping.customers.phone_only == PhoneOnly::Fallback {
            return Known::Fallback;
        }
        let help = "add an e-mail address in Shopify, or change customers.phone_only in the mapping file";
        let message = "the buyer gave a telephone number and no e-mail address";
        self.find(FindingCode::MissingField, "email", message, help);
        Known::Nobody
    }

    fn fallback(&self) -> Buyer {
        Buyer::Fallback(self.mapping.customers.fallback.clone())
    }

    /// A firm whose number in CloudSuite the merchant entered for its location or for itself.
    fn firm(&mut self, key: &RecordKey) -> Option<Buyer> {
        let firm = self.order.company.as_ref()?;
        let ids = [("location", firm.location_id), ("company", firm.id)];
        let keys: Vec<_> = ids
            .into_iter()
            .filter_map(|(word, id)| self.customer_key(key, &format!("{word}-{}", id?)))
            .collect();
        if keys.is_empty() {
            let help = "replay the order once Shopify sends its company";
            self.find(FindingCode::MissingField, "company.id", "the order's company has no id", help);
            return None;
        }
        Some(Buyer::Firm { keys })
    }

    /// The key of a customer's record. A customer of another company than the general one is another record, because
    /// CloudSuite keeps its customers by company.
    fn customer_key(&self, key: &RecordKey, id: &str) -> Option<RecordKey> {
        let company = self.place.company;
        let is_general = company == self.mapping.cloudsuite.company;
        let id = if is_general { id.to_owned() } else { format!("{id}-c{company}") };
        Some(RecordKey { kind: Kind::Customer, id: id.parse().ok()?, ..key.clone() })
    }

    fn withheld(&mut self, kinds: &[PersonalData]) -> Option<Buyer> {
        let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
        let message = format!("Shopify withholds personal data from the app: {}", kinds.join(", "));
        let help = "ask for access to protected customer data in the app's settings at Shopify, then redrive";
        self.find(FindingCode::DataNotGranted, "customer", message, help);
        None
    }

    fn check_email(&mut self, email: &Private<String>) {
        if email.expose().chars().count() > LONGEST_EMAIL {
            let help = "shorten it in Shopify, or enter the order by hand";
            let message = format!("the e-mail address has more than {LONGEST_EMAIL} characters");
            self.find(FindingCode::TooLong, "email", message, help);
        }
    }

    /// What CloudSuite needs of a customer and the order does not say.
    fn check_person(&mut self, person: &Address, order: &Order) {
        let help = "complete it in Shopify, or name a customer under customers.fallback in the mapping file";
        for (is_missing, field, message) in [
            (person.name.expose().is_empty(), "billing_address.name", "the buyer has no name"),
            (person.lines.expose().is_empty(), "billing_address.address1", "the buyer has no street"),
        ] {
            if is_missing {
                self.find(FindingCode::MissingField, field, message, help);
            }
        }
        let ship_to = order.shipping_address.as_ref().map(address::of);
        for (address, field) in [(Some(person), "billing_address"), (ship_to.as_ref(), "shipping_address")] {
            if address.is_some_and(is_too_long) {
                let message = format!("the street has more than {LONGEST_STREET} characters");
                let help = "shorten it in Shopify, or enter the order by hand";
                self.find(FindingCode::TooLong, field, message, help);
            }
        }
    }
}

pub(super) fn is_too_long(address: &Address) -> bool {
    address.lines.expose().join(", ").chars().count() > LONGEST_STREET
}

/// The customer whose settings a new one takes over.
pub(super) fn template<'a>(mapping: &'a Mapping, country: &str, is_firm: bool) -> &'a str {
    let customers = &mapping.customers;
    if is_firm && !customers.b2b_template.is_empty() {
        return &customers.b2b_template;
    }
    customers.templates.get(country).unwrap_or(&customers.template)
}
