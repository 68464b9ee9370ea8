//! The types of the mapping file. `default.toml` is their manual.

use std::collections::BTreeMap;

use domain::{Finding, FindingCode};
use serde::Deserialize;

/// The mapping file of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Which CloudSuite, and how it is reached.
    pub cloudsuite: Cloudsuite,
    /// How orders are entered.
    pub orders: Orders,
    /// How buyers become customers.
    pub customers: Customers,
    /// How SKUs become item numbers.
    #[serde(default)]
    pub items: Items,
    /// How shipping is entered.
    #[serde(default)]
    pub shipping: Shipping,
    /// How discounts are entered.
    #[serde(default)]
    pub discounts: Discounts,
}

/// Which CloudSuite, and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cloudsuite {
    /// The product line.
    pub product_line: ProductLineName,
    /// Company number (M3: CONO).
    pub company: u16,
    /// Division (M3: DIVI); empty for the service account's own.
    #[serde(default)]
    pub division: String,
    /// Hosts that the `.ionapi` file may lead to besides Infor's own.
    #[serde(default)]
    pub allowed_hosts: Vec<String>,
    /// Certificate authority (PEM) of an on-premises gateway; empty for the public ones.
    #[serde(default)]
    pub certificate_authority: String,
    /// How many requests a minute may go through the gateway, for all tenants of one ION client together.
    #[serde(default = "requests_per_minute")]
    pub requests_per_minute: u32,
    /// How many of them may go at once after a quiet time.
    #[serde(default = "burst")]
    pub burst: u32,
}

/// The product lines that this release knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductLineName {
    /// Infor M3.
    M3,
}

/// How orders are entered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// Customer order type.
    pub order_type: String,
    /// Warehouse that delivers.
    pub warehouse: String,
    /// Facility; empty to take the warehouse's.
    #[serde(default)]
    pub facility: String,
    /// What to do with test orders.
    #[serde(default)]
    pub test_orders: TestOrders,
    /// Whether the buyer's note goes with the order.
    #[serde(default = "yes")]
    pub note: bool,
}

/// What to do with Shopify's test orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestOrders {
    /// They end as skipped.
    #[default]
    Skip,
    /// They are posted like any other.
    Post,
}

/// How buyers become customers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customers {
    /// Customer whose settings a new one takes over.
    pub template: String,
    /// Customer for orders that name nobody; empty to reject such orders.
    #[serde(default)]
    pub fallback: String,
}

/// How SKUs become item numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Items {
    /// What stands before every item number.
    pub prefix: String,
    /// SKUs that have another item number.
    pub aliases: BTreeMap<String, String>,
}

/// How shipping is entered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shipping {
    /// Charge that shipping is entered as; empty to reject orders that cost shipping.
    pub charge: String,
}

/// How discounts are entered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Discounts {
    /// What the discount amount of an order line means.
    pub write_as: Discount,
}

/// What the discount amount of an order line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// The discount of the whole line.
    #[default]
    LineAmount,
    /// The discount of one unit.
    UnitAmount,
}

fn yes() -> bool {
    true
}

fn requests_per_minute() -> u32 {
    600
}

fn burst() -> u32 {
    20
}

impl Mapping {
    /// Reads a mapping file. The finding names line, column and key.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        let mapping: Self = toml::from_str(text).map_err(|error| vec![unreadable(text, &error)])?;
        let findings = mapping.findings();
        if findings.is_empty() { Ok(mapping) } else { Err(findings) }
    }

    /// The item number of a SKU.
    pub fn item(&self, sku: &str) -> String {
        match self.items.aliases.get(sku) {
            Some(item) => item.clone(),
            None => format!("{}{sku}", self.items.prefix),
        }
    }

    /// Everything that no field's type can say.
    fn findings(&self) -> Vec<Finding> {
        let lengths = [
            ("cloudsuite.division", self.cloudsuite.division.as_str(), 3, false),
            ("orders.order_type", &self.orders.order_type, 3, true),
            ("orders.warehouse", &self.orders.warehouse, 3, true),
            ("orders.facility", &self.orders.facility, 3, false),
            ("customers.template", &self.customers.template, 10, true),
            ("customers.fallback", &self.customers.fallback, 10, false),
            ("shipping.charge", &self.shipping.charge, 6, false),
        ];
        let mut findings: Vec<_> = lengths.into_iter().filter_map(too_long_or_empty).collect();
        if !(1..=999).contains(&self.cloudsuite.company) {
            findings.push(finding("cloudsuite.company", "a company number is 1 to 999 (M3: CONO)".into()));
        }
        let limits = [
            ("cloudsuite.requests_per_minute", self.cloudsuite.requests_per_minute, 3_000),
            ("cloudsuite.burst", self.cloudsuite.burst, 100),
        ];
        let outside = limits.into_iter().filter(|(_, value, most)| !(1..=*most).contains(value));
        findings.extend(outside.map(|(key, _, most)| finding(key, format!("it is not 1 to {most}"))));
        findings
    }
}

