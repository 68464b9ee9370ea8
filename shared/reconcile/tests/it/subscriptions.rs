//! Subscriptions that Shopify has removed.

use std::time::Duration;

use reconcile::{check, wanted};
use shopify_admin::AdminError;
use simulated_shopify::{Effect, Fault};
use tokio::time::Instant;

use crate::world::{World, world};

const URL: &str = "https://hooks.example.com/";

fn in_time() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

async fn looked_at(world: &World, restore: bool) -> reconcile::Subscribed {
    check(&world.admin, &wanted(URL, &world.tenant), restore, in_time()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_removed_subscription_is_noticed_and_restored() {
    let world = world();
    let first = looked_at(&world, true).await;
    assert_eq!((first.kept, first.restored, first.failed.len()), (0, first.missing.len(), 0));
    assert!(first.missing.len() > 15 && !first.missing.iter().any(|topic| topic.contains("redact")));

    let all = world.admin.subscriptions(in_time()).await.unwrap();
    assert!(all.iter().all(|there| there.uri == "https://hooks.example.com/webhooks/shopify/demo"));
    let paid = all.iter().find(|there| there.topic == "ORDERS_PAID").unwrap();
    world.admin.unsubscribe(&paid.id, in_time()).await.unwrap();

    let noticed = looked_at(&world, false).await;
    assert_eq!((noticed.missing.clone(), noticed.restored), (vec!["orders/paid".to_owned()], 0));
    assert_eq!(looked_at(&world, true).await.restored, 1);
    let after = looked_at(&world, true).await;
    assert_eq!((after.kept, after.missing.len(), after.restored), (first.missing.len(), 0, 0));
}

#[tokio::test(start_paused = true)]
async fn one_that_goes_elsewhere_is_told_and_led_back() {
    let world = world();
    check(&world.admin, &wanted("https://old.example.com", &world.tenant), true, in_time()).await.unwrap();
    let looked = looked_at(&world, false).await;
    assert_eq!((looked.kept, looked.missing.len(), looked.restored), (0, 0, 0));
    assert_eq!(looked_at(&world, true).await.restored, looked.different.len());
    assert_eq!(looked_at(&world, false).await.kept, looked.different.len());
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_restored_keeps_no_other_from_it() {
    let world = world();
    let refused = Effect::Graphql { code: "undefinedField".into() };
    world.fault(Fault::once(refused).times(10).only("COMPANIES_CREATE"));
    let looked = looked_at(&world, true).await;
    assert_eq!(looked.restored + 1, looked.missing.len());
    assert!(matches!(&looked.failed[..], [(topic, AdminError::Refused(_))] if topic == "companies/create"));
}
