//! Receiving orders (WRO) that arrive in parts: by box and lot, in any order of delivery.

use domain::{FindingCode, Quantities, State};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    shipbob::{delivery, on_hand, receipt, record, shipment, told, world, world_and},
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
fn lots(world: &World, item: &str) -> Vec<(String, Decimal)> {
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

#[tokio::test]
async fn more_than_was_ordered_is_parked_until_it_is_corrected() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(71, 130)], "1900001")).await;
    let State::Rejected { findings } = record(&world, "receipt/40").await.state else { panic!() };
    assert_eq!(findings[0].code, FindingCode::OverReceipt);
    assert!(findings[0].help.contains("PPS200"));
    assert_eq!(on_hand(&world, "CANDLE-SOY"), before);
    // A person corrects the receiving order: what arrived is received.
    told(&world, "wro.fetched", "w-2", &receipt(2, &[(71, 120)], "1900001")).await;
    world.confirm_after(60).await;
    assert_eq!(on_hand(&world, "CANDLE-SOY") - before, 120.into());
}

/// The simulated M3 takes no more than was ordered: what it says is told, and nothing is moved in part.
#[tokio::test]
async fn more_than_was_ordered_is_left_to_m3_where_the_mapping_says_so() {
    let world = world_and(&[("over = \"reject\"", "over = \"receive\"")]).await;
    let before = on_hand(&world, "CANDLE-SOY");
    let message = delivery("wro.fetched", "w-1", &receipt(1, &[(71, 130)], "1900001"));
    for _ in 0..3 {
        world.post_messages(vec![message.clone()]).await;
        world.confirm_after(400).await;
    }
    let record = record(&world, "receipt/40").await;
    let State::Failed { findings } = record.state else { panic!("{:?}", record.trail) };
    assert!(findings[0].help.contains("MHS850"), "{}", findings[0]);
    assert_eq!(on_hand(&world, "CANDLE-SOY"), before);
}

/// What M3 allows beyond the order is received, and counted on the order.
#[tokio::test]
async fn more_than_was_ordered_is_received_where_m3_and_the_mapping_allow_it() {
    let world = world_and(&[("over = \"reject\"", "over = \"receive\"")]).await;
    world.m3.simulator().settings.purchasing.over_receipt_percent = 10;
    let before = on_hand(&world, "CANDLE-SOY");
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(71, 130)], "1900001")).await;
    world.confirm_after(60).await;
    assert_eq!(record(&world, "receipt/40").await.state, State::Confirmed);
    assert_eq!(on_hand(&world, "CANDLE-SOY") - before, 130.into());
    let receipts = world.m3.simulator().goods_receipts();
    assert_eq!(receipts.iter().map(|receipt| receipt.quantity).sum::<Decimal>(), 130.into());
}

#[tokio::test]
async fn a_receiving_order_that_ends_short_is_received_and_told() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    let mut body = receipt(1, &[(71, 90)], "1900001");
    told(&world, "wro.fetched", "w-1", &body).await;
    world.confirm_after(60).await;
    let told_of = |record: &domain::Record| {
        let of = |entry: &&domain::Entry| entry.event == domain::Event::NeedsReview;
        record.trail.iter().find(of).map(|entry| entry.detail.clone())
    };
    assert_eq!(told_of(&record(&world, "receipt/40").await), None, "the rest may still come");
    body = receipt(2, &[(71, 95)], "1900001");
    body["receipt"]["status"] = json!("Completed");
    told(&world, "wro.fetched", "w-2", &body).await;
    world.confirm_after(60).await;
    let record = record(&world, "receipt/40").await;
    let said = told_of(&record).unwrap();
    assert!(said.contains("5 of inventory item 71") && said.contains("PPS200"), "{said}");
    assert_eq!((record.state, on_hand(&world, "CANDLE-SOY") - before), (State::Confirmed, 95.into()));
}