fn too_long_or_empty((key, value, most, needed): (&str, &str, usize, bool)) -> Option<Finding> {
    if value.chars().count() > most {
        Some(finding(key, format!("it has more than {most} characters, which M3's field holds")))
    } else if needed && value.is_empty() {
        Some(finding(key, "it is empty".into()))
    } else {
        None
    }
}

fn finding(key: &str, message: String) -> Finding {
    Finding::new(FindingCode::Mapping, key, message, "correct the mapping file and push it again")
}

fn unreadable(text: &str, error: &toml::de::Error) -> Finding {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    finding("", format!("line {line}, column {column}: {}", error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DEFAULT_FILE;

    #[test]
    fn the_default_file_is_accepted_and_names_every_key() {
        let mapping = Mapping::parse(DEFAULT_FILE).unwrap();
        assert_eq!(mapping.orders.test_orders, TestOrders::Skip);
        let shown = format!("{mapping:?}");
        let keys = shown.split([' ', '{', ',']).filter_map(|word| word.strip_suffix(':'));
        for key in keys {
            let is_named =
                DEFAULT_FILE.contains(&format!("{key} =")) || DEFAULT_FILE.contains(&format!("{key}]"));
            assert!(is_named, "default.toml does not name {key}");
        }
    }

    #[test]
    fn a_fault_is_told_with_line_and_column() {
        let text = DEFAULT_FILE.replace("order_type = \"ECO\"", "order_typ = \"ECO\"");
        let findings = Mapping::parse(&text).unwrap_err();
        let line = text.lines().position(|line| line.starts_with("order_typ ")).unwrap() + 1;
        assert!(findings[0].message.starts_with(&format!("line {line}, column 1: ")), "{}", findings[0]);
    }

    #[test]
    fn all_values_that_do_not_fit_are_told_at_once() {
        let text = DEFAULT_FILE
            .replace("company = 100", "company = 1000")
            .replace("requests_per_minute = 600", "requests_per_minute = 3001")
            .replace("burst = 20", "burst = 0")
            .replace("warehouse = \"100\"", "warehouse = \"1000\"")
            .replace("template = \"ECOMTPL\"", "template = \"\"");
        let fields: Vec<_> = Mapping::parse(&text).unwrap_err().into_iter().map(|f| f.field).collect();
        let expected = [
            "orders.warehouse",
            "customers.template",
            "cloudsuite.company",
            "cloudsuite.requests_per_minute",
            "cloudsuite.burst",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_file_that_names_no_limits_has_the_default_ones() {
        let text = DEFAULT_FILE.replace("requests_per_minute = 600\n", "").replace("burst = 20\n", "");
        assert!(text.len() < DEFAULT_FILE.len());
        assert_eq!(Mapping::parse(&text).unwrap(), Mapping::parse(DEFAULT_FILE).unwrap());
    }

    #[test]
    fn an_alias_goes_before_the_prefix() {
        let mut mapping = Mapping::parse(DEFAULT_FILE).unwrap();
        mapping.items.prefix = "EU-".into();
        mapping.items.aliases.insert("MUG".into(), "4711".into());
        assert_eq!((mapping.item("MUG"), mapping.item("CAP")), ("4711".into(), "EU-CAP".into()));
    }
}
