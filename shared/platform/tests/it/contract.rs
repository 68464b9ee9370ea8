//! The sentences of the contract, each a test of any mailbox.

use std::collections::BTreeMap;

use platform::{LARGEST_MESSAGE, Mailbox, Outgoing, Received};

use crate::pair::{MAX_RECEIVE_COUNT, Pair};

/// Longer than any test takes.
const LONG: u32 = 600;

fn outgoing(body: &str) -> Outgoing {
    Outgoing { body: body.into(), ..Outgoing::default() }
}

async fn send(mailbox: &dyn Mailbox, body: &str) {
    mailbox.send(outgoing(body)).await.unwrap();
}

pub(crate) async fn a_message_comes_back_as_it_was_sent(pair: Pair) {
    let texts = [("reason", "rejected: unknown_item ×2"), ("record", "demo/shopify/order/1")];
    let attributes: BTreeMap<String, String> = texts.map(|(name, value)| (name.into(), value.into())).into();
    let body = "{\"v\":1,\"body\":\"ö\\u00e9 \"}";
    let message = Outgoing { attributes: attributes.clone(), group: Some("demo".into()), ..outgoing(body) };
    pair.queue.send(message).await.unwrap();
    let received = pair.one(LONG).await;
    assert_eq!((received.body.as_str(), received.group.as_deref()), (body, Some("demo")));
    assert_eq!((received.attributes, received.receive_count), (attributes, 1));
    assert!(received.sent_at.as_second() > 1_700_000_000, "{}", received.sent_at);

    send(&*pair.queue, "plain").await;
    let plain = pair.one(LONG).await;
    assert_eq!((plain.group, plain.attributes), (None, BTreeMap::new()));
    assert_ne!(plain.message_id, received.message_id);
}

pub(crate) async fn a_received_message_is_hidden_until_its_time_ends(pair: Pair) {
    send(&*pair.queue, "a").await;
    let first = pair.one(3).await;
    assert!(pair.is_empty().await);
    pair.pass(3).await;
    let second = pair.one(LONG).await;
    assert_eq!(second.message_id, first.message_id);
    assert_ne!(second.receipt, first.receipt);
}

pub(crate) async fn a_message_is_hidden_longer_on_demand(pair: Pair) {
    send(&*pair.queue, "a").await;
    let received = pair.one(2).await;
    pair.queue.hide(&received.receipt, LONG).await.unwrap();
    pair.pass(2).await;
    assert!(pair.is_empty().await);
}

pub(crate) async fn hiding_for_no_time_brings_it_back(pair: Pair) {
    send(&*pair.queue, "a").await;
    let received = pair.one(LONG).await;
    pair.queue.hide(&received.receipt, 0).await.unwrap();
    assert_eq!(pair.one(LONG).await.message_id, received.message_id);
}

pub(crate) async fn each_receive_counts(pair: Pair) {
    send(&*pair.queue, "a").await;
    for count in 1..=MAX_RECEIVE_COUNT {
        let received = pair.one(LONG).await;
        assert_eq!(received.receive_count, count);
        pair.queue.hide(&received.receipt, 0).await.unwrap();
    }
}

pub(crate) async fn what_is_deleted_never_comes_again(pair: Pair) {
    send(&*pair.queue, "a").await;
    let received = pair.one(1).await;
    pair.queue.delete(&received.receipt).await.unwrap();
    pair.pass(1).await;
    assert!(pair.is_empty().await);
    assert_eq!(pair.queue.approximate_depth().await.unwrap(), 0);
    assert!(pair.dead_letters.receive(10, LONG).await.unwrap().is_empty());
}

/// AWS answers such a delete with success, or says that the receipt is no good: either may be, as long as the
/// message stays with its newer holder.
pub(crate) async fn an_old_receipt_deletes_nothing(pair: Pair) {
    send(&*pair.queue, "a").await;
    let first = pair.one(1).await;
    pair.pass(1).await;
    let second = pair.one(2).await;
    let _ = pair.queue.delete(&first.receipt).await;
    pair.pass(2).await;
    assert_eq!(pair.one(LONG).await.message_id, second.message_id);
}

