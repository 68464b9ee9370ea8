//! Receiving orders (WRO) that arrive in parts: by box and lot, in any order of delivery.

use domain::{Quantities, State};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    shipbob::{delivery, on_hand, receipt, record, told, world},
    support::World,
};

/// What is stowed of a receiving order: candles, and balm of two lots, of each by boxes.
struct Stowed {
    status: &'static str,
    /// Box, item, lot, quantity.
    items: &'static [(u64, u64, Option<&'static str>, u32)],
}

/// How the receiving order stands, time after time. At the fourth, somebody counted anew.
const STANDS: [Stowed; 5] = [
    Stowed { status: "Processing", items: &[(1, 71, None, 40)] },
    Stowed { status: "Processing", items: &[(1, 71, None, 40), (1, 72, Some("LOT-A"), 24)] },
    Stowed {
        status: "Processing",
        items: &[
            (1, 71, None, 40),
            (1, 72, Some("LOT-A"), 24),
            (2, 71, None, 30),
            (2, 72, Some("LOT-B"), 10),
        ],
    },
    Stowed {
        status: "Processing",
        items: &[
            (1, 71, None, 38),
            (1, 72, Some("LOT-A"), 24),
            (2, 71, None, 30),
            (2, 72, Some("LOT-B"), 10),
        ],
    },
    Stowed {
        status: "Completed",
        items: &[
            (1, 71, None, 38),
            (1, 72, Some("LOT-A"), 24),
            (2, 71, None, 62),
            (2, 72, Some("LOT-B"), 12),
        ],
    },
];

/// The receiving order with its boxes as it stands then.
fn stand(place: usize) -> Value {
    let Stowed { status, items } = &STANDS[place];
    let sum = |id| items.iter().filter(|item| item.1 == id).map(|item| item.3).sum();
    let mut body = receipt(u32::try_from(place).unwrap() + 1, &[(71, sum(71)), (72, sum(72))], "1900004");
    body["receipt"]["status"] = json!(status);
    let boxed = |number: u64| {
        let items = items.iter().filter(|item| item.0 == number).map(|(_, id, lot, quantity)| {
            json!({ "inventory_id": id, "lot_number": lot, "stowed_quantity": quantity, "received_quantity": quantity })
        });
        json!({ "box_id": number, "box_items": items.collect::<Vec<_>>() })
    };
    body["boxes"] = json!([boxed(1), boxed(2)]);
    body
}

/// What M3 has of an item, lot by lot.
pub(crate) fn lots(world: &World, item: &str) -> Vec<(String, Decimal)> {
    let stock = world.m3.simulator().stock();
    let own = stock.into_iter().filter(|held| held.warehouse == "SBE" && held.item == item);
    own.map(|held| (held.lot, held.quantity)).collect()
}

/// Gives deliveries to the poster in this order, each again as long as it stays on the queue; between some of them
/// CloudSuite is asked what became of the last.
pub(crate) async fn give_all(world: &World, deliveries: Vec<(String, bool)>) {
    let mut waiting = std::collections::VecDeque::from(deliveries);
    for _ in 0..100 {
        let Some((message, asks)) = waiting.pop_front() else { break };
        let stays = !world.post_messages(vec![message.clone()]).await.is_empty();
        if stays {
            waiting.push_back((message, true));
        }
        if asks || stays {
            world.confirm_after(60).await;
        }
    }
    assert!(waiting.is_empty(), "some are never done with");
    world.confirm_after(60).await;
}

/// Whether each message of M3's has a number of its own, and there are so many of them.
pub(crate) fn are_single(world: &World, count: usize) -> bool {
    let mut numbers: Vec<_> =
        world.m3.simulator().stock_messages().into_iter().map(|message| message.external).collect();
    let all = numbers.len();
    numbers.sort();
    numbers.dedup();
    numbers.len() == all && all == count
}

/// Places of a list in any order, all of them once and some again, with whether CloudSuite is asked after each.
pub(crate) fn any_order(count: usize) -> impl Strategy<Value = Vec<(usize, bool)>> {
    let again = prop::collection::vec(0..count, 0..3);
    let places = again.prop_map(move |again| (0..count).chain(again).collect::<Vec<_>>()).prop_shuffle();
    places.prop_flat_map(|places| {
        let asks = prop::collection::vec(any::<bool>(), places.len());
        asks.prop_map(move |asks| places.iter().copied().zip(asks).collect())
    })
}

/// A few cases: each is a world of its own.
pub(crate) fn few() -> ProptestConfig {
    ProptestConfig { cases: 12, max_shrink_iters: 30, failure_persistence: None, ..ProptestConfig::default() }
}

