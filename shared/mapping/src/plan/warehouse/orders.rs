//! ShipBob's own orders: sales orders, or purchase orders that replenish.

use domain::{
    Address, Currency, Document, Finding, FindingCode, Money, OrderLine, Private, PurchaseLine,
    PurchaseOrder, RecordKey, Reference, Release, SalesOrder,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use shipbob::{Order, OrderStatus, OrderedProduct, Recipient};

use crate::{
    Becomes, Mapping,
    plan::{Buyer, Plan},
};

/// The unit of single pieces.
const EACH: &str = "EA";

/// Plans an order of ShipBob's. Nobody is created for it: its customer is the one that the mapping names.
pub fn plan_shipbob_order(mapping: &Mapping, key: &RecordKey, order: &Order) -> Plan {
    let orders = &mapping.shipbob.orders;
    let channel = order.channel.as_ref().and_then(|channel| orders.channels.get(&channel.id?));
    match order.status {
        Some(OrderStatus::ImportReview) => {
            return Plan::Skip("ShipBob has yet to recognise its products".to_owned());
        }
        Some(OrderStatus::Cancelled) => return Plan::Skip("cancelled".to_owned()),
        _ => {}
    }
    let currency: Currency = match "USD".parse() {
        Ok(currency) => currency,
        Err(_) => Currency::NONE,
    };
    let mut entry = Entry { mapping, order, currency, findings: Vec::new() };
    match channel.map_or(orders.becomes, |channel| channel.becomes) {
        Becomes::Nothing => Plan::Skip("the mapping makes nothing of orders of this channel".to_owned()),
        Becomes::PurchaseOrder => {
            let document = Document::PurchaseOrder(entry.purchase_order(key));
            Plan::of(document, entry.findings)
        }
        Becomes::SalesOrder => {
            let own =
                channel.map(|channel| channel.customer.as_str()).filter(|customer| !customer.is_empty());
            let customer = own.unwrap_or(&orders.customer);
            if customer.is_empty() {
                let message = "the mapping file names no customer for orders of this channel";
                let help =
                    "name one under shipbob.orders in the mapping file, or let such orders become nothing";
                entry.find(FindingCode::UnknownCustomer, "channel", message, help);
            }
            let document = Document::SalesOrder(entry.sales_order(key));
            let buyer = Some(Box::new(Buyer::Fallback(customer.to_owned())));
            Plan::Planned { document: Box::new(document), buyer, findings: entry.findings }
        }
    }
}

/// One order on its way to a document.
struct Entry<'a> {
    mapping: &'a Mapping,
    order: &'a Order,
    /// ShipBob tells amounts of orders in US dollars.
    currency: Currency,
    findings: Vec<Finding>,
}

/// What both documents make of a line.
struct Line {
    path: String,
    source_id: String,
    item: String,
    unit: String,
    quantity: Decimal,
    price: Money,
}

