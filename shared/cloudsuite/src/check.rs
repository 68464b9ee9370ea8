//! Checks a sales order against CloudSuite's master data. Pure: all findings of an order in one report.

use domain::{Finding, FindingCode, SalesOrder};

use crate::{Known, Standing};

/// For whom an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buying<'a> {
    /// A customer that is to be made from this template.
    New {
        /// The customer template.
        template: &'a str,
    },
    /// The customer that the order names.
    Customer,
    /// Nobody is known; other findings say so.
    Nobody,
}

/// Everything in the master data that keeps an order from being posted.
pub fn check(order: &SalesOrder, buying: Buying<'_>, known: &Known) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(judge(
        known.warehouses.get(&order.warehouse),
        "warehouse",
        &format!("warehouse {}", order.warehouse),
        (FindingCode::UnknownWarehouse, FindingCode::UnknownWarehouse),
        "create it in MMS005, or name another one in the mapping file and push it",
    ));
    findings.extend(judge(
        known.order_types.get(&order.order_type),
        "order_type",
        &format!("customer order type {}", order.order_type),
        (FindingCode::UnknownOrderType, FindingCode::UnknownOrderType),
        "create it in OIS010, or name another one in the mapping file and push it",
    ));
    if !order.facility.is_empty() {
        findings.extend(judge(
            known.facilities.get(&order.facility),
            "facility",
            &format!("facility {}", order.facility),
            (FindingCode::UnknownFacility, FindingCode::UnknownFacility),
            "create it in CRS008, or name another one in the mapping file and push it",
        ));
    }
    match buying {
        Buying::Nobody => {}
        Buying::New { template } => findings.extend(judge(
            known.templates.get(template),
            "customers.template",
            &format!("customer template {template}"),
            (FindingCode::UnknownCustomerTemplate, FindingCode::UnknownCustomerTemplate),
            "create it in CRS610 with customer type template, or name another one in the mapping file",
        )),
        Buying::Customer => findings.extend(judge(
            known.customers.get(&order.customer),
            "customer",
            &format!("customer {}", order.customer),
            (FindingCode::UnknownCustomer, FindingCode::CustomerNotUsable),
            "correct the customer in CRS610 (status 20, no stop), then redrive",
        )),
    }
    for line in &order.lines {
        findings.extend(judge(
            known.items.get(&(order.warehouse.clone(), line.item.clone())),
            &format!("{}.sku", line.path),
            &format!("item {} in warehouse {}", line.item, order.warehouse),
            (FindingCode::UnknownItem, FindingCode::ItemNotUsable),
            "create or release the item in MMS001 and MMS002, or give the SKU an alias in the mapping file",
        ));
    }
    findings
}

/// The finding that a standing becomes: codes are for unknown and for not usable.
fn judge(
    standing: Option<&Standing>,
    field: &str,
    what: &str,
    (unknown, not_usable): (FindingCode, FindingCode),
    help: &str,
) -> Option<Finding> {
    match standing {
        Some(Standing::Usable) => None,
        Some(Standing::Unknown) => {
            Some(Finding::new(unknown, field, format!("CloudSuite does not know {what}"), help))
        }
        Some(Standing::NotUsable(why)) => {
            Some(Finding::new(not_usable, field, format!("{what} cannot be used: {why}"), help))
        }
        Some(Standing::Unclear(answer)) => Some(Finding::new(
            FindingCode::Refused,
            field,
            format!("CloudSuite's answer on {what} is covered by no rule: {answer}"),
            "look the message up in M3 and report the code, so that a rule can be added",
        )),
        None => Some(Finding::new(
            FindingCode::Refused,
            field,
            format!("{what} was not looked up"),
            "this is a fault of the connector: report it",
        )),
    }
}
