//! Confirming: what became of the customer orders that were posted, and whether they are whole.

use domain::{Finding, FindingCode};

use super::{
    bulk::Bulk,
    options::Options,
    outcome::{self, BatchStatus, Reply},
    requests, temporary,
    wire::Transaction,
};
use crate::{CallError, Company, Confirmation, Submitted};

/// Asks for all orders at once: their statuses by one request, then, by another, the messages of those in trouble
/// and the lines of those that are there.
pub(super) async fn confirm(
    bulk: &Bulk,
    company: &Company,
    options: &Options,
    batch: &[&Submitted],
) -> Result<Vec<Confirmation>, CallError> {
    let asked = batch.iter().filter_map(|one| number_of(one)).map(requests::batch_status).collect();
    let mut replies = bulk.read(company, requests::STATUS_PROGRAM, asked).await?.into_iter();
    let statuses: Vec<_> = batch
        .iter()
        .map(|one| match number_of(one).and_then(|_| replies.next()) {
            Some(reply) => outcome::batch_status(&reply, options),
            None => outcome::status_without_batch(&one.references),
        })
        .collect();
    let asked =
        batch.iter().zip(&statuses).filter_map(|(one, status)| follow_up(company.number, status, one));
    let mut answers = bulk.read(company, "OIS100MI", asked.collect()).await?.into_iter();
    let none = || Reply::Done(Vec::new());
    let confirmations = statuses.into_iter().zip(batch).map(|(status, one)| match (status, countable(one)) {
        (BatchStatus::Open(detail), _) if is_left_to_clerk(one) => {
            Confirmation::LeftToAPerson(format!("{detail}: a clerk has to release it"))
        }
        (BatchStatus::Created(number), Some(lines)) => {
            whole(number, lines, &answers.next().unwrap_or_else(none))
        }
        (BatchStatus::Created(number), None) => Confirmation::Confirmed(number),
        (BatchStatus::Trouble(status, meaning), _) => {
            outcome::trouble(status, meaning, &answers.next().unwrap_or_else(none))
        }
        (BatchStatus::Open(detail), _) => Confirmation::Open(detail),
        (BatchStatus::Pending(detail), _) => Confirmation::Pending(detail),
    });
    Ok(confirmations.collect())
}

/// The number of its batch order; nothing if only M3's list of orders has it.
fn number_of(one: &Submitted) -> Option<&str> {
    one.references.temporary.as_deref().map(temporary::number).filter(|number| !number.is_empty())
}

/// Whether a clerk makes the order of its batch order: then it is no fault that it is not confirmed.
fn is_left_to_clerk(one: &Submitted) -> bool {
    one.references.temporary.as_deref().and_then(temporary::beside) == Some(temporary::BY_CLERK)
}

/// How many lines its batch order must have; nothing if they cannot be counted.
fn countable(one: &Submitted) -> Option<u32> {
    number_of(one).and(one.lines)
}

/// The second question about an order, if there is one.
fn follow_up(company: u16, status: &BatchStatus, one: &Submitted) -> Option<Transaction> {
    let number = number_of(one)?;
    match status {
        BatchStatus::Created(_) => countable(one).map(|_| requests::batch_lines(company, number)),
        BatchStatus::Trouble(..) => Some(requests::error_messages(company, number)),
        BatchStatus::Open(_) | BatchStatus::Pending(_) => None,
    }
}

/// An order that is there: confirmed if it has every line. M3 may delete a batch order once the order is there
/// (OIS278), so one that lists nothing tells nothing.
fn whole(number: String, lines: u32, listed: &Reply) -> Confirmation {
    let there = match listed {
        Reply::Done(rows) if !rows.is_empty() => rows.len(),
        _ => return Confirmation::Confirmed(number),
    };
    if usize::try_from(lines).is_ok_and(|lines| lines == there) {
        return Confirmation::Confirmed(number);
    }
    let finding = Finding::new(
        FindingCode::Incomplete,
        "order",
        format!("M3 made order {number} with {there} of {lines} lines, though it had accepted them all"),
        "compare the order with the source in OIS300 and add what is missing",
    );
    Confirmation::Incomplete(number, vec![finding])
}

#[cfg(test)]
mod tests {
    use domain::{DocumentKind, References};
    use serde_json::json;

    use super::{
        super::{
            Options,
            outcome::Nok,
            samples::key,
            script::{Scripted, company, done, row},
            wire::Row,
        },
        *,
    };
    use crate::ProductLine;

    /// A clerk released it: from there on it is like any other.
    #[tokio::test]
    async fn an_import_document_is_confirmed_once_a_clerk_has_released_it() {
        let m3 = Scripted::new(Options::default(), |name, input| match name {
            "OIS275MI/GetTmpOrderStat" if input["ORNO"] == "T1" => row(json!({"STAT": "90", "ORNR": "100"})),
            "OIS275MI/GetTmpOrderStat" => row(json!({"STAT": "20"})),
            _ => done(),
        });
        let submitted = |temporary: &str| Submitted {
            key: key(7),
            document: DocumentKind::SalesOrder,
            references: References { temporary: Some(temporary.into()), number: None },
            lines: Some(1),
            message_number: String::new(),
        };
        let batch = [submitted("T1/clerk"), submitted("T2/clerk"), submitted("T2")];
        let confirmed = m3.m3.confirm(&company(), &batch).await.unwrap();
        assert_eq!(confirmed[0], Confirmation::Confirmed("100".into()));
        assert!(
            matches!(confirmed[1], Confirmation::LeftToAPerson(_))
                && matches!(confirmed[2], Confirmation::Open(_))
        );
    }

    #[test]
    fn an_order_that_lacks_lines_is_not_confirmed() {
        let listed = |count| Reply::Done(vec![Row::of(&[("PONR", "1")]); count]);
        let confirmed = || Confirmation::Confirmed("100".into());
        assert_eq!(whole("100".into(), 3, &listed(3)), confirmed());
        assert_eq!(whole("100".into(), 3, &listed(0)), confirmed(), "the batch order was deleted");
        let nok = Reply::Nok(Nok { code: "WOR0303".into(), field: String::new() });
        assert_eq!(whole("100".into(), 3, &nok), confirmed());
        for count in [2, 4] {
            let Confirmation::Incomplete(number, findings) = whole("100".into(), 3, &listed(count)) else {
                panic!()
            };
            assert_eq!(number, "100");
            assert!(findings[0].message.contains(&format!("{count} of 3 lines")), "{findings:?}");
        }
    }
}
