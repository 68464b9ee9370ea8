//! Looking for movements whose fate is in doubt, by their external message numbers: one request to each program for
//! the messages, then one to each for what stands in them.

use domain::References;

use super::{
    Engine, GoodsOptions,
    kept::Kept,
    requests,
    status::{self, Message, Stage},
};
use crate::{
    Begun, CallError, Company, Found, Sought,
    m3::{
        bulk::Bulk,
        outcome::Reply,
        wire::{Row, Transaction},
    },
};

/// One movement that is looked for, and what M3 was asked of it so far.
struct Look<'a> {
    sought: &'a Sought,
    kept: Option<Kept>,
    /// The messages under its number, or why M3 does not tell.
    listed: Result<Vec<Message>, String>,
    /// The head of its message.
    head: Option<Reply>,
    /// The lines of its message, if it is one for an order.
    lines: Option<Reply>,
}

/// Looks for movements; one answer for each, in order.
pub(in crate::m3) async fn find(
    bulk: &Bulk,
    company: &Company,
    options: &GoodsOptions,
    sought: &[&Sought],
) -> Result<Vec<Found>, CallError> {
    let mut looks = list(bulk, company, options, sought).await?;
    for engine in Engine::ALL {
        let mut of_engine: Vec<_> = looks
            .iter_mut()
            .filter_map(|look| {
                look.message().filter(|(which, _)| *which == engine).map(|(_, number)| (look, number))
            })
            .collect();
        read(bulk, company, engine, &mut of_engine).await?;
    }
    Ok(looks.iter().map(|look| look.judge(options).unwrap_or_else(Found::Unclear)).collect())
}

/// Lists the messages of each movement, of both programs: which of them took it is not known for certain.
async fn list<'a>(
    bulk: &Bulk,
    company: &Company,
    options: &GoodsOptions,
    sought: &[&'a Sought],
) -> Result<Vec<Look<'a>>, CallError> {
    let look = |sought: &&'a Sought| {
        let listed = match sought.message_number.as_str() {
            "" => Err("the number of the movement is not known".to_owned()),
            _ => Ok(Vec::new()),
        };
        let kept = sought.references.temporary.as_deref().and_then(Kept::parse);
        Look { sought, kept, listed, head: None, lines: None }
    };
    let mut looks: Vec<_> = sought.iter().map(look).collect();
    for engine in Engine::ALL {
        let (asked, questions): (Vec<_>, Vec<_>) = looks
            .iter_mut()
            .filter(|look| !look.sought.message_number.is_empty())
            .map(|look| {
                let question = requests::messages(company.number, &look.sought.message_number, options);
                (look, question)
            })
            .unzip();
        let replies = bulk.read(company, engine.program(), questions).await?;
        for (look, reply) in asked.into_iter().zip(&replies) {
            let more = status::listed(engine, reply, options);
            match (&mut look.listed, more) {
                (Ok(listed), Ok(more)) => listed.extend(more),
                (listed @ Ok(_), Err(why)) => *listed = Err(why),
                (Err(_), _) => {}
            }
        }
    }
    Ok(looks)
}