pub(crate) async fn a_receipt_of_nothing_changes_nothing(pair: Pair) {
    send(&*pair.queue, "a").await;
    assert!(pair.queue.hide("no receipt", LONG).await.is_err());
    let _ = pair.queue.delete("no receipt").await;
    assert_eq!(pair.one(LONG).await.body, "a");
}

pub(crate) async fn a_delayed_message_comes_later(pair: Pair) {
    let delayed = Outgoing { delay_seconds: 3, ..outgoing("a") };
    pair.queue.send(delayed).await.unwrap();
    assert!(pair.is_empty().await);
    pair.pass(3).await;
    assert_eq!(pair.one(LONG).await.receive_count, 1);
}

pub(crate) async fn a_receive_brings_ten_at_most(pair: Pair) {
    for n in 0..12 {
        send(&*pair.queue, &n.to_string()).await;
    }
    let mut bodies: Vec<String> = Vec::new();
    loop {
        let some = pair.queue.receive(10, LONG).await.unwrap();
        assert!(some.len() <= 10);
        if some.is_empty() {
            break;
        }
        bodies.extend(some.into_iter().map(|message| message.body));
    }
    bodies.sort_by_key(|body| body.parse::<u32>().unwrap());
    assert_eq!(bodies, (0..12).map(|n| n.to_string()).collect::<Vec<_>>());
}

pub(crate) async fn a_message_received_too_often_moves_to_the_dead_letters(pair: Pair) {
    pair.queue.send(Outgoing { group: Some("demo".into()), ..outgoing("a") }).await.unwrap();
    let mut last = None;
    for _ in 0..MAX_RECEIVE_COUNT {
        let received = pair.one(LONG).await;
        pair.queue.hide(&received.receipt, 0).await.unwrap();
        last = Some(received);
    }
    let last: Received = last.unwrap();
    assert!(pair.is_empty().await, "it was received as often as is allowed");
    let moved = pair.dead_letters.receive(10, LONG).await.unwrap();
    let [moved] = &moved[..] else { panic!("one dead letter: {moved:?}") };
    assert_eq!((moved.body.as_str(), moved.group.as_deref()), ("a", Some("demo")));
    assert_eq!(moved.attributes, BTreeMap::new(), "SQS says nothing of why");
    assert_eq!((&moved.message_id, moved.sent_at), (&last.message_id, last.sent_at));
    assert_eq!(pair.queue.approximate_depth().await.unwrap(), 0);
}

pub(crate) async fn what_is_sent_anew_is_another_message(pair: Pair) {
    send(&*pair.queue, "a").await;
    let first = pair.one(LONG).await;
    send(&*pair.queue, &first.body).await;
    let second = pair.one(LONG).await;
    assert_ne!(second.message_id, first.message_id);
    assert_eq!(second.receive_count, 1);
}

pub(crate) async fn what_is_too_large_is_refused(pair: Pair) {
    assert!(pair.queue.send(outgoing(&"x".repeat(LARGEST_MESSAGE + 1))).await.is_err());
    pair.queue.send(outgoing(&"x".repeat(LARGEST_MESSAGE))).await.unwrap();
    assert_eq!(pair.one(LONG).await.body.len(), LARGEST_MESSAGE);
}

pub(crate) async fn the_depth_counts_what_is_hidden(pair: Pair) {
    assert_eq!(pair.queue.approximate_depth().await.unwrap(), 0);
    send(&*pair.queue, "a").await;
    send(&*pair.queue, "b").await;
    pair.queue.send(Outgoing { delay_seconds: 60, ..outgoing("c") }).await.unwrap();
    pair.queue.receive(1, LONG).await.unwrap();
    assert_eq!(pair.queue.approximate_depth().await.unwrap(), 3);
}
