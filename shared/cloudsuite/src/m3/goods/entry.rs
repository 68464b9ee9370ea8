//! Entering movements: first lines, which begin the messages, the other lines, processing; each step for the whole
//! batch at once, one request to each program.

use std::collections::BTreeSet;

use domain::{Document, Finding, FindingCode, GoodsLine, References, Step};

use super::{
    Engine, GoodsOptions,
    judge::{judge_lines, left_behind, left_of, not_begun, number_of, stopped, unprocessed},
    kept::Kept,
    movement::Movement,
    requests::{self, Lines},
};
use crate::{
    Begun, Company, Outcome, Progress,
    m3::{bulk::Bulk, outcome::Reply, wire::Transaction},
};

/// A movement to be posted: its place in the batch, the document, and what M3 has of it already.
pub(in crate::m3) type Wanted<'a> = (usize, &'a Document, Option<&'a Begun>);

/// A movement without a message.
struct New<'a> {
    /// Its place in the batch.
    index: usize,
    source: &'a [GoodsLine],
    lines: Lines,
}

/// A movement whose message is there.
struct Entry<'a> {
    index: usize,
    source: &'a [GoodsLine],
    lines: Lines,
    /// The message's number.
    number: String,
    /// How many of its first lines are there.
    present: usize,
    /// All its lines were there at an earlier try, which may have had it processed.
    was_whole: bool,
}

/// One posting of movements.
pub(in crate::m3) struct Posting<'a> {
    pub(in crate::m3) bulk: &'a Bulk,
    pub(in crate::m3) company: &'a Company,
    pub(in crate::m3) options: &'a GoodsOptions,
    pub(in crate::m3) progress: &'a dyn Progress,
    /// What became of the movements that are settled already, by their places in the batch.
    pub(in crate::m3) outcomes: Vec<(usize, Outcome)>,
}

