//! What only the twin does: deliveries as a simulation chooses them, and the strictness of SQS.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use platform::{HandClock, KeptMessage, Mailbox, MemoryMailbox, Outgoing, Pick, QueueError};

fn mailbox() -> MemoryMailbox {
    MemoryMailbox::new("events", Arc::new(HandClock::at(Timestamp::UNIX_EPOCH)))
}

async fn send(mailbox: &MemoryMailbox, bodies: &[&str]) {
    for body in bodies {
        mailbox.send(Outgoing { body: (*body).to_owned(), ..Outgoing::default() }).await.unwrap();
    }
}

async fn bodies(mailbox: &MemoryMailbox, most: u8) -> Vec<String> {
    mailbox.receive(most, 60).await.unwrap().into_iter().map(|message| message.body).collect()
}

#[tokio::test]
async fn the_oldest_come_first_unless_somebody_picks() {
    let quiet = mailbox();
    send(&quiet, &["a", "b", "c"]).await;
    assert_eq!(bodies(&quiet, 2).await, ["a", "b"]);
    let newest_first = |visible: &[&KeptMessage], most: usize| {
        (0..visible.len()).rev().take(most).map(|place| Pick { place, twice: false }).collect()
    };
    let turned = mailbox().picking(Arc::new(newest_first));
    send(&turned, &["a", "b", "c"]).await;
    assert_eq!(bodies(&turned, 2).await, ["c", "b"]);
    assert_eq!(bodies(&turned, 2).await, ["a"]);
}

/// At least once: two consumers may have one message, and only the later receipt deletes it.
#[tokio::test]
async fn a_message_may_come_twice() {
    let twice = |visible: &[&KeptMessage], _: usize| {
        visible.iter().map(|message| Pick { place: 0, twice: message.receive_count == 0 }).collect()
    };
    let mailbox = mailbox().picking(Arc::new(twice));
    send(&mailbox, &["a"]).await;
    let first = mailbox.receive(10, 60).await.unwrap().remove(0);
    let second = mailbox.receive(10, 60).await.unwrap().remove(0);
    assert_eq!((&first.message_id, second.receive_count), (&second.message_id, 2));
    mailbox.delete(&first.receipt).await.unwrap();
    assert_eq!(mailbox.messages().len(), 1);
    mailbox.delete(&second.receipt).await.unwrap();
    assert!(mailbox.messages().is_empty());
}

#[tokio::test]
async fn picks_that_cannot_be_are_passed_over() {
    let wild = |_: &[&KeptMessage], _: usize| (0..100).map(|place| Pick { place, twice: false }).collect();
    let mailbox = mailbox().picking(Arc::new(wild));
    send(&mailbox, &["a", "b", "c"]).await;
    assert_eq!(bodies(&mailbox, 2).await, ["a", "b"]);
    assert_eq!(bodies(&mailbox, 10).await, ["c"]);
}

#[tokio::test]
async fn what_sqs_refuses_is_refused() {
    let mailbox = mailbox();
    let with = |attributes: &[(&str, &str)]| Outgoing {
        body: "a".into(),
        attributes: attributes.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        ..Outgoing::default()
    };
    let many: BTreeMap<_, _> = (0..11).map(|n| (n.to_string(), "x".to_owned())).collect();
    for message in [Outgoing::default(), with(&[("reason", "")]), Outgoing { attributes: many, ..with(&[]) }]
    {
        assert!(matches!(mailbox.send(message).await, Err(QueueError::Failed { .. })));
    }
    assert!(mailbox.messages().is_empty());
}

#[tokio::test]
async fn what_is_visible_cannot_be_hidden() {
    let mailbox = mailbox();
    send(&mailbox, &["a"]).await;
    let receipt = mailbox.receive(1, 60).await.unwrap().remove(0).receipt;
    mailbox.hide(&receipt, 0).await.unwrap();
    assert!(matches!(mailbox.hide(&receipt, 60).await, Err(QueueError::StaleReceipt { .. })));
}

#[tokio::test]
async fn while_it_is_down_nothing_works_and_nothing_is_lost() {
    let mailbox = mailbox();
    send(&mailbox, &["a"]).await;
    mailbox.set_down(true);
    assert!(mailbox.send(Outgoing { body: "b".into(), ..Outgoing::default() }).await.is_err());
    assert!(mailbox.receive(1, 60).await.is_err() && mailbox.approximate_depth().await.is_err());
    mailbox.set_down(false);
    assert_eq!(bodies(&mailbox, 10).await, ["a"]);
}

#[tokio::test]
async fn no_body_is_printed() {
    let mailbox = mailbox();
    let message = Outgoing { body: "Jon Doe".into(), ..Outgoing::default() };
    let sent = format!("{message:?}");
    mailbox.send(message).await.unwrap();
    let shown = format!("{sent} {:?} {:?}", mailbox.messages(), mailbox.receive(1, 60).await);
    assert!(!shown.contains("Jon"), "{shown}");
}
