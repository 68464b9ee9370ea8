//! Fees: transactions, the invoices that they end on, and the names of fees.

use jiff::Timestamp;
use serde::Serialize;
use tokio::time::Instant;

use super::Window;
use crate::{
    ApiError, Json, Pages, ShipBob,
    call::{Call, Kind},
    query::{Query, written},
};

/// The largest page.
const PAGE_SIZE: u32 = 1_000;
/// What a person does about a 403: `billing_read` is younger than many tokens, and no app can have it (ShipBob
/// documentation, "Billing"; the scopes of its `OpenAPI` documents).
const NEEDS: &str = "the token lacks billing_read. A personal access token that was made before that scope existed has to \
                     be made anew by the root user; an app cannot have it";

/// Which transactions. What is absent does not filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionFilter {
    /// Charged from when.
    pub from: Timestamp,
    /// Charged until when.
    pub to: Timestamp,
    /// About these shipments, returns, receiving orders and so on.
    pub reference_ids: Vec<String>,
    /// About things of these kinds, such as `Shipment`.
    pub reference_types: Vec<String>,
    /// Of these invoices.
    pub invoice_ids: Vec<u64>,
    /// Whether they are on an invoice.
    pub is_invoiced: Option<bool>,
    /// Of these kinds, such as `Credit`.
    pub types: Vec<String>,
    /// Of these fees.
    pub fees: Vec<String>,
}

impl TransactionFilter {
    /// All that was charged in a span of time.
    pub fn charged(from: Timestamp, to: Timestamp) -> Self {
        let (reference_ids, reference_types, types, fees) = Default::default();
        let (invoice_ids, is_invoiced) = Default::default();
        Self { from, to, reference_ids, reference_types, invoice_ids, is_invoiced, types, fees }
    }
}

/// Which invoices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    /// Dated when; the last month if it is open.
    pub dated: Window,
}

/// The body of a query. The names are those of the `OpenAPI` document: the guide's (`start_date`, `end_date`, `limit`) are
/// ignored without a word.
#[derive(Serialize)]
struct TransactionQuery<'a> {
    from_date: String,
    to_date: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    reference_ids: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    reference_types: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    invoice_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoiced_status: Option<bool>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    transaction_types: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    transaction_fees: &'a [String],
    page_size: u32,
    sort_order: &'static str,
}

impl ShipBob {
    /// Transactions, 1,000 a page, the oldest first.
    pub fn transactions(&self, filter: &TransactionFilter) -> Result<Pages<'_>, ApiError> {
        let body = TransactionQuery {
            from_date: written(filter.from),
            to_date: written(filter.to),
            reference_ids: &filter.reference_ids,
            reference_types: &filter.reference_types,
            invoice_ids: filter.invoice_ids.iter().map(u64::to_string).collect(),
            invoiced_status: filter.is_invoiced,
            transaction_types: &filter.types,
            transaction_fees: &filter.fees,
            page_size: PAGE_SIZE,
            sort_order: "Ascending",
        };
        let call = Call::post("transactions", "/transactions:query", Kind::Harmless, &body)?;
        Ok(Pages::linked(self, Call { needs: NEEDS, ..call }, "Cursor"))
    }

    /// The invoices of a span of time.
    pub fn invoices(&self, filter: &InvoiceFilter) -> Pages<'_> {
        let query = filter.dated.put(Query::default(), "FromDate", "ToDate").with("PageSize", &PAGE_SIZE);
        Pages::linked(self, billing("invoices", "/invoices").query(query), "Cursor")
    }

    /// The transactions of an invoice. Their sum has been seen to differ from the invoice's amount, and old invoices
    /// to have none (jetpackmatt/dashboard, `CLAUDE.data.md`).
    pub fn transactions_of(&self, invoice: u64) -> Pages<'_> {
        let call = billing("the transactions of an invoice", format!("/invoices/{invoice}/transactions"));
        Pages::linked(self, call.query(Query::default().with("PageSize", &PAGE_SIZE)), "Cursor")
    }

    /// The names of all fees, as one object.
    pub async fn transaction_fees(&self, deadline: Instant) -> Result<Option<Json>, ApiError> {
        self.one(&billing("the names of fees", "/transaction-fees"), deadline).await
    }
}

fn billing(what: &'static str, path: impl Into<String>) -> Call {
    Call { needs: NEEDS, ..Call::get(what, path) }
}
