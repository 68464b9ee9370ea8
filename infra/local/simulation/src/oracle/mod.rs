//! The oracle: what must hold once all is quiet. It looks at M3, the ledger, the queues and the accounts, and
//! knows Shopify's payloads and M3's fields; it must never use the mapping or any other code that made the one
//! of the other.

mod accounts;
mod content;
mod gateway;
mod orders;
mod view;

use crate::{World, scenario::Scenario};

use self::view::View;

/// Every sentence that does not hold.
pub(crate) async fn judge(world: &World, scenario: &Scenario) -> Vec<String> {
    let view = View::of(world).await;
    let mut violations = orders::judge(&view, scenario);
    violations.extend(accounts::judge(&view, world, scenario));
    violations.extend(gateway::judge(world));
    violations
}
