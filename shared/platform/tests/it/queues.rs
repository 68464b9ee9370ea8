//! The pair of queues as the functions use it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use platform::{DeadLetter, HandClock, Mailbox, MemoryMailbox, Queues};

fn queues() -> (Arc<MemoryMailbox>, Arc<MemoryMailbox>, Queues) {
    let clock = Arc::new(HandClock::at(Timestamp::UNIX_EPOCH));
    let events = Arc::new(MemoryMailbox::new("events", clock.clone()));
    let dead_letters = Arc::new(MemoryMailbox::new("dead", clock));
    (events.clone(), dead_letters.clone(), Queues { events, dead_letters })
}

#[tokio::test]
async fn a_dead_letter_says_in_attributes_what_is_known_of_it() {
    let (_, dead, queues) = queues();
    let letter = DeadLetter {
        message: "body".into(),
        tenant: "demo".into(),
        record: String::new(),
        reason: "unreadable_envelope".into(),
        correlation: "d-1".into(),
    };
    assert!(!format!("{letter:?}").contains("body"));
    queues.bury(letter).await.unwrap();
    let expected = [("correlation", "d-1"), ("reason", "unreadable_envelope"), ("tenant", "demo")];
    let expected: BTreeMap<String, String> = expected.map(|(name, value)| (name.into(), value.into())).into();
    assert_eq!((&dead.messages()[0].attributes, dead.messages()[0].body.as_str()), (&expected, "body"));
}

#[tokio::test]
async fn a_renewed_message_begins_to_count_anew_and_waits() {
    let (events, _, queues) = queues();
    queues.send(&"demo".parse().unwrap(), "a".into()).await.unwrap();
    let received = events.receive(1, 60).await.unwrap().remove(0);
    queues.renew(&"demo".parse().unwrap(), received.body, 90).await.unwrap();
    queues.done(&received.receipt).await;
    let [kept] = &events.messages()[..] else { panic!("one message") };
    assert_eq!((kept.receive_count, kept.group.as_deref()), (0, Some("demo")));
    assert_eq!(kept.visible_at.as_second(), 90);
}

#[tokio::test]
async fn a_deferred_message_is_hidden_from_now_on() {
    let (events, _, queues) = queues();
    queues.send(&"demo".parse().unwrap(), "a".into()).await.unwrap();
    let received = events.receive(1, 60).await.unwrap().remove(0);
    queues.defer(&received.receipt, 300).await.unwrap();
    assert_eq!(events.messages()[0].visible_at.as_second(), 300);
    events.set_down(true);
    assert!(queues.defer(&received.receipt, 300).await.is_err());
    // That it cannot be taken off is told in the log only.
    queues.done(&received.receipt).await;
}
