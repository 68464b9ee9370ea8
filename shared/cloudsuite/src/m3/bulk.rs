//! The bulk endpoint: any number of transactions of one program, in as few requests as allowed.

use jiff::Timestamp;

use super::{
    options::Bulks,
    outcome::{self, Reply},
    wire::{BulkRequest, Transaction},
};
use crate::{
    CallError, Company,
    ion::{Gateway, Patience},
};

const PATH: &str = "M3/m3api-rest/v2/execute";
/// How often a request that certainly was not processed is sent again before the work is put off.
const TRIES: u32 = 3;

/// M3's bulk endpoint of one tenant.
pub(super) struct Bulk {
    gateway: Gateway,
    bulks: Bulks,
}

impl Bulk {
    pub(super) fn new(gateway: Gateway, bulks: Bulks) -> Self {
        Self { gateway, bulks }
    }

    /// How many transactions go into one request, of which each may be cut off after `longest` rows (0: none is).
    fn most(&self, longest: u32) -> usize {
        if longest > 0 && self.bulks.lists_alone { 1 } else { self.bulks.most.max(1) }
    }

    /// Sends transactions that write, as long as the right to do so holds; one reply for each, in order. A request
    /// that may have been processed is never sent again. After one that did not come through whole, nothing more is
    /// sent.
    pub(super) async fn write(
        &self,
        company: &Company,
        program: &'static str,
        transactions: Vec<Transaction>,
        until: Timestamp,
    ) -> Vec<Reply> {
        let mut replies = Vec::with_capacity(transactions.len());
        for chunk in transactions.chunks(self.most(0)) {
            match self.send(company, program, chunk, 0, Patience::until(until)).await {
                Ok(answered) => replies.extend(answered),
                Err(error) => replies.extend(vec![Reply::Failed(error); chunk.len()]),
            }
            if let Some(Reply::Failed(error)) = replies.iter().find(|reply| matches!(reply, Reply::Failed(_)))
            {
                // Whatever befell the request before: of these, M3 was not even shown one.
                let unsent = if error.is_passing() {
                    error.clone()
                } else {
                    CallError::NotSent(format!(
                        "an earlier request of the batch did not come through: {error}"
                    ))
                };
                replies.resize(transactions.len(), Reply::Failed(unsent));
                break;
            }
        }
        replies
    }

    /// Sends transactions that only read; one reply for each, in order, or the error that a later try may mend.
    pub(super) async fn read(
        &self,
        company: &Company,
        program: &'static str,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Reply>, CallError> {
        self.list(company, program, transactions, 0).await
    }

    /// The same for lists, each cut off after so many rows (0: never).
    pub(super) async fn list(
        &self,
        company: &Company,
        program: &'static str,
        transactions: Vec<Transaction>,
        longest: u32,
    ) -> Result<Vec<Reply>, CallError> {
        let mut replies = Vec::with_capacity(transactions.len());
        for chunk in transactions.chunks(self.most(longest)) {
            let sent = self.send(company, program, chunk, longest, Patience::default()).await;
            for reply in sent.map_err(CallError::of_a_read)? {
                match reply {
                    Reply::Failed(error) => return Err(error.of_a_read()),
                    answered => replies.push(answered),
                }
            }
        }
        Ok(replies)
    }

    /// One request; sent again, after a short wait, only while nothing of it was processed. All waits together
    /// are as long as one piece of work has patience.
    async fn send(
        &self,
        company: &Company,
        program: &'static str,
        transactions: &[Transaction],
        max_returned_records: u32,
        mut patience: Patience,
    ) -> Result<Vec<Reply>, CallError> {
        let request = BulkRequest {
            program,
            cono: company.number,
            divi: &company.division,
            exclude_empty_values: true,
            right_trim: true,
            max_returned_records,
            transactions,
        };
        let body = serde_json::to_vec(&request).map_err(|error| CallError::Refused(error.to_string()))?;
        let mut tries = 1;
        loop {
            match self.gateway.post(PATH, body.clone(), &mut patience).await {
                Ok(answer) => return Ok(outcome::read(answer.status, &answer.body, transactions.len())),
                Err(error) if tries < TRIES && patience.allows_again(&error).await => {
                    tracing::info!(%error, program, tries, "sent again: nothing of it was processed");
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
}