/// Reads the heads of messages and, of those for orders, the lines.
async fn read(
    bulk: &Bulk,
    company: &Company,
    engine: Engine,
    looks: &mut [(&mut Look<'_>, String)],
) -> Result<(), CallError> {
    let heads = looks.iter().map(|(_, number)| requests::head(company.number, engine, number));
    let lines: Vec<Transaction> = match engine {
        Engine::Stock => Vec::new(),
        Engine::Orders => looks.iter().map(|(_, number)| requests::order_lines(number)).collect(),
    };
    let asked = heads.chain(lines).collect();
    let mut heads = bulk.read(company, engine.program(), asked).await?;
    let mut lines = heads.split_off(looks.len()).into_iter();
    for ((look, _), head) in looks.iter_mut().zip(heads) {
        look.head = Some(head);
        look.lines = lines.next();
    }
    Ok(())
}

impl Look<'_> {
    /// The message to be read: the only one that is listed, or, if none is, the one that was kept.
    fn message(&self) -> Option<(Engine, String)> {
        match (self.listed.as_deref(), &self.kept) {
            (Ok([one]), _) => Some((one.engine, one.number.clone())),
            (Ok([]), Some(kept)) => Some((kept.engine, kept.number.clone())),
            _ => None,
        }
    }

    /// What M3's answers say. The error says why they do not tell.
    fn judge(&self, options: &GoodsOptions) -> Result<Found, String> {
        match self.listed.as_deref().map_err(Clone::clone)? {
            [] => self.judge_unlisted(options),
            [message] => self.judge_message(message, options),
            several => {
                let numbers: Vec<_> = several.iter().map(|one| one.number.as_str()).collect();
                Err(format!("messages {} have our number {}", numbers.join(", "), self.sought.message_number))
            }
        }
    }

    /// M3 lists no message. One that was kept must then be gone, and must not have been processed before.
    fn judge_unlisted(&self, options: &GoodsOptions) -> Result<Found, String> {
        let Some(kept) = &self.kept else { return Ok(Found::Absent) };
        let Kept { number, engine, lines, .. } = kept;
        match &self.head {
            Some(Reply::Nok(nok)) if status::is_missing(nok, options) => match lines {
                None => Ok(Found::Absent),
                Some(_) => Err(format!(
                    "message {number} was to be processed, and {} has it no more: look for its goods in MWS070",
                    engine.panel()
                )),
            },
            Some(head) => first(head, "head").and_then(|_| {
                Err(format!(
                    "message {number} is there, and M3 does not list it under our number: see the own partner (E0PB)"
                ))
            }),
            None => Err(format!("message {number} was not asked for")),
        }
    }

    fn judge_message(&self, message: &Message, options: &GoodsOptions) -> Result<Found, String> {
        let Message { engine, number, status } = message;
        if let Some(kept) = self.kept.as_ref().filter(|kept| (kept.engine, &kept.number) != (*engine, number))
        {
            return Err(format!("message {number} has our number, and {} was ours", kept.number));
        }
        let head = first(self.head.as_ref().ok_or("its head was not asked for")?, "head")?;
        if head.get("PMSN") != self.sought.message_number {
            return Err(format!("M3 lists message {number} under our number, and it has another one"));
        }
        // Messages are listed by M3's own side: another partner's may have the same number.
        if let Some(partner) = head.required("E0PA").filter(|partner| *partner != options.partner) {
            return Err(format!("message {number} has our number, and is of partner {partner}"));
        }
        let lines = rows(self.lines.as_ref(), options)?;
        let temporary = self.kept.clone().unwrap_or_else(|| Kept {
            number: number.clone(),
            engine: *engine,
            digest: String::new(),
            lines: None,
        });
        let being_confirmed = || References { temporary: Some(temporary.to_string()), number: None };
        match status::stage(status, options) {
            Stage::Moved => Ok(Found::Taken(References { temporary: None, number: Some(number.clone()) })),
            Stage::Failed => Ok(Found::Taken(being_confirmed())),
            Stage::OnItsWay if status::was_worked_on(head, lines, options) => {
                Ok(Found::Taken(being_confirmed()))
            }
            Stage::OnItsWay => Ok(Found::Begun(begun(temporary, lines))),
            Stage::Strange => Err(format!("message {number} has status {status:?}")),
        }
    }
}

/// A message of which nothing was moved. The lines of a stock message cannot be listed: they are known only once
/// all of them are there.
fn begun(kept: Kept, lines: &[Row]) -> Begun {
    let outdated = |kept: &Kept| Begun { temporary: kept.to_string(), lines: [].into(), outdated: true };
    match (kept.engine, kept.lines) {
        (Engine::Stock, None) => outdated(&kept),
        (Engine::Stock, Some(lines)) => {
            Begun { temporary: kept.to_string(), lines: (1..=lines).collect(), outdated: false }
        }
        (Engine::Orders, _) => match status::read_lines(lines) {
            Some((lines, digest)) if kept.digest.is_empty() || kept.digest == digest => {
                let kept = Kept { digest, ..kept };
                Begun { temporary: kept.to_string(), lines, outdated: false }
            }
            _ => outdated(&kept),
        },
    }
}

fn rows<'a>(reply: Option<&'a Reply>, options: &GoodsOptions) -> Result<&'a [Row], String> {
    match reply {
        None => Ok(&[]),
        Some(Reply::Done(rows)) => Ok(rows),
        Some(Reply::Nok(nok)) if status::is_missing(nok, options) => Ok(&[]),
        Some(Reply::Nok(nok)) => Err(format!("LstWhsLine: {}", nok.name())),
        Some(Reply::Failed(error)) => Err(error.to_string()),
    }
}

fn first<'a>(reply: &'a Reply, asked: &str) -> Result<&'a Row, String> {
    match reply {
        Reply::Done(rows) => rows.first().ok_or_else(|| format!("{asked}: no record and no message")),
        Reply::Nok(nok) => Err(format!("{asked}: {}", nok.name())),
        Reply::Failed(error) => Err(error.to_string()),
    }
}
