//! The plan of an order: what CloudSuite gets for it, or why it gets nothing.

use domain::{
    Address, Charge, Currency, Customer, Finding, FindingCode, Kind, Money, OrderLine, RecordKey, Reference,
    SalesOrder, SourceId,
};
use rust_decimal::Decimal;
use shopify::{AmountError, LineItem, Order, PersonalData};

use crate::{Mapping, TestOrders, address};

/// How many characters M3's item number holds (ITNO).
const LONGEST_ITEM: usize = 15;
/// How many characters M3's e-mail address holds (CRS610MI MAIL).
const LONGEST_EMAIL: usize = 50;
/// How many characters M3's four address lines hold together (CUA1 to CUA4).
const LONGEST_STREET: usize = 144;

/// What is to be done for an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// It is to be posted, unless there are findings: then it is what could be planned all the same, so that
    /// CloudSuite's findings on it can stand in the same report.
    Planned {
        /// The order; its customer number is still empty.
        order: Box<SalesOrder>,
        /// Who buys; nobody if the findings say why.
        buyer: Option<Box<Buyer>>,
        /// Everything that is wrong with it.
        findings: Vec<Finding>,
    },
    /// Nothing is to be done, for this reason.
    Skip(String),
    /// It cannot even be planned; this is everything that is wrong with it.
    Reject(Vec<Finding>),
}

/// Who buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Buyer {
    /// A person or firm with a record of its own.
    Customer {
        /// The key of that record.
        key: RecordKey,
        /// What CloudSuite is to know of them.
        document: Box<Customer>,
    },
    /// Nobody in particular: the customer that the mapping names for such orders.
    Fallback(String),
}

/// Plans an order.
pub fn plan_order(mapping: &Mapping, key: &RecordKey, order: &Order) -> Plan {
    if order.is_test() && mapping.orders.test_orders == TestOrders::Skip {
        return Plan::Skip("test order".to_owned());
    }
    if order.is_cancelled() {
        return Plan::Skip("cancelled before it was posted".to_owned());
    }
    let mut planner = Planner { mapping, findings: Vec::new() };
    let planned = planner.order(key, order);
    let buyer = planner.buyer(key, order).map(Box::new);
    let findings = planner.findings;
    match planned {
        Some(order) if order.lines.is_empty() && findings.is_empty() => {
            Plan::Skip("no line has a quantity left".to_owned())
        }
        Some(order) => Plan::Planned { order: Box::new(order), buyer, findings },
        None => Plan::Reject(findings),
    }
}

/// Plans one order and collects everything that is wrong with it on the way.
struct Planner<'a> {
    mapping: &'a Mapping,
    findings: Vec<Finding>,
}

