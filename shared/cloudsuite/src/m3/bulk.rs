//! The bulk endpoint: any number of transactions of one program, in as few requests as allowed.

use std::time::Duration;

use super::{
    outcome::{self, Reply},
    wire::{BulkRequest, MOST, Transaction},
};
use crate::{CallError, Company, ion::Gateway};

const PATH: &str = "M3/m3api-rest/v2/execute";
/// How often a request that certainly was not processed is sent again before the work is put off.
const TRIES: u32 = 3;
/// The longest wait that is slept here; longer ones are for the queue.
const SLEPT: Duration = Duration::from_secs(5);

/// M3's bulk endpoint of one tenant.
pub(super) struct Bulk {
    gateway: Gateway,
}

impl Bulk {
    pub(super) fn new(gateway: Gateway) -> Self {
        Self { gateway }
    }

    /// Sends transactions that write; one reply for each, in order. A request that may have been processed is
    /// never sent again. After one that was not processed, the rest is not sent either.
    pub(super) async fn write(
        &self,
        company: &Company,
        program: &'static str,
        transactions: Vec<Transaction>,
    ) -> Vec<Reply> {
        let mut replies = Vec::with_capacity(transactions.len());
        for chunk in transactions.chunks(MOST) {
            match self.send(company, program, chunk).await {
                Ok(answered) => replies.extend(answered),
                Err(error) if error.is_passing() => {
                    replies.resize(transactions.len(), Reply::Failed(error));
                    break;
                }
                Err(error) => replies.extend(vec![Reply::Failed(error); chunk.len()]),
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
        let mut replies = Vec::with_capacity(transactions.len());
        for chunk in transactions.chunks(MOST) {
            replies.extend(self.send(company, program, chunk).await.map_err(CallError::of_a_read)?);
        }
        Ok(replies)
    }

    /// One request; sent again, after a short wait, only while nothing of it was processed.
    async fn send(
        &self,
        company: &Company,
        program: &'static str,
        transactions: &[Transaction],
    ) -> Result<Vec<Reply>, CallError> {
        let request = BulkRequest {
            program,
            cono: company.number,
            divi: &company.division,
            exclude_empty_values: true,
            right_trim: true,
            max_returned_records: 0,
            transactions,
        };
        let body = serde_json::to_vec(&request).map_err(|error| CallError::Refused(error.to_string()))?;
        let mut tries = 1;
        loop {
            match self.gateway.post(PATH, body.clone()).await {
                Ok(answer) => return Ok(outcome::read(answer.status, &answer.body, transactions.len())),
                Err(error) if error.is_passing() && tries < TRIES && error.pause() <= SLEPT => {
                    tracing::info!(%error, program, tries, "waiting for the gateway");
                    tokio::time::sleep(error.pause()).await;
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
}