impl<'a> Posting<'a> {
    /// Posts movements, each from where it is.
    pub(in crate::m3) async fn run(mut self, movements: &[Wanted<'a>]) -> Vec<(usize, Outcome)> {
        let (mut new, mut outdated, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for &(index, document, begun) in movements {
            let Some(movement) = Movement::of(document, self.options).filter(is_postable) else {
                self.outcomes.push((index, Outcome::Rejected(vec![not_postable(document)])));
                continue;
            };
            let lines = Lines::of(self.company.number, &movement, self.options);
            let one = New { index, source: document.goods(), lines };
            match begun {
                None => new.push(one),
                Some(begun) => match Kept::parse(&begun.temporary) {
                    Some(kept) if goes_on(&one.lines, begun, &kept) => entries.push(one.found(kept, begun)),
                    Some(kept) => outdated.push((one, kept)),
                    None => self.outcomes.push((index, not_ours(begun))),
                },
            }
        }
        new.extend(self.take_out_outdated(outdated).await);
        entries.extend(self.begin(new).await);
        let entries = self.keep(entries, Step::Lines).await;
        let complete = self.add_lines(entries).await;
        let complete = self.keep(complete, Step::Confirm).await;
        self.process(complete).await;
        self.outcomes
    }

    /// Writes what belongs to several movements: one request to each program. The replies come in the same order.
    async fn write(&self, asked: Vec<(Engine, Vec<Transaction>)>) -> Vec<Vec<Reply>> {
        let mut replies: Vec<Vec<Reply>> = asked.iter().map(|_| Vec::new()).collect();
        for engine in Engine::ALL {
            let places: Vec<_> = (0..asked.len()).filter(|&place| asked[place].0 == engine).collect();
            let transactions = places.iter().flat_map(|&place| asked[place].1.clone()).collect();
            let until = self.progress.until();
            let answered = self.bulk.write(self.company, engine.program(), transactions, until).await;
            let mut answered = answered.into_iter();
            for place in places {
                replies[place] = answered.by_ref().take(asked[place].1.len()).collect();
            }
        }
        replies
    }

    /// Takes out what earlier tries left, and then its numbers out of the ledger. Gives the movements to be begun
    /// anew.
    async fn take_out_outdated(&mut self, outdated: Vec<(New<'a>, Kept)>) -> Vec<New<'a>> {
        let outdated = self.unwant(outdated).await;
        let deletion = |kept: &Kept| requests::delete(self.company.number, kept.engine, &kept.number);
        let deletions = outdated.iter().map(|(_, kept)| (kept.engine, vec![deletion(kept)])).collect();
        let replies = self.write(deletions).await;
        let mut anew = Vec::with_capacity(outdated.len());
        for ((one, kept), reply) in outdated.into_iter().zip(&replies) {
            match left_of(&kept.number, reply.first(), self.options) {
                Some(outcome) => self.outcomes.push((one.index, outcome)),
                None => match self.progress.reached(one.index, Step::Head, References::default()).await {
                    Ok(()) => anew.push(one),
                    Err(_) => self.outcomes.push((one.index, Outcome::Abandoned)),
                },
            }
        }
        anew
    }

    /// Tells the ledger that messages, which were found not to be processed, are not to be any more: should the answer
    /// to their deletion be lost, their absence is no riddle.
    async fn unwant(&mut self, outdated: Vec<(New<'a>, Kept)>) -> Vec<(New<'a>, Kept)> {
        let mut told = Vec::with_capacity(outdated.len());
        for (one, kept) in outdated {
            let kept = Kept { lines: None, ..kept };
            let references = References { temporary: Some(kept.to_string()), number: None };
            match self.progress.reached(one.index, Step::Lines, references).await {
                Ok(()) => told.push((one, kept)),
                Err(_) => self.outcomes.push((one.index, Outcome::Abandoned)),
            }
        }
        told
    }

    /// Begins a message of its own for each movement, so that one that is refused can be taken out alone.
    async fn begin(&mut self, new: Vec<New<'a>>) -> Vec<Entry<'a>> {
        let first = new.iter().map(|one| (one.lines.engine, one.lines.first().into_iter().collect()));
        let replies = self.write(first.collect()).await;
        let mut begun = Vec::with_capacity(new.len());
        for (one, reply) in new.into_iter().zip(&replies) {
            match number_of(one.lines.engine, reply.first()) {
                Ok(number) => begun.push(one.begun(number)),
                Err(reply) => self.outcomes.push((one.index, not_begun(reply, one.source))),
            }
        }
        begun
    }

    /// Tells the ledger how far the movements have come. Whose lease is lost goes no further; its message stays,
    /// because whoever holds the movement now may have found it.
    async fn keep(&mut self, entries: Vec<Entry<'a>>, step: Step) -> Vec<Entry<'a>> {
        let keeping = entries.iter().map(|entry| {
            let references = References { temporary: Some(entry.kept(step).to_string()), number: None };
            self.progress.reached(entry.index, step, references)
        });
        let kept = futures::future::join_all(keeping).await;
        let (held, lost): (Vec<_>, Vec<_>) =
            entries.into_iter().zip(kept).partition(|(_, kept)| kept.is_ok());
        self.outcomes.extend(lost.into_iter().map(|(entry, _)| (entry.index, Outcome::Abandoned)));
        held.into_iter().map(|(entry, _)| entry).collect()
    }

    /// Adds the lines that are missing.
    async fn add_lines(&mut self, entries: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
        let missing = entries.iter().map(Entry::missing);
        let replies = self.write(missing.collect()).await;
        let (mut complete, mut refused) = (Vec::with_capacity(entries.len()), Vec::new());
        for (entry, replies) in entries.into_iter().zip(&replies) {
            let source = entry.source.get(entry.present..).unwrap_or_default();
            match judge_lines(entry.lines.engine, replies, source) {
                None => complete.push(entry),
                Some(outcome) => refused.push((entry, outcome)),
            }
        }
        self.take_out(refused).await;
        complete
    }

    /// Has M3 move the goods. From here on nothing is taken out any more, and no refusal is believed: an earlier try,
    /// or a part of this one, may have moved some of them. What M3 has then is read again.
    async fn process(&mut self, entries: Vec<Entry<'a>>) {
        let process = |entry: &Entry<'_>| {
            let engine = entry.lines.engine;
            (engine, vec![requests::process(self.company.number, engine, &entry.number, self.options)])
        };
        let replies = self.write(entries.iter().map(process).collect()).await;
        for (entry, reply) in entries.into_iter().zip(&replies) {
            let temporary = entry.kept(Step::Confirm);
            let references = References { temporary: Some(temporary.to_string()), number: None };
            let outcome = match reply.first() {
                Some(Reply::Done(_)) => Outcome::Posted(references),
                Some(Reply::Nok(nok)) => Outcome::InDoubt(Step::Confirm, unprocessed(&temporary, nok)),
                Some(Reply::Failed(error)) => stopped(error, Step::Confirm),
                None => Outcome::InDoubt(Step::Confirm, "M3 gave no result".into()),
            };
            self.outcomes.push((entry.index, outcome));
        }
    }

    /// Takes messages of which M3 refuses a line out of it again. What is only put off, or in doubt, stays.
    async fn take_out(&mut self, refused: Vec<(Entry<'a>, Outcome)>) {
        let (rejected, other): (Vec<_>, Vec<_>) =
            refused.into_iter().partition(|(_, outcome)| matches!(outcome, Outcome::Rejected(_)));
        self.outcomes.extend(other.into_iter().map(|(entry, outcome)| (entry.index, outcome)));
        let deletions = rejected.iter().map(|(entry, _)| {
            let engine = entry.lines.engine;
            (engine, vec![requests::delete(self.company.number, engine, &entry.number)])
        });
        let replies = self.write(deletions.collect()).await;
        for ((entry, mut outcome), reply) in rejected.into_iter().zip(&replies) {
            if let Outcome::Rejected(findings) = &mut outcome
                && left_of(&entry.number, reply.first(), self.options).is_some()
            {
                findings.push(left_behind(&entry.kept(Step::Lines)));
            }
            self.outcomes.push((entry.index, outcome));
        }
    }
}

impl<'a> New<'a> {
    fn begun(self, number: String) -> Entry<'a> {
        let Self { index, source, lines } = self;
        Entry { index, source, lines, number, present: 1, was_whole: false }
    }

    fn found(self, kept: Kept, begun: &Begun) -> Entry<'a> {
        let Self { index, source, lines } = self;
        let was_whole = kept.lines.is_some();
        Entry { index, source, lines, number: kept.number, present: begun.lines.len(), was_whole }
    }
}

impl Entry<'_> {
    fn missing(&self) -> (Engine, Vec<Transaction>) {
        (self.lines.engine, self.lines.after(self.present, &self.number))
    }

    /// What the ledger keeps before a step: at the last one, how many lines are there.
    fn kept(&self, step: Step) -> Kept {
        let is_whole = self.was_whole || step == Step::Confirm;
        Kept {
            number: self.number.clone(),
            engine: self.lines.engine,
            digest: self.lines.digest.clone(),
            lines: is_whole.then(|| u32::try_from(self.lines.count()).unwrap_or(u32::MAX)),
        }
    }
}

/// Whether what M3 has is the beginning of what is to be written.
fn goes_on(lines: &Lines, begun: &Begun, kept: &Kept) -> bool {
    let first: BTreeSet<u32> = (1..).take(begun.lines.len()).collect();
    let is_first = !first.is_empty() && begun.lines == first && begun.lines.len() <= lines.count();
    let is_same = kept.engine == lines.engine && kept.digest == lines.digest;
    !begun.outdated && is_first && is_same
}

/// A movement without a number could never be found again; one without lines moves nothing.
fn is_postable(movement: &Movement<'_>) -> bool {
    !movement.number.is_empty() && !movement.lines.is_empty()
}

fn not_postable(document: &Document) -> Finding {
    Finding::new(
        FindingCode::InvalidField,
        "goods",
        format!("the {} has no message number or no lines, so it is no movement", document.kind()),
        "this is a fault of the connector: report it",
    )
}

fn not_ours(begun: &Begun) -> Outcome {
    Outcome::InDoubt(Step::Lines, format!("{} is no message of goods", begun.temporary))
}
