//! What M3's answers mean. Pure; by explicit rules only: what no rule knows is unknown or pending, never success.

use domain::{Finding, FindingCode, References};

use super::{
    options::Options,
    wire::{BulkResponse, BulkResult, Row},
};
use crate::{CallError, Confirmation, Standing};

/// What became of one transaction of a bulk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// It was done; these are its output records.
    Done(Vec<Row>),
    /// M3 refused it.
    Nok(Nok),
    /// The request as a whole failed, or M3 did not tell.
    Failed(CallError),
}

/// M3's refusal of one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Nok {
    /// The message id, such as `WIT0103`. Rules look at nothing else: texts come in the user's language, and may
    /// quote input that is personal, so they are not even kept.
    pub(super) code: String,
    /// The input field that the message is about; may be empty.
    pub(super) field: String,
}

impl Nok {
    /// The finding that the refusal of a whole document becomes.
    pub(super) fn finding(&self, field: &str, transaction: &str) -> Finding {
        let place = if self.field.is_empty() { String::new() } else { format!(" in field {}", self.field) };
        Finding::new(
            FindingCode::Refused,
            field,
            format!("M3 refused {transaction}: {}{place}", self.name()),
            "look the message id up in M3, correct the master data or the mapping, then redrive",
        )
    }

    /// Whether M3 does not know the order that the transaction is about. Only its code says so: a batch order that
    /// is there and may not be changed any more, because it is being confirmed, is refused in the same field.
    pub(super) fn is_unknown_order(&self) -> bool {
        self.code == "WOR0303"
    }

    /// Whether M3 refuses the order's number, and not what was to be done to the order.
    pub(super) fn is_of_the_number(&self) -> bool {
        self.is_unknown_order() || self.field == "ORNO"
    }

    /// Whether M3 refuses the entry of a purchase order as such, and not what was to be done to it.
    pub(super) fn is_of_the_entry(&self) -> bool {
        matches!(self.field.as_str(), "MSGN" | "PUNO") || self.code == "WPU0803"
    }

    /// Whether M3 says that something is not there. Its stock messages that say so have numbers that end in 03
    /// (WIT0103, WWH0103, WCU0203, WOR0303, WPU0803, WSU0103).
    pub(super) fn says_missing(&self) -> bool {
        self.is_stock_message("03")
    }

    /// Whether M3 says that something is there already. Its stock messages that say so have numbers that end in 04
    /// (WMS3804).
    pub(super) fn says_exists(&self) -> bool {
        self.is_stock_message("04")
    }

    /// Whether it has one of these message ids.
    pub(super) fn is_one_of(&self, codes: &[impl AsRef<str>]) -> bool {
        codes.iter().any(|code| code.as_ref() == self.code)
    }

    /// Whether it is a message of M3's stock programs whose number ends so: W, then what it is about.
    fn is_stock_message(&self, end: &str) -> bool {
        self.code.len() == 7 && self.code.starts_with('W') && self.code.ends_with(end)
    }

    /// The code, or a word where M3 gave none.
    pub(super) fn name(&self) -> &str {
        if self.code.is_empty() { "no message id" } else { &self.code }
    }
}

/// Reads the body of a bulk answer: one reply for each of `sent` transactions, in order.
pub(super) fn read(status: u16, body: &[u8], sent: usize) -> Vec<Reply> {
    let Ok(response) = serde_json::from_slice::<BulkResponse>(body) else {
        let error = CallError::Unknown(format!("HTTP {status} with a body that is not M3's bulk answer"));
        return vec![Reply::Failed(error); sent];
    };
    let is_told_why = !response.termination_error_type.trim().is_empty();
    if response.results.is_empty() && status != 200 && (is_told_why || !response.was_terminated) {
        // The reason in words may quote input, which may be personal: the type is what can be kept.
        let error = CallError::Refused(format!("HTTP {status} {}", response.termination_error_type.trim()));
        return vec![Reply::Failed(error); sent];
    }
    let mut replies: Vec<_> = response.results.into_iter().take(sent).map(reply).collect();
    let why = if response.was_terminated { "M3 stopped within the bulk" } else { "M3 gave no result" };
    replies.resize(sent, Reply::Failed(CallError::Unknown(why.into())));
    replies
}

