//! Who buys: by what the buyer is recognised, and what Shopify withholds about them.

use domain::Private;

use crate::{Address, Customer, Order, wire::said};

/// By what a buyer is recognised. Each part may be missing; all are for a sale at the till, for example.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The customer's id in the shop.
    pub customer_id: Option<u64>,
    /// The e-mail address, in lower case and trimmed, so that one spelling is compared.
    pub email: Option<Private<String>>,
    /// The telephone number, trimmed.
    pub phone: Option<Private<String>>,
}

impl Identity {
    /// Whether there is nothing to recognise anybody by.
    pub fn is_unknown(&self) -> bool {
        self.customer_id.is_none() && self.email.is_none() && self.phone.is_none()
    }
}

/// A kind of personal data that Shopify grants to an app or withholds (Shopify documentation, "Protected customer
/// data").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonalData {
    /// First and last names.
    Name,
    /// Street, postal code and town.
    Address,
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
}

impl PersonalData {
    /// The word that Shopify's settings use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Address => "address",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

impl Order {
    /// By what the buyer is recognised. What was given at the checkout goes before what the shop knew already; an
    /// address's phone is the receiver's and identifies nobody.
    pub fn identity(&self) -> Identity {
        let customer = self.customer.as_ref();
        let email = said(self.email.as_ref())
            .or_else(|| said(self.contact_email.as_ref()))
            .or_else(|| said(customer?.email.as_ref()));
        let phone = said(self.phone.as_ref()).or_else(|| said(customer?.phone.as_ref()));
        Identity {
            customer_id: customer.and_then(|customer| customer.id),
            email: email.map(|email| Private::new(email.to_lowercase())),
            phone: phone.map(|phone| Private::new(phone.to_owned())),
        }
    }

    /// What Shopify withholds from the app: the keys are missing though the order has a customer or an address
    /// that would have them. Where a key is there and empty, the buyer gave nothing, which is another matter.
    pub fn withheld(&self) -> Vec<PersonalData> {
        let addresses = || self.shipping_address.iter().chain(&self.billing_address);
        let customer = self.customer.as_ref();
        let no_names = customer.is_some_and(Customer::has_no_name) || addresses().any(Address::has_no_name);
        let no_email = customer.is_some_and(|customer| customer.email.is_none())
            && self.email.is_none()
            && self.contact_email.is_none();
        let no_phone = customer.is_some_and(|customer| customer.phone.is_none()) && self.phone.is_none();
        let kinds = [
            (no_names, PersonalData::Name),
            (addresses().any(Address::has_no_place), PersonalData::Address),
            (no_email, PersonalData::Email),
            (no_phone, PersonalData::Phone),
        ];
        kinds.into_iter().filter(|(is_withheld, _)| *is_withheld).map(|(_, kind)| kind).collect()
    }

    /// Whether Shopify withholds any personal data of this order from the app.
    pub fn is_redacted(&self) -> bool {
        !self.withheld().is_empty()
    }
}
