//! The bulk answer, field for field as the interface description gives it (its spelling included).

use serde::Serialize;

use super::bulk::{Bulk, Transaction};
use super::catalogue::Field;
use super::check::{InputError, Refusal};
use super::nok::Nok;
use crate::master::{Record, field};

/// The answer to a bulk request.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BulkAnswer {
    pub(crate) results: Vec<TransactionResult>,
    pub(crate) was_terminated: bool,
    pub(crate) termination_reason: String,
    #[serde(rename = "nrOfSuccessfullTransactions")]
    successful: usize,
    #[serde(rename = "nrOfNotProcessedTransactions")]
    not_processed: usize,
    #[serde(rename = "nrOfFailedTransactions")]
    failed: usize,
    pub(crate) termination_error_type: String,
    bulk_job_id: String,
}

/// The result of one transaction.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionResult {
    transaction: String,
    parameters: Record,
    error_message: String,
    error_code: String,
    error_cfg: String,
    error_field: String,
    error_type: String,
    not_processed: bool,
    /// Absent on failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Vec<Record>>,
}

impl BulkAnswer {
    /// The answer of these results.
    pub(crate) fn of(results: Vec<TransactionResult>) -> Self {
        let not_processed = results.iter().filter(|result| result.not_processed).count();
        let failed = results.iter().filter(|result| !result.error_type.is_empty()).count();
        let successful = results.len() - not_processed - failed;
        Self { results, successful, not_processed, failed, ..Self::default() }
    }

    /// The answer to a request that was refused as a whole.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self {
            was_terminated: true,
            termination_reason: refusal.reason,
            termination_error_type: refusal.error_type.to_owned(),
            ..Self::default()
        }
    }

    /// A single transaction that the REST layer itself refused is answered with HTTP 400, all else with 200.
    pub(crate) fn status(&self) -> u16 {
        match self.results.as_slice() {
            [only] if !only.error_type.is_empty() && only.error_type != "ServerReturnedNOK" => 400,
            _ => 200,
        }
    }
}

impl TransactionResult {
    /// A success with its records, cut to what the request asked for.
    pub(crate) fn done(
        bulk: &Bulk,
        transaction: &Transaction,
        outputs: &[&Field],
        records: &[Record],
    ) -> Self {
        let most = if bulk.max_returned_records == 0 { usize::MAX } else { bulk.max_returned_records };
        let rows = records.iter().take(most).map(|record| row(bulk, transaction, outputs, record));
        Self { records: Some(rows.collect()), ..Self::named(transaction) }
    }

    /// A refusal by the program.
    pub(crate) fn refused(transaction: &Transaction, nok: Nok) -> Self {
        Self {
            error_message: nok.text,
            error_code: nok.code,
            error_field: nok.field,
            error_type: "ServerReturnedNOK".to_owned(),
            ..Self::named(transaction)
        }
    }

    /// A refusal by the REST layer.
    pub(crate) fn invalid(transaction: &Transaction, error: InputError) -> Self {
        Self {
            error_message: error.text,
            error_code: error.code.to_owned(),
            error_field: error.field,
            error_type: error.error_type.to_owned(),
            ..Self::named(transaction)
        }
    }

    /// A transaction that was never run.
    pub(crate) fn skipped(transaction: &Transaction) -> Self {
        Self { not_processed: true, ..Self::named(transaction) }
    }

    /// The same result with the input echoed (`extendedresult`).
    #[must_use]
    pub(crate) fn with_parameters(mut self, record: &Record) -> Self {
        self.parameters.clone_from(record);
        self
    }

    fn named(transaction: &Transaction) -> Self {
        Self { transaction: transaction.name.clone(), ..Self::default() }
    }
}

fn row(bulk: &Bulk, transaction: &Transaction, outputs: &[&Field], record: &Record) -> Record {
    let columns = &transaction.selected_columns;
    let wanted = |output: &&&Field| columns.is_empty() || columns.contains(&output.name);
    let fields = outputs.iter().filter(wanted).map(|output| {
        let value: String = field(record, &output.name).chars().take(output.length).collect();
        let value = if bulk.right_trim {
            value.trim_end().to_owned()
        } else {
            format!("{value:<width$}", width = output.length)
        };
        (output.name.clone(), value)
    });
    fields.filter(|(_, value)| !bulk.exclude_empty_values || !value.trim().is_empty()).collect()
}