impl Entry<'_> {
    fn find(&mut self, code: FindingCode, field: impl Into<String>, message: impl Into<String>, help: &str) {
        self.findings.push(Finding::new(code, field, message, help));
    }

    fn sales_order(&mut self, key: &RecordKey) -> SalesOrder {
        let lines = self.lines();
        let date = self.day();
        let Self { mapping, order, currency, .. } = *self;
        SalesOrder {
            reference: Reference::of(key),
            source_name: self.name(),
            company: mapping.cloudsuite.company,
            division: mapping.cloudsuite.division.clone(),
            customer: String::new(),
            order_type: mapping.orders.order_type.clone(),
            facility: mapping.orders.facility.clone(),
            warehouse: mapping.orders.warehouse.clone(),
            currency,
            order_date: date,
            ship_to: order.recipient.as_ref().and_then(ship_to),
            lines: lines.into_iter().map(|line| self.sales_line(line)).collect(),
            charges: Vec::new(),
            note: Private::default(),
            buyer_reference: order
                .retailer_program_data
                .as_ref()
                .and_then(|retailer| retailer.purchase_order_number.clone())
                .unwrap_or_default(),
            payment_terms: String::new(),
            release: Release::AtOnce,
        }
    }

    fn sales_line(&self, line: Line) -> OrderLine {
        let Line { path, source_id, item, unit, quantity, price } = line;
        let discount = Money { amount: Decimal::ZERO, currency: self.currency };
        OrderLine { path, source_id, item, quantity, unit, price, discount, allocations: Vec::new() }
    }

    fn purchase_order(&mut self, key: &RecordKey) -> PurchaseOrder {
        let lines = self.lines();
        let date = self.day();
        let Self { mapping, currency, .. } = *self;
        let wanted = &mapping.purchase_orders;
        for (key, value) in [("supplier", &wanted.supplier), ("batch_origin", &wanted.batch_origin)] {
            if value.is_empty() {
                let message = format!("purchase_orders.{key} is empty in the mapping file");
                self.findings.push(Finding::new(FindingCode::Mapping, "", message, "name it there"));
            }
        }
        let line = |Line { path, source_id, item, unit, quantity, price }: Line| PurchaseLine {
            path,
            source_id,
            item,
            quantity,
            unit,
            price,
            cost_centre: wanted.cost_centre.clone(),
            accounts: domain::Accounts::new(),
        };
        PurchaseOrder {
            reference: Reference::of(key),
            source_name: self.name(),
            company: mapping.cloudsuite.company,
            division: mapping.cloudsuite.division.clone(),
            supplier: wanted.supplier.clone(),
            order_type: wanted.order_type.clone(),
            batch_origin: wanted.batch_origin.clone(),
            facility: mapping.orders.facility.clone(),
            warehouse: mapping.orders.warehouse.clone(),
            currency,
            order_date: date,
            delivery_date: date.checked_add(i32::from(wanted.lead_days).days()).unwrap_or(date),
            lines: lines.into_iter().map(line).collect(),
        }
    }

    fn name(&self) -> String {
        let number = self.order.order_number.as_deref().or(self.order.reference_id.as_deref());
        format!("ShipBob {}", number.map_or_else(|| self.order.id.to_string(), str::to_owned))
    }

    fn day(&self) -> Date {
        let time: Option<Timestamp> = self.order.purchase_date.or(self.order.created_date);
        time.map_or(Date::ZERO, |time| TimeZone::UTC.to_datetime(time).date())
    }

    fn lines(&mut self) -> Vec<Line> {
        let Some(products) = &self.order.products else {
            let help = "it is looked for again by the next run of the ingest job";
            self.find(FindingCode::MissingField, "products", "the order does not say what was ordered", help);
            return Vec::new();
        };
        let mut lines = Vec::with_capacity(products.len());
        for (place, product) in products.iter().enumerate() {
            let path = format!("products[{place}]");
            lines.extend(self.line(path, product));
        }
        lines
    }

    fn line(&mut self, path: String, product: &OrderedProduct) -> Option<Line> {
        let Some(sku) = product.sku.as_deref().or(product.reference_id.as_deref()) else {
            let help = "give the product a SKU in ShipBob";
            self.find(FindingCode::MissingField, format!("{path}.sku"), "the product has no SKU", help);
            return None;
        };
        let Some(quantity) = product.quantity else {
            let help = "it is looked for again by the next run of the ingest job";
            self.find(FindingCode::MissingField, format!("{path}.quantity"), "it says no quantity", help);
            return None;
        };
        let code = product.quantity_unit_of_measure_code.as_deref().unwrap_or(EACH);
        let counted = self.mapping.items.units.get(sku).filter(|_| code == EACH);
        let unit = match (counted, self.mapping.shipbob.orders.units.get(code)) {
            (Some(counted), _) => counted.unit.clone(),
            (None, Some(unit)) => unit.clone(),
            (None, None) if code == EACH => String::new(),
            (None, None) => {
                let message = format!("nothing says which unit of CloudSuite {code} is");
                let help = "name it under shipbob.orders.units in the mapping file";
                self.find(
                    FindingCode::Mapping,
                    format!("{path}.quantity_unit_of_measure_code"),
                    message,
                    help,
                );
                return None;
            }
        };
        let quantity =
            counted.map_or(Some(quantity), |counted| quantity.checked_mul(counted.factor.0))?.normalize();
        let amount = product.unit_price.unwrap_or_default();
        let amount = match counted {
            Some(counted) => amount.checked_div(counted.factor.0)?.round_dp(self.currency.exponent() + 2),
            None => amount,
        };
        Some(Line {
            source_id: product.external_line_id.map_or_else(|| path.clone(), |id| id.to_string()),
            path,
            item: self.mapping.item(sku),
            unit,
            quantity,
            price: Money { amount, currency: self.currency },
        })
    }
}

/// Where the goods go.
fn ship_to(recipient: &Recipient) -> Option<Address> {
    let address = &recipient.address;
    let text =
        |text: &Option<Private<String>>| text.as_ref().map(|text| text.expose().clone()).unwrap_or_default();
    let lines: Vec<String> = [&address.company_name, &address.address1, &address.address2]
        .into_iter()
        .map(text)
        .filter(|line| !line.trim().is_empty())
        .collect();
    let country = address.country.clone().unwrap_or_default();
    if lines.is_empty() && country.is_empty() {
        return None;
    }
    let name = recipient.called().map(|name| name.expose().clone()).unwrap_or_default();
    Some(Address {
        name: Private::new(name),
        lines: Private::new(lines),
        postal_code: Private::new(text(&address.zip_code)),
        town: Private::new(text(&address.city)),
        area: Private::new(text(&address.state)),
        country,
        phone: Private::new(text(&recipient.phone_number)),
    })
}