impl Planner<'_> {
    fn find(&mut self, code: FindingCode, field: impl Into<String>, message: &str, help: &str) {
        self.findings.push(Finding::new(code, field, message, help));
    }

    fn order(&mut self, key: &RecordKey, order: &Order) -> Option<SalesOrder> {
        let currency = self.currency(order)?;
        let lines = order.line_items.iter().enumerate();
        let lines: Vec<_> = lines.filter_map(|(place, line)| self.line(place, line, currency)).collect();
        let charges = self.charges(order, currency);
        let Some(order_date) = order.business_date() else {
            let help = "replay the order once Shopify sends its date";
            self.find(FindingCode::MissingField, "created_at", "the order has no date", help);
            return None;
        };
        let (cloudsuite, orders) = (&self.mapping.cloudsuite, &self.mapping.orders);
        Some(SalesOrder {
            reference: Reference::of(key),
            source_name: order.name.clone().unwrap_or_default(),
            company: cloudsuite.company,
            division: cloudsuite.division.clone(),
            customer: String::new(),
            order_type: orders.order_type.clone(),
            facility: orders.facility.clone(),
            warehouse: orders.warehouse.clone(),
            currency,
            order_date,
            ship_to: order.shipping_address.as_ref().map(address::of),
            lines,
            charges,
            note: order.note.clone().filter(|_| orders.note).unwrap_or_default(),
            buyer_reference: String::new(),
            payment_terms: String::new(),
            release: domain::Release::AtOnce,
        })
    }

    fn currency(&mut self, order: &Order) -> Option<Currency> {
        match order.currency.as_deref().map(str::parse) {
            Some(Ok(currency)) => Some(currency),
            Some(Err(_)) => {
                self.find(FindingCode::InvalidField, "currency", "not a currency code", "report the payload");
                None
            }
            None => {
                let help = "include currency among the fields of the webhook subscription";
                self.find(FindingCode::MissingField, "currency", "the order has no currency", help);
                None
            }
        }
    }

    /// One line; nothing if it has no quantity left or cannot be planned.
    fn line(&mut self, place: usize, line: &LineItem, currency: Currency) -> Option<OrderLine> {
        let path = format!("line_items[{place}]");
        let Some(quantity) = line.effective_quantity() else {
            let help = "replay the order once Shopify sends its quantities";
            self.find(
                FindingCode::MissingField,
                format!("{path}.quantity"),
                "the line has no quantity",
                help,
            );
            return None;
        };
        if quantity == 0 {
            return None;
        }
        let item = self.item(&path, line);
        let price = self.price(&path, line, currency);
        let discount = self.discount(&path, line, currency);
        Some(OrderLine {
            source_id: line.id.map(|id| id.to_string()).unwrap_or_default(),
            item: item?,
            quantity: Decimal::from(quantity),
            unit: String::new(),
            price: price?,
            discount: discount?,
            allocations: Vec::new(),
            path,
        })
    }

    fn item(&mut self, path: &str, line: &LineItem) -> Option<String> {
        let field = format!("{path}.sku");
        let Some(sku) = line.sku.as_deref() else {
            let help = "give the variant a SKU in Shopify, or enter the order by hand";
            let message = "the line has no SKU: a custom item, or a variant without one";
            self.find(FindingCode::MissingField, field, message, help);
            return None;
        };
        let item = self.mapping.item(sku);
        if item.chars().count() > LONGEST_ITEM {
            let help = "give the SKU an alias under items.aliases in the mapping file";
            let message = format!("item number {item} has more than {LONGEST_ITEM} characters");
            self.find(FindingCode::TooLong, field, &message, help);
            return None;
        }
        Some(item)
    }

    fn price(&mut self, path: &str, line: &LineItem, currency: Currency) -> Option<Money> {
        let Some(price) = &line.price else {
            let help = "replay the order once Shopify sends its prices";
            self.find(FindingCode::MissingField, format!("{path}.price"), "the line has no price", help);
            return None;
        };
        let decimal = price.decimal().map_err(|error| AmountError { field: "price".into(), error });
        self.amount(path, decimal, currency)
    }

    /// The discount on the line. Shopify tells it for all units ordered; once some were taken off again it does
    /// not say which part is left, and guessing would book a wrong amount.
    fn discount(&mut self, path: &str, line: &LineItem, currency: Currency) -> Option<Money> {
        let discount = self.amount(path, line.discount(), currency)?;
        let is_reduced = line.quantity.is_some_and(|ordered| line.effective_quantity() < Some(ordered));
        if is_reduced && !discount.is_zero() {
            let help = "enter the order by hand";
            let message =
                "some of the line was taken off again, and what is left of its discount is not told";
            self.find(FindingCode::InvalidField, format!("{path}.discount_allocations"), message, help);
            return None;
        }
        Some(discount)
    }

    fn amount(
        &mut self,
        path: &str,
        amount: Result<Decimal, AmountError>,
        currency: Currency,
    ) -> Option<Money> {
        match amount {
            Ok(amount) => Some(Money { amount, currency }),
            Err(AmountError { field, error }) => {
                let help = "report the payload: this is not how Shopify writes amounts";
                self.find(FindingCode::InvalidField, format!("{path}.{field}"), &error.to_string(), help);
                None
            }
        }
    }

    /// Shipping, as one charge on the order's head: M3 may keep only one charge of an id. What is free is left out.
    fn charges(&mut self, order: &Order, currency: Currency) -> Vec<Charge> {
        let mut charge: Option<Charge> = None;
        for (place, line) in order.shipping() {
            let path = format!("shipping_lines[{place}]");
            let Some(amount) = self.amount(&path, line.net(), currency) else { continue };
            if amount.is_zero() {
                continue;
            }
            let id = self.mapping.shipping.charge.clone();
            if id.is_empty() {
                let help = "name a charge under shipping.charge in the mapping file and push it";
                let message = "shipping costs something and no charge is named for it";
                self.find(FindingCode::Mapping, &path, message, help);
            }
            let text = line.title.clone().unwrap_or_default();
            match &mut charge {
                None => charge = Some(Charge { id, amount, text, allocations: Vec::new() }),
                Some(charge) => {
                    charge.amount.amount += amount.amount;
                    charge.text = format!("{} + {text}", charge.text);
                }
            }
        }
        charge.into_iter().collect()
    }

    /// Who buys; nothing, with findings, if nobody can be made a customer of.
    fn buyer(&mut self, key: &RecordKey, order: &Order) -> Option<Buyer> {
        let fallback = &self.mapping.customers.fallback;
        let withheld = order.withheld();
        if withheld.iter().any(|kind| matches!(kind, PersonalData::Name | PersonalData::Address)) {
            return self.withheld(&withheld);
        }
        let identity = order.identity();
        let id = match (&identity.email, identity.customer_id) {
            (Some(email), _) => SourceId::of_email(email.expose()),
            (None, Some(id)) => SourceId::from(id),
            (None, None) if !fallback.is_empty() => return Some(Buyer::Fallback(fallback.clone())),
            (None, None) => {
                let help = "name a customer for such orders under customers.fallback in the mapping file";
                let message = "the order names nobody: no customer and no e-mail address";
                self.find(FindingCode::MissingField, "customer", message, help);
                return None;
            }
        };
        let person = address::of_buyer(order);
        if !address::is_complete(&person) && !fallback.is_empty() {
            return Some(Buyer::Fallback(fallback.clone()));
        }
        self.check_person(&person, order);
        let email = identity.email.unwrap_or_default();
        if email.expose().chars().count() > LONGEST_EMAIL {
            let help = "shorten it in Shopify, or enter the order by hand";
            let message = format!("the e-mail address has more than {LONGEST_EMAIL} characters");
            self.find(FindingCode::TooLong, "email", &message, help);
        }
        let key = RecordKey { kind: Kind::Customer, id, ..key.clone() };
        let cloudsuite = &self.mapping.cloudsuite;
        let document = Box::new(Customer {
            reference: Reference::of(&key),
            search_key: Reference::search_key_of(&key),
            company: cloudsuite.company,
            division: cloudsuite.division.clone(),
            template: self.mapping.customers.template.clone(),
            address: person,
            email,
        });
        Some(Buyer::Customer { key, document })
    }

    fn withheld(&mut self, kinds: &[PersonalData]) -> Option<Buyer> {
        let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
        let message = format!("Shopify withholds personal data from the app: {}", kinds.join(", "));
        let help = "ask for access to protected customer data in the app's settings at Shopify, then redrive";
        self.find(FindingCode::DataNotGranted, "customer", &message, help);
        None
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
            if address
                .is_some_and(|address| address.lines.expose().join(", ").chars().count() > LONGEST_STREET)
            {
                let message = format!("the street has more than {LONGEST_STREET} characters");
                let help = "shorten it in Shopify, or enter the order by hand";
                self.find(FindingCode::TooLong, field, &message, help);
            }
        }
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