fn reply(result: BulkResult) -> Reply {
    if result.not_processed {
        let why = format!("M3 marked {} as not processed", result.transaction);
        return Reply::Failed(CallError::Unknown(why));
    }
    let refused = [&result.error_code, &result.error_message, &result.error_type];
    if refused.iter().any(|text| !text.trim().is_empty()) {
        let code =
            [result.error_code.trim(), result.error_type.trim()].into_iter().find(|text| !text.is_empty());
        return Reply::Nok(Nok {
            code: code.unwrap_or_default().to_owned(),
            field: result.error_field.trim().to_owned(),
        });
    }
    Reply::Done(result.records.unwrap_or_default())
}

/// How a master record stands, by the answer to its look-up: `missing` are the codes that mean "not there".
pub(super) fn standing(
    reply: &Reply,
    missing: &[impl AsRef<str>],
    usable: impl Fn(&Row) -> Option<String>,
) -> Standing {
    match reply {
        Reply::Done(rows) => match rows.first() {
            Some(row) => usable(row).map_or(Standing::Usable, Standing::NotUsable),
            None => Standing::Unclear("no record and no message".into()),
        },
        Reply::Nok(nok) if nok.is_one_of(missing) => Standing::Unknown,
        Reply::Nok(nok) => Standing::Unclear(nok.name().to_owned()),
        Reply::Failed(error) => Standing::Unclear(error.to_string()),
    }
}

/// Batch order statuses that need a person (Infor documentation, OIS275): what each means.
const TROUBLE: [(&str, &str); 4] = [
    ("15", "error in the order head"),
    ("25", "error in an order line"),
    ("30", "stopped by credit control"),
    ("55", "the transfer was interrupted"),
];

/// What `OIS275MI GetTmpOrderStat` says of a batch order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BatchStatus {
    /// An order was created under this number.
    Created(String),
    /// It needs a person; the status and its meaning.
    Trouble(&'static str, &'static str),
    /// It is not confirmed, or M3 does not know it.
    Open(String),
    /// Not settled, or covered by no rule.
    Pending(String),
}

/// Reads the answer to `GetTmpOrderStat`. Created needs both: status 90 and the number.
pub(super) fn batch_status(reply: &Reply, options: &Options) -> BatchStatus {
    let row = match reply {
        Reply::Done(rows) => rows.first(),
        Reply::Nok(nok) if nok.is_unknown_order() => return BatchStatus::Open(nok.name().to_owned()),
        Reply::Nok(nok) => return BatchStatus::Pending(format!("GetTmpOrderStat: {}", nok.name())),
        Reply::Failed(error) => return BatchStatus::Pending(error.to_string()),
    };
    let (status, number) = row.map_or(("", None), |row| (row.get("STAT"), row.required("ORNR")));
    match (status, number) {
        ("90", Some(number)) => BatchStatus::Created(number.to_owned()),
        (status, None) if options.is_unconfirmed(status) => {
            BatchStatus::Open(format!("batch status {status}"))
        }
        (status, _) => match TROUBLE.iter().find(|(code, _)| *code == status) {
            Some(&(code, meaning)) => BatchStatus::Trouble(code, meaning),
            None => BatchStatus::Pending(format!("batch status {status:?}")),
        },
    }
}

/// The status of an order whose batch order is not known. Its number was then read from M3's list of orders, so it
/// is there.
pub(super) fn status_without_batch(references: &References) -> BatchStatus {
    match &references.number {
        Some(number) => BatchStatus::Created(number.clone()),
        None => BatchStatus::Pending("neither a batch order nor an order is known".into()),
    }
}

/// The confirmation of an order in trouble, with the messages that `LstErrMsgOrder` lists for it.
pub(super) fn trouble(status: &str, meaning: &str, messages: &Reply) -> Confirmation {
    let help = "correct the batch order in OIS275 and release it (option 9 or 11): it is looked for until M3 has made an order of it";
    let head =
        Finding::new(FindingCode::Refused, "", format!("batch order status {status}: {meaning}"), help);
    let rows = match messages {
        Reply::Done(rows) => rows.as_slice(),
        Reply::Nok(_) | Reply::Failed(_) => &[],
    };
    // MDTA and TX60 may quote names or addresses; the message id is what can be kept.
    let listed = rows.iter().filter_map(|row| row.required("MSID")).map(|id| {
        Finding::new(
            FindingCode::Refused,
            "",
            format!("M3 lists message {id}"),
            "look the message id up in M3",
        )
    });
    Confirmation::Failed(std::iter::once(head).chain(listed).collect())
}

#[cfg(test)]
#[path = "outcome_tests.rs"]
mod tests;
