//! Protected customer data that Shopify left out: null with an error here, a missing key in a webhook.

use std::collections::BTreeMap;

use super::tree::Tree;
use crate::answer::Step;

/// Objects that a webhook sends without their personal keys rather than not at all: as an empty object, each of
/// their keys is missing and nobody takes the order for one without a customer or an address.
const KEPT_EMPTY: [&str; 3] = ["customer", "billingAddress", "shippingAddress"];

/// Takes what was withheld at a path out of the data.
pub(super) fn take_out(tree: &mut Tree, path: &[Step]) {
    let Some((step, rest)) = path.split_first() else { return };
    match (tree, step) {
        (Tree::List(items), Step::Place(place)) => {
            if let Some(item) = items.get_mut(*place) {
                take_out(item, rest);
            }
        }
        (Tree::Object(fields), Step::Key(key)) => match fields.get_mut(key) {
            // Null stands here for what the path names, or for an object that cannot be without it.
            Some(Tree::Null) | None if KEPT_EMPTY.contains(&key.as_str()) => {
                fields.insert(key.clone(), Tree::Object(BTreeMap::new()));
            }
            Some(Tree::Null) | None => {
                fields.remove(key);
            }
            Some(value) => take_out(value, rest),
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(json: &str, path: &str) -> String {
        let steps =
            path.split('.').map(|step| step.parse().map_or_else(|_| Step::Key(step.to_owned()), Step::Place));
        let mut tree = Tree::parse(json).unwrap();
        take_out(&mut tree, &steps.collect::<Vec<_>>());
        serde_json::to_string(&tree).unwrap()
    }

    #[test]
    fn null_that_was_withheld_becomes_a_missing_key() {
        let cases = [
            (r#"{"order":{"email":null,"id":1}}"#, "order.email", r#"{"order":{"id":1}}"#),
            (
                r#"{"nodes":[null,{"email":null,"phone":null}]}"#,
                "nodes.1.email",
                r#"{"nodes":[null,{"phone":null}]}"#,
            ),
            (
                r#"{"customer":{"defaultEmailAddress":null}}"#,
                "customer.defaultEmailAddress.emailAddress",
                r#"{"customer":{}}"#,
            ),
            (r#"{"order":{"customer":null}}"#, "order.customer", r#"{"order":{"customer":{}}}"#),
            (
                r#"{"shippingAddress":{"zip":null,"country":"Germany"}}"#,
                "shippingAddress.zip",
                r#"{"shippingAddress":{"country":"Germany"}}"#,
            ),
            (
                r#"{"order":{"email":"kept@example.com"}}"#,
                "order.email",
                r#"{"order":{"email":"kept@example.com"}}"#,
            ),
            (r#"{"order":null}"#, "other.7.x", r#"{"order":null}"#),
        ];
        for (json, path, expected) in cases {
            assert_eq!(taken(json, path), expected, "{path}");
        }
    }
}
