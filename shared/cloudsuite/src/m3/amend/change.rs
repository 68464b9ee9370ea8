//! Changing and cancelling orders that are there: one bulk of questions, one of changes, and the questions again.

use std::collections::BTreeMap;

use domain::{SalesOrder, Step};

use super::{
    compare::{Comparison, Differing, compare, may_be_changed},
    has::{Asking, Has},
    requests,
};
use crate::{
    Amended, Amendment, CallError, Company, Difference, Progress,
    m3::{bulk::Bulk, find::LONGEST_LIST, options::Options, outcome::Reply, wire::Transaction},
};

const PROGRAM: &str = "OIS100MI";
/// Status of an order that was closed without being delivered.
const CLOSED: &str = "99";

/// An order that is there.
pub(super) struct Known<'a> {
    /// Its place in the batch.
    pub(super) index: usize,
    pub(super) amendment: &'a Amendment,
    pub(super) order: &'a SalesOrder,
    pub(super) before: Option<&'a SalesOrder>,
    pub(super) number: &'a str,
}

/// What is to be done to an order.
struct Plan<'a> {
    known: Known<'a>,
    has: Has,
    /// What differs; nothing for one that is to be cancelled.
    differing: Vec<Differing>,
    transactions: Vec<Transaction>,
    /// M3 refused at least one of them.
    is_refused: bool,
}

/// What became of the changes to an order.
enum Sent {
    /// All were answered, and maybe some refused.
    Answered {
        is_refused: bool,
    },
    Stopped(Amended),
}

/// One amending of orders that are there.
pub(super) struct Changing<'a> {
    pub(super) bulk: &'a Bulk,
    pub(super) company: &'a Company,
    pub(super) options: &'a Options,
    pub(super) progress: &'a dyn Progress,
}

impl<'a> Changing<'a> {
    /// Amends orders; answers by their places in the batch.
    pub(super) async fn run(&self, orders: Vec<Known<'a>>) -> Vec<(usize, Amended)> {
        let mut answers = Vec::with_capacity(orders.len());
        let read = self.read(&orders).await;
        let mut plans = Vec::new();
        for (known, has) in orders.into_iter().zip(read) {
            let index = known.index;
            match self.plan(known, has) {
                Ok(plan) => plans.push(plan),
                Err(amended) => answers.push((index, amended)),
            }
        }
        let plans = self.keep(plans, &mut answers).await;
        let plans = self.write(plans, &mut answers).await;
        let plans = self.clear_what_stays(plans, &mut answers).await;
        answers.extend(self.verify(plans).await);
        answers
    }

