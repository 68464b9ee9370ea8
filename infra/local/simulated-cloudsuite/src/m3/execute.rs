//! Runs a bulk request: one transaction after the other, and a refusal of one does not stop the rest.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::answer::TransactionResult;
use super::bulk::{Bulk, Transaction};
use super::{BulkAnswer, Call, Input, M3, Nok, catalogue, check};
use crate::faults::Faults;
use crate::master::field;
use crate::settings::ConfirmMode;

/// What a bulk request runs with, besides itself.
pub(crate) struct Run<'a> {
    pub(crate) now: Timestamp,
    pub(crate) confirm: ConfirmMode,
    /// Whether the input is echoed.
    pub(crate) extended: bool,
    /// Stop after so many transactions and leave the rest unprocessed.
    pub(crate) stop_after: Option<usize>,
    pub(crate) faults: &'a mut Faults,
    /// Counted by `PROGRAM/Transaction`.
    pub(crate) counts: &'a mut BTreeMap<String, u64>,
}

impl M3 {
    /// Runs a request that has been read and checked as a whole.
    pub(crate) fn execute(&mut self, bulk: &Bulk, run: &mut Run<'_>) -> BulkAnswer {
        let most = run.stop_after.unwrap_or(usize::MAX);
        let results = bulk.transactions.iter().enumerate().map(|(index, transaction)| {
            let result = if index < most {
                self.execute_one(bulk, transaction, run)
            } else {
                TransactionResult::skipped(transaction)
            };
            if run.extended { result.with_parameters(&transaction.record.0) } else { result }
        });
        let mut answer = BulkAnswer::of(results.collect());
        if bulk.transactions.len() > most {
            answer.was_terminated = true;
            "terminated".clone_into(&mut answer.termination_reason);
        }
        answer
    }

    fn execute_one(
        &mut self,
        bulk: &Bulk,
        transaction: &Transaction,
        run: &mut Run<'_>,
    ) -> TransactionResult {
        let name = format!("{}/{}", bulk.program, transaction.name);
        // The names were checked when the request was read.
        let Some(shape) = catalogue::shape(&bulk.program, &transaction.name) else {
            return TransactionResult::skipped(transaction);
        };
        *run.counts.entry(name).or_default() += 1;
        if let Err(error) = check::values(shape, transaction) {
            return TransactionResult::invalid(transaction, error);
        }
        if let Some(nok) = run.faults.take_nok(&bulk.program, &transaction.name) {
            return TransactionResult::refused(transaction, nok);
        }
        self.settle(run.now);
        let forced = match transaction.name.as_str() {
            "Confirm" => run.faults.take_confirm_status(),
            "FinishEntry" => run.faults.take_purchase_status(),
            _ => None,
        };
        let call = Call {
            program: &bulk.program,
            transaction: &transaction.name,
            input: Input(&transaction.record.0),
            division: bulk.division.trim(),
            now: run.now,
            confirm: run.confirm,
            forced,
        };
        match self.check_company(bulk, transaction).and_then(|()| self.run(&call)) {
            Ok(records) => {
                let outputs = shape.answers(self.settings.newer_fields);
                TransactionResult::done(bulk, transaction, &outputs.collect::<Vec<_>>(), &records)
            }
            Err(nok) => TransactionResult::refused(transaction, nok),
        }
    }

    /// The company comes from the record, else the envelope, else the user's own; the division must be one
    /// of its divisions.
    fn check_company(&self, bulk: &Bulk, transaction: &Transaction) -> Result<(), Nok> {
        if ["GENERAL", "MNS150MI"].contains(&bulk.program.as_str()) {
            return Ok(());
        }
        let own = field(&self.master.user, "ZDCONO").parse::<u32>().ok();
        let named = Input(&transaction.record.0).given("CONO").and_then(|text| text.parse::<u32>().ok());
        let company = named.or(bulk.company).or(own).unwrap_or_default();
        if company != self.master.company {
            return Err(Nok::known("XAU0008", "CONO", &company.to_string()));
        }
        let division = bulk.division.trim();
        if !division.is_empty() && !self.master.divisions.iter().any(|row| field(row, "DIVI") == division) {
            return Err(Nok::generic("DIVI", format!("Division {division} does not exist")));
        }
        Ok(())
    }
}