pub(crate) fn run<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story)
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn partial_receipts_in_any_order_of_delivery_end_with_the_right_total(order in any_order(STANDS.len())) {
        run(async {
            let world = world().await;
            let before = (on_hand(&world, "CANDLE-SOY"), lots(&world, "BALM-LIP"));
            let message = |(time, (place, asks)): (usize, &(usize, bool))| {
                // A second delivery has an id of its own, or the first one's.
                let id = if time % 2 == 0 { format!("w-{place}") } else { format!("w-{place}-{time}") };
                (delivery("wro.fetched", &id, &stand(*place)), *asks)
            };
            give_all(&world, order.iter().enumerate().map(message).collect()).await;
            let record = record(&world, "receipt/40").await;
            prop_assert_eq!(&record.state, &State::Confirmed);
            let done = [("71", 100), ("72/LOT-A", 24), ("72/LOT-B", 12)];
            let done: Quantities = done.into_iter().map(|(id, count)| (id.to_owned(), count.into())).collect();
            prop_assert_eq!(&record.movements.done, &done);
            prop_assert_eq!(on_hand(&world, "CANDLE-SOY") - before.0, Decimal::from(100));
            for ((lot, was), (_, is)) in before.1.into_iter().zip(lots(&world, "BALM-LIP")) {
                prop_assert_eq!(is - was, Decimal::from(if lot == "LOT-A" { 24 } else { 12 }), "{}", lot);
            }
            prop_assert!(are_single(&world, record.movements.count as usize));
            Ok(())
        })?;
    }
}

/// Nothing stowed any more is not nothing stowed yet.
#[tokio::test]
async fn what_was_received_by_mistake_is_taken_back_to_nothing() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    told(&world, "wro.fetched", "w-0", &receipt(1, &[(71, 0)], "1900001")).await;
    assert!(matches!(record(&world, "receipt/40").await.state, State::Skipped { .. }));
    for (minute, stowed) in [(2, 40), (3, 0)] {
        told(&world, "wro.fetched", &format!("w-{minute}"), &receipt(minute, &[(71, stowed)], "1900001"))
            .await;
        world.confirm_after(60).await;
        assert_eq!(on_hand(&world, "CANDLE-SOY") - before, stowed.into(), "{minute}");
    }
    assert_eq!(record(&world, "receipt/40").await.state, State::Confirmed);
}

/// All lines of a movement share one message: with something taken back, what arrived is adjusted as well. The stock is
/// right; the purchase order does not count what arrived so.
#[tokio::test]
async fn what_arrives_and_what_is_taken_back_in_one_movement_are_both_in_the_stock() {
    let world = world().await;
    let before = (on_hand(&world, "CANDLE-SOY"), on_hand(&world, "BALM-LIP"));
    let body = |minute, candles, balm: u32| {
        let mut body = receipt(minute, &[(71, candles), (72, balm)], "1900004");
        body["boxes"] = json!([{ "box_id": 1, "box_items": [
            { "inventory_id": 71, "stowed_quantity": candles },
            { "inventory_id": 72, "lot_number": "LOT-A", "stowed_quantity": balm } ] }]);
        body
    };
    for (minute, candles, balm) in [(1, 40, 5), (2, 38, 9), (3, 39, 9)] {
        told(&world, "wro.fetched", &format!("w-{minute}"), &body(minute, candles, balm)).await;
        world.confirm_after(60).await;
        let is = (on_hand(&world, "CANDLE-SOY") - before.0, on_hand(&world, "BALM-LIP") - before.1);
        assert_eq!(is, (candles.into(), balm.into()), "{minute}");
    }
    assert_eq!(record(&world, "receipt/40").await.state, State::Confirmed);
}

/// The number of an earlier movement is never taken for that of the one under way.
#[tokio::test]
async fn each_movement_is_known_by_a_number_of_its_own() {
    let world = world().await;
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(71, 40)], "1900001")).await;
    assert_eq!(record(&world, "receipt/40").await.references.number, None);
    world.confirm_after(60).await;
    let first = record(&world, "receipt/40").await.references.number.unwrap();
    // Refused by the check: nothing of a second movement is in M3, and the first one's number stays.
    told(&world, "wro.fetched", "w-2", &receipt(2, &[(71, 500)], "1900001")).await;
    let parked = record(&world, "receipt/40").await;
    assert_eq!((parked.references.number, parked.movements.count), (Some(first.clone()), 1));
    assert_eq!((parked.references.temporary, parked.movements.under_way), (None, None));
    told(&world, "wro.fetched", "w-3", &receipt(3, &[(71, 60)], "1900001")).await;
    assert_eq!(record(&world, "receipt/40").await.references.number, None, "the second is not confirmed yet");
    world.confirm_after(60).await;
    let second = record(&world, "receipt/40").await;
    assert_ne!(second.references.number, Some(first.clone()));
    // Both numbers are kept: the trail has what the record has no more.
    let confirmed: Vec<_> =
        second.trail.iter().filter(|entry| entry.event == domain::Event::Confirmed).collect();
    assert_eq!((confirmed.len(), &confirmed[0].detail), (2, &first));
}