    /// What M3 has of each order; nothing if it has not that order.
    async fn read(&self, orders: &[Known<'a>]) -> Vec<Result<Option<Has>, Amended>> {
        let asking: Vec<_> = orders.iter().map(asking).collect();
        let questions: Vec<_> = orders
            .iter()
            .zip(&asking)
            .flat_map(|(known, asking)| asking.questions(self.company.number, known.number))
            .collect();
        match self.bulk.list(self.company, PROGRAM, questions, LONGEST_LIST).await {
            Ok(replies) => {
                let mut replies = replies.into_iter();
                asking.into_iter().map(|asking| asking.read(&mut replies).map_err(Amended::InDoubt)).collect()
            }
            Err(error) => orders.iter().map(|_| Err(Amended::Later(error.clone()))).collect(),
        }
    }

    /// What is to be done to an order, or what it comes to without anything being done.
    fn plan(&self, known: Known<'a>, has: Result<Option<Has>, Amended>) -> Result<Plan<'a>, Amended> {
        let Some(has) = has? else { return Err(not_there(&known)) };
        if !is_ours(&known, &has) {
            let reference = known.order.reference.to_string();
            return Err(review("reference", has.head.required("CUOR"), Some(&reference)));
        }
        if known.amendment.cancel {
            return self.plan_cancelling(known, has);
        }
        let differing = self.compare(&known, &has);
        if differing.is_empty() {
            return Err(Amended::Unchanged);
        }
        let transactions: Vec<_> = differing.iter().filter_map(|one| one.mend.clone()).collect();
        if transactions.is_empty() {
            return Err(needs_review(differing));
        }
        Ok(Plan { known, has, differing, transactions, is_refused: false })
    }

    fn plan_cancelling(&self, known: Known<'a>, has: Has) -> Result<Plan<'a>, Amended> {
        let status = has.head.get("ORST");
        if has.head.get("ORSL") == CLOSED {
            return Err(Amended::Cancelled);
        }
        if !may_be_changed(status, self.options) {
            return Err(not_cancelled(&has));
        }
        let transactions = vec![requests::delete_order(self.company.number, known.number)];
        Ok(Plan { known, has, differing: Vec::new(), transactions, is_refused: false })
    }

    fn compare(&self, known: &Known<'a>, has: &Has) -> Vec<Differing> {
        let Known { order, before, number, .. } = *known;
        compare(&Comparison { number, order, before, has, options: self.options })
    }

    /// Tells the ledger that writing begins, so that nobody takes the order for settled should this process vanish.
    async fn keep(&self, plans: Vec<Plan<'a>>, answers: &mut Vec<(usize, Amended)>) -> Vec<Plan<'a>> {
        let keeping = plans.iter().map(|plan| {
            let references = plan.known.amendment.references.clone();
            self.progress.reached(plan.known.index, Step::Lines, references)
        });
        let kept = futures::future::join_all(keeping).await;
        let (held, lost): (Vec<_>, Vec<_>) = plans.into_iter().zip(kept).partition(|(_, kept)| kept.is_ok());
        answers.extend(lost.into_iter().map(|(plan, _)| (plan.known.index, Amended::Abandoned)));
        held.into_iter().map(|(plan, _)| plan).collect()
    }

    /// Sends the changes to all orders, in as few requests as allowed.
    async fn write(&self, plans: Vec<Plan<'a>>, answers: &mut Vec<(usize, Amended)>) -> Vec<Plan<'a>> {
        let transactions = plans.iter().flat_map(|plan| plan.transactions.clone()).collect();
        let mut replies =
            self.bulk.write(self.company, PROGRAM, transactions, self.progress.until()).await.into_iter();
        let mut answered = Vec::with_capacity(plans.len());
        for plan in plans {
            let replies: Vec<_> = replies.by_ref().take(plan.transactions.len()).collect();
            match sent(&plan, &replies) {
                Sent::Answered { is_refused } => answered.push(Plan { is_refused, ..plan }),
                Sent::Stopped(amended) => answers.push((plan.known.index, amended)),
            }
        }
        answered
    }

    /// Orders that M3 did not delete are tried again without their lines.
    async fn clear_what_stays(
        &self,
        plans: Vec<Plan<'a>>,
        answers: &mut Vec<(usize, Amended)>,
    ) -> Vec<Plan<'a>> {
        let (cancelling, mut changed): (Vec<_>, Vec<_>) =
            plans.into_iter().partition(|plan| plan.known.amendment.cancel);
        let read = self.read_heads(&cancelling).await;
        let mut stays = Vec::new();
        for (mut plan, has) in cancelling.into_iter().zip(read) {
            match has {
                Ok(None) => answers.push((plan.known.index, Amended::Cancelled)),
                Ok(Some(has)) => {
                    let (company, number) = (self.company.number, plan.known.number);
                    let lines = has.lines.iter().map(|row| requests::delete_line(company, number, row));
                    plan.transactions = lines.chain([requests::delete_order(company, number)]).collect();
                    plan.has = has;
                    stays.push(plan);
                }
                Err(amended) => answers.push((plan.known.index, amended)),
            }
        }
        changed.extend(self.write(stays, answers).await);
        changed
    }

    async fn read_heads(&self, plans: &[Plan<'a>]) -> Vec<Result<Option<Has>, Amended>> {
        let known: Vec<_> = plans.iter().map(|plan| Known { ..plan.known }).collect();
        self.read(&known).await
    }

    /// Reads all orders again: what M3 shows is what was done.
    async fn verify(&self, plans: Vec<Plan<'a>>) -> Vec<(usize, Amended)> {
        let read = self.read_heads(&plans).await;
        let verified = plans.into_iter().zip(read).map(|(plan, has)| {
            let index = plan.known.index;
            let amended = match has {
                Err(Amended::Later(error)) => {
                    Amended::InDoubt(format!("it was changed, and could not be read again: {error}"))
                }
                Err(other) => other,
                Ok(None) => not_there(&plan.known),
                Ok(Some(has)) if plan.known.amendment.cancel => after_cancelling(&has),
                Ok(Some(has)) => after_changes(&plan, self.compare(&plan.known, &has)),
            };
            (index, amended)
        });
        verified.collect()
    }
}

fn asking(known: &Known<'_>) -> Asking {
    if known.amendment.cancel {
        Asking::for_cancelling()
    } else {
        Asking::for_changes(known.order, known.before)
    }
}

/// Whether the order has our reference: M3 may have given the number of what it lost to another order.
fn is_ours(known: &Known<'_>, has: &Has) -> bool {
    let reference = known.order.reference.as_str();
    [has.head.get("CUOR"), has.head.get("YREF")].contains(&reference)
}

/// What an order comes to that M3 does not have: gone is as good as cancelled.
fn not_there(known: &Known<'_>) -> Amended {
    if known.amendment.cancel { Amended::Cancelled } else { review("order", None, Some(known.number)) }
}

fn not_cancelled(has: &Has) -> Amended {
    review("order", Some(&format!("status {}", has.head.get("ORST"))), None)
}

fn after_cancelling(has: &Has) -> Amended {
    if has.head.get("ORSL") == CLOSED { Amended::Cancelled } else { not_cancelled(has) }
}

/// What the changes came to: what differed and does not any more was done.
fn after_changes(plan: &Plan<'_>, after: Vec<Differing>) -> Amended {
    if after.is_empty() {
        return Amended::Done(plan.differing.iter().map(Differing::told).collect());
    }
    if !plan.is_refused && after.iter().any(Differing::is_new_line) {
        return Amended::InDoubt("M3 took a new line and does not show it".into());
    }
    needs_review(after)
}

fn needs_review(differing: Vec<Differing>) -> Amended {
    Amended::NeedsReview(differing.into_iter().map(|one| one.difference).collect())
}

fn review(field: &str, has: Option<&str>, wanted: Option<&str>) -> Amended {
    let (has, wanted) = (has.map(str::to_owned), wanted.map(str::to_owned));
    Amended::NeedsReview(vec![Difference { field: field.to_owned(), has, wanted }])
}

/// Whether all changes were answered. A refusal is an answer: the next reading shows what it left as it was.
fn sent(plan: &Plan<'_>, replies: &[Reply]) -> Sent {
    let mut refused: BTreeMap<&str, &str> = BTreeMap::new();
    let mut broken: Option<&CallError> = None;
    for (transaction, reply) in plan.transactions.iter().zip(replies) {
        match reply {
            Reply::Done(rows) if transaction.name == "AddLineBatchEnt" => {
                if rows.first().and_then(|row| row.required("PONR")).is_none() {
                    return Sent::Stopped(Amended::InDoubt("M3 gave no line number".into()));
                }
            }
            Reply::Done(_) => {}
            Reply::Nok(nok) => drop(refused.insert(transaction.name, nok.name())),
            Reply::Failed(CallError::Unknown(why)) => {
                return Sent::Stopped(Amended::InDoubt(why.clone()));
            }
            Reply::Failed(error) => broken = Some(error),
        }
    }
    if !refused.is_empty() {
        tracing::info!(record = %plan.known.amendment.key, number = plan.known.number, ?refused, "M3 refused changes");
    }
    match broken {
        Some(error) => Sent::Stopped(Amended::Later(error.clone())),
        None => Sent::Answered { is_refused: !refused.is_empty() },
    }
}