/// A purchase order may be entered after its goods arrived.
#[tokio::test]
async fn what_lacks_a_purchase_order_or_an_item_is_received_by_itself_once_it_is_there() {
    let world = world_and(&[("71 = \"CANDLE-SOY\"", "71 = \"CANDLE-SOY\"\n73 = \"GHOST-SKU\"")]).await;
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(71, 5)], "1999999")).await;
    let ghosts = shipment(9, "Completed", 1, &json!([{ "id": 73, "quantity": 2 }]));
    told(&world, "shipment.polled", "s-1", &ghosts).await;
    world.events.clear();
    assert!(world.m3.simulator().stock_messages().is_empty(), "nothing is created");
    for (key, code) in [("receipt/40", FindingCode::UnknownOrder), ("shipment/9", FindingCode::UnknownItem)] {
        let State::Rejected { findings } = record(&world, key).await.state else { panic!() };
        assert!(findings.iter().all(|finding| finding.code == code), "{findings:?}");
    }
    assert_eq!(world.settle_after(901).await.taken_up, 2, "tried again in vain");
    assert!(world.post_queue().await.is_empty());
    assert_eq!(world.reasons().len(), 2, "people are told once");
    {
        let mut m3 = world.m3.simulator();
        m3.add_item("GHOST-SKU");
        m3.count_stock("SBE", "GHOST-SKU", "", 10.into()).unwrap();
    }
    assert_eq!(world.settle_after(1_801).await.taken_up, 2);
    assert!(world.post_queue().await.is_empty());
    world.confirm_after(60).await;
    let shipped = record(&world, "shipment/9").await;
    assert_eq!((shipped.state, on_hand(&world, "GHOST-SKU")), (State::Confirmed, 8.into()));
    assert!(matches!(record(&world, "receipt/40").await.state, State::Rejected { .. }));
}

/// M3 keeps balm by lots.
#[tokio::test]
async fn an_item_without_its_lot_is_a_finding() {
    let world = world().await;
    let before = lots(&world, "BALM-LIP");
    told(&world, "wro.fetched", "w-1", &receipt(1, &[(72, 24)], "1900004")).await;
    let balm = shipment(9, "Completed", 1, &json!([{ "id": 72, "quantity": 1 }]));
    told(&world, "shipment.polled", "s-1", &balm).await;
    for key in ["receipt/40", "shipment/9"] {
        let State::Rejected { findings } = record(&world, key).await.state else { panic!() };
        assert_eq!(findings[0].code, FindingCode::MissingLot, "{key}");
    }
    assert_eq!(lots(&world, "BALM-LIP"), before);
}

/// Whether M3 takes QTY in the basic unit or in the order's is not documented: a wrong guess would be wrong 24 times.
#[tokio::test]
async fn goods_that_were_ordered_in_another_unit_are_a_finding() {
    let world = world().await;
    let before = lots(&world, "BALM-LIP");
    let mut body = receipt(1, &[(72, 24)], "1900001");
    body["boxes"] = json!([{ "box_id": 1, "box_items": [
        { "inventory_id": 72, "lot_number": "LOT-A", "stowed_quantity": 24 }] }]);
    told(&world, "wro.fetched", "w-1", &body).await;
    let State::Rejected { findings } = record(&world, "receipt/40").await.state else { panic!() };
    assert!(findings[0].message.contains("ordered in BOX"), "{}", findings[0]);
    assert_eq!(lots(&world, "BALM-LIP"), before);
}

/// Each names the same purchase order: what one took is open for the other no more.
#[tokio::test]
async fn several_receiving_orders_for_one_purchase_order_share_what_is_open() {
    let world = world().await;
    let before = on_hand(&world, "CANDLE-SOY");
    let of = |id: u64, stowed| {
        let mut body = receipt(1, &[(71, stowed)], "1900001");
        body["receipt"]["id"] = json!(id);
        body
    };
    // The first two come in one batch; the third finds ten open.
    let both =
        [(40, 70), (41, 40)].map(|(id, stowed)| delivery("wro.fetched", &id.to_string(), &of(id, stowed)));
    assert!(world.post_messages(both.to_vec()).await.is_empty());
    world.confirm_after(60).await;
    assert_eq!(on_hand(&world, "CANDLE-SOY") - before, 110.into());
    told(&world, "wro.fetched", "42", &of(42, 11)).await;
    let State::Rejected { findings } = record(&world, "receipt/42").await.state else { panic!() };
    assert_eq!(findings[0].code, FindingCode::OverReceipt);
    assert!(findings[0].message.contains("1 more"), "{}", findings[0]);
}
