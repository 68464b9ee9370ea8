//! Taking dead letters off that hold what is to be erased.

use domain::{Kind, RecordKey, TenantId};
use platform::{DeadLetter, Envelope, MOST_AT_ONCE, Received};
use shopify::{Event, Subject, Topic};

use super::{Halt, erasing::Erasure, of_kind};

/// For how many seconds a letter that was looked at is hidden, unless it is made visible before: a turn that goes on
/// within that time does not look at it again.
const HIDDEN: u32 = 900;
/// After so many empty receives in a row the queue counts as empty.
const EMPTY: usize = 2;

impl Erasure<'_> {
    /// Deletes the dead letters about what was erased, or all of the shop. What is left is made visible again, once
    /// all were looked at.
    pub(super) async fn dead_letters(&mut self) -> Result<(), Halt> {
        let dead_letters = &*self.poster.queue.dead_letters;
        let (mut left, mut empty) = (Vec::new(), 0);
        while empty < EMPTY {
            // What was looked at stays hidden, so that the next turn goes on behind it.
            self.in_time()?;
            let received = dead_letters.receive(MOST_AT_ONCE, HIDDEN).await?;
            empty = if received.is_empty() { empty + 1 } else { 0 };
            for letter in received {
                if self.is_meant(&letter) {
                    dead_letters.delete(&letter.receipt).await?;
                    self.progress.tally.letters += 1;
                } else {
                    left.push(letter.receipt);
                }
            }
        }
        for receipt in left {
            if let Err(error) = dead_letters.hide(&receipt, 0).await {
                tracing::warn!(%error, "a dead letter stays hidden for a quarter of an hour");
            }
        }
        Ok(())
    }

    /// Whether a letter holds what is to be erased. One that was accepted after the request does not.
    fn is_meant(&self, letter: &Received) -> bool {
        let envelope = Envelope::from_message(&letter.body).ok();
        if envelope.as_ref().is_some_and(|envelope| envelope.received_at > self.until) {
            return false;
        }
        let said = letter.attributes.get(DeadLetter::RECORD).and_then(|key| key.parse::<RecordKey>().ok());
        let request = self.request();
        if !self.whole_shop {
            let about = said.into_iter().chain(envelope.iter().flat_map(|envelope| about(request, envelope)));
            return about.into_iter().any(|key| self.meant.contains(&key));
        }
        let named =
            letter.attributes.get(DeadLetter::TENANT).and_then(|tenant| tenant.parse::<TenantId>().ok());
        match (envelope, said) {
            (Some(envelope), _) => envelope.tenant == request.tenant && envelope.source == request.source,
            (None, Some(said)) => said.tenant == request.tenant && said.source == request.source,
            // Nobody can read it, so nobody can say that nothing of the shop stands in it.
            (None, None) => named.as_ref() == Some(&request.tenant),
        }
    }
}

/// The records that a letter's body tells of: SQS moves a message without saying anything of it.
fn about(request: &RecordKey, envelope: &Envelope) -> Vec<RecordKey> {
    let is_ours = envelope.tenant == request.tenant && envelope.source == request.source;
    let topic = Topic::parse(&envelope.topic).filter(|_| is_ours);
    let Some((topic, bytes)) = topic.zip(envelope.body.bytes().ok()) else { return Vec::new() };
    let id = topic.peek(&bytes).ok().map(|peek| peek.id);
    let (kind, id) = match topic.subject() {
        Subject::Order | Subject::OrderDelete | Subject::OrderEdit => (Kind::Order, id),
        Subject::Refund => match shopify::parse(topic, &bytes) {
            Ok(Event::Refund(refund)) => (Kind::Order, refund.order_id),
            _ => (Kind::Refund, id),
        },
        Subject::Customer | Subject::CustomerDelete | Subject::CustomerMerge | Subject::CustomersRedact => {
            (Kind::Customer, id)
        }
        Subject::CustomersDataRequest => match shopify::parse(topic, &bytes) {
            Ok(Event::CustomersDataRequest(asked)) => (Kind::Customer, asked.customer.id),
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    id.map(|id| of_kind(request, kind, id.into())).into_iter().collect()
}
