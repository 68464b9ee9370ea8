//! The discounts of an order as a webhook tells them: applications in their order, and codes with their amounts.

use rust_decimal::Decimal;

use super::tree::Tree;
use crate::AdminError;

/// Writes `discount_applications` and `discount_codes` of an order of the Admin API.
pub(super) fn write(order: &Tree) -> Result<[(&'static str, Tree); 2], AdminError> {
    let mut applications: Vec<_> = order.list("discountApplications.nodes").iter().collect();
    applications.sort_by_key(|application| index(application));
    // Allocations name applications by their place, so no place may be missing.
    let is_gapless =
        applications.iter().enumerate().all(|(place, application)| index(application) == Some(place));
    if !is_gapless {
        return Err(AdminError::Unreadable("the places of the discount applications have a gap".into()));
    }
    let mut codes = Vec::new();
    for (place, application) in applications.iter().enumerate() {
        if let Some(code) = application.text("code") {
            codes.push(code_of(order, application, place, code)?);
        }
    }
    let applications = applications.into_iter().map(one).collect();
    Ok([("discount_applications", Tree::List(applications)), ("discount_codes", Tree::List(codes))])
}

fn index(application: &Tree) -> Option<usize> {
    match application.at("index") {
        Some(Tree::Number(letters)) => letters.parse().ok(),
        _ => None,
    }
}

fn one(application: &Tree) -> Tree {
    let kind = match application.text("__typename") {
        Some("DiscountCodeApplication") => "discount_code",
        Some("ManualDiscountApplication") => "manual",
        Some("ScriptDiscountApplication") => "script",
        _ => "automatic",
    };
    let (value, value_type) = match (application.text("value.amount"), application.at("value.percentage")) {
        (Some(amount), _) => (amount, "fixed_amount"),
        (None, Some(Tree::Number(letters))) => (letters.as_str(), "percentage"),
        _ => ("0.0", "fixed_amount"),
    };
    let lower = |key| application.text(key).unwrap_or_default().to_ascii_lowercase();
    let texts = [
        ("type", kind.to_owned()),
        ("value", value.to_owned()),
        ("value_type", value_type.to_owned()),
        ("allocation_method", lower("allocationMethod")),
        ("target_selection", lower("targetSelection")),
        ("target_type", lower("targetType")),
    ];
    let mut object = Tree::Object(texts.map(|(key, text)| (key.to_owned(), Tree::Text(text))).into());
    for key in ["code", "title", "description"] {
        if let Some(text) = application.text(key) {
            object.set(key, Tree::Text(text.to_owned()));
        }
    }
    object
}

/// A code with what it took off: the sum of its allocations, which Shopify has split to the cent.
fn code_of(order: &Tree, application: &Tree, place: usize, code: &str) -> Result<Tree, AdminError> {
    let allocations = ["lineItems.nodes", "shippingLines.nodes"]
        .into_iter()
        .flat_map(|path| order.list(path))
        .flat_map(|line| line.list("discountAllocations"))
        .filter(|allocation| allocation.at("discountApplication").and_then(index) == Some(place));
    let mut total = Decimal::ZERO;
    for allocation in allocations {
        total = total.checked_add(amount(allocation, "allocatedAmountSet")?).ok_or_else(too_much)?;
    }
    let kind = match (application.text("targetType"), application.at("value.percentage")) {
        (Some("SHIPPING_LINE"), _) => "shipping",
        (_, Some(Tree::Number(_))) => "percentage",
        _ => "fixed_amount",
    };
    let texts = [("code", code.to_owned()), ("amount", two_decimals(total)), ("type", kind.to_owned())];
    Ok(Tree::Object(texts.map(|(key, text)| (key.to_owned(), Tree::Text(text))).into()))
}

/// The amount of a money bag in the shop's currency.
pub(super) fn amount(tree: &Tree, bag: &str) -> Result<Decimal, AdminError> {
    amount_in(tree, bag, "shopMoney")
}

/// The amount of one side of a money bag: `shopMoney` or `presentmentMoney`.
pub(super) fn amount_in(tree: &Tree, bag: &str, side: &str) -> Result<Decimal, AdminError> {
    let text = tree.text(&format!("{bag}.{side}.amount"));
    let decimal = text.and_then(|text| Decimal::from_str_exact(text).ok());
    decimal.ok_or_else(|| AdminError::Unreadable(format!("`{bag}` is no money")))
}

/// A sum, with two decimals at least: that is how a webhook writes one.
pub(super) fn two_decimals(sum: Decimal) -> String {
    let mut sum = sum.normalize();
    if sum.scale() < 2 {
        sum.rescale(2);
    }
    sum.to_string()
}

/// A sum that no decimal holds has a part that cannot be an amount.
pub(super) fn too_much() -> AdminError {
    AdminError::Unreadable("amounts add up to more than any money".into())
}
