//! A queue as one instance sees it.

use std::sync::Arc;

use async_trait::async_trait;
use platform::{Mailbox, MemoryMailbox, Outgoing, QueueError, Received};
use tokio::sync::Notify;

use crate::{Accounts, Fault, Instance};

/// A queue that all instances share, as one of them sees it.
pub(crate) struct SimMailbox {
    /// What is kept.
    pub(crate) kept: Arc<MemoryMailbox>,
    /// Who sees it.
    pub(crate) instance: Arc<Instance>,
    /// Told of everything that may make a message visible.
    pub(crate) changed: Arc<Notify>,
    /// Where each delivery that the queue took is noted by its id.
    pub(crate) accounts: Arc<Accounts>,
}

impl SimMailbox {
    async fn step<T>(
        &self,
        what: &'static str,
        call: impl Future<Output = Result<T, QueueError>> + Send,
    ) -> Result<T, QueueError> {
        self.instance.point(what).await;
        if self.instance.strikes(Fault::QueueFailed, what) {
            return Err(QueueError::Failed { what, why: "simulated".to_owned() });
        }
        let answer = call.await;
        self.changed.notify_waiters();
        if let Err(error) = &answer {
            self.instance.say(|| error.to_string());
        }
        self.instance.point(what).await;
        if answer.is_ok() && self.instance.strikes(Fault::QueueAnswerLost, what) {
            return Err(QueueError::Failed { what, why: "simulated: the answer was lost".to_owned() });
        }
        answer
    }
}

#[async_trait]
impl Mailbox for SimMailbox {
    async fn send(&self, message: Outgoing) -> Result<(), QueueError> {
        let sent = async {
            let body = message.body.clone();
            self.instance.say(|| format!("send, in {} s {:?}", message.delay_seconds, message.attributes));
            let sent = self.kept.send(message).await;
            if sent.is_ok() {
                self.accounts.sent(&body);
            }
            sent
        };
        self.step("send a message", sent).await
    }

    async fn receive(&self, most: u8, visibility_seconds: u32) -> Result<Vec<Received>, QueueError> {
        self.step("receive messages", self.kept.receive(most, visibility_seconds)).await
    }

    async fn hide(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        self.instance.say(|| format!("hide {receipt} for {seconds} s"));
        self.step("hide a message", self.kept.hide(receipt, seconds)).await
    }

    async fn delete(&self, receipt: &str) -> Result<(), QueueError> {
        self.instance.say(|| format!("delete {receipt}"));
        self.step("delete a message", self.kept.delete(receipt)).await
    }

    async fn approximate_depth(&self) -> Result<u64, QueueError> {
        self.step("count messages", self.kept.approximate_depth()).await
    }
}
