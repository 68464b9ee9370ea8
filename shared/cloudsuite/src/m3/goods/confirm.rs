//! Confirming movements: the status of each message, and of the lines of those for orders; one or two requests to each
//! program.

use domain::{Finding, FindingCode};

use super::{
    Engine, GoodsOptions,
    kept::Kept,
    requests,
    status::{self, Message, Stage},
};
use crate::{
    CallError, Company, Confirmation, Submitted,
    m3::{bulk::Bulk, outcome::Reply, wire::Row},
};

/// The most lines of one stock message that are asked for M3's reasons.
const MOST_REASONS: u32 = 20;

/// Asks for all movements at once; one answer for each, in order.
pub(in crate::m3) async fn confirm(
    bulk: &Bulk,
    company: &Company,
    options: &GoodsOptions,
    batch: &[&Submitted],
) -> Result<Vec<Confirmation>, CallError> {
    let kept: Vec<_> = batch.iter().map(|one| kept_of(one)).collect();
    let mut confirmations: Vec<_> = kept.iter().map(|_| not_known()).collect();
    for engine in Engine::ALL {
        let of_engine: Vec<_> = (0..batch.len())
            .filter_map(|place| Some((place, kept[place].as_ref().filter(|kept| kept.engine == engine)?)))
            .collect();
        let asked = of_engine
            .iter()
            .map(|(place, _)| requests::messages(company.number, &batch[*place].message_number, options));
        let listed = bulk.read(company, engine.program(), asked.collect()).await?;
        let stages: Vec<_> =
            of_engine.iter().zip(&listed).map(|((_, kept), reply)| stage_of(kept, reply, options)).collect();
        let details = details(bulk, company, engine, &of_engine, &stages).await?;
        for (((place, kept), stage), details) in of_engine.iter().zip(stages).zip(details) {
            let lines = kept.lines.or(batch[*place].lines);
            confirmations[*place] = stage
                .and_then(|(stage, status)| conclude(kept, stage, &status, lines, &details, options))
                .unwrap_or_else(Confirmation::Pending);
        }
    }
    Ok(confirmations)
}

fn kept_of(one: &Submitted) -> Option<Kept> {
    let kept = one.references.temporary.as_deref().and_then(Kept::parse)?;
    (!one.message_number.is_empty()).then_some(kept)
}

fn not_known() -> Confirmation {
    Confirmation::Pending("the movement's message is not known".into())
}

/// How far our message has come, with its status; or, in words, why that is not known.
fn stage_of(kept: &Kept, reply: &Reply, options: &GoodsOptions) -> Result<(Stage, String), String> {
    let listed = status::listed(kept.engine, reply, options)?;
    match listed.iter().find(|message| message.number == kept.number) {
        Some(_) if listed.len() > 1 => {
            let numbers: Vec<_> = listed.iter().map(|message| message.number.as_str()).collect();
            Err(format!("messages {} have one external number", numbers.join(", ")))
        }
        Some(Message { status, .. }) => Ok((status::stage(status, options), status.clone())),
        None => Err(format!(
            "M3 lists no message {} under our number: if that stays so, see the own partner (E0PB)",
            kept.number
        )),
    }
}

/// What M3 says of the lines: of every message for an order, because it may be done and not whole; of a stock
/// message only if it is not done.
async fn details(
    bulk: &Bulk,
    company: &Company,
    engine: Engine,
    messages: &[(usize, &Kept)],
    stages: &[Result<(Stage, String), String>],
) -> Result<Vec<Vec<Row>>, CallError> {
    let asked: Vec<Vec<_>> = messages
        .iter()
        .zip(stages)
        .map(|((_, kept), stage)| match (engine, stage) {
            (Engine::Orders, Ok(_)) => vec![requests::order_lines(&kept.number)],
            (Engine::Stock, Ok((Stage::Failed | Stage::OnItsWay, _))) => {
                let places = 1..=kept.lines.unwrap_or(1).min(MOST_REASONS);
                places.map(|place| requests::stock_line(company.number, &kept.number, place)).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    let replies = bulk.read(company, engine.program(), asked.concat()).await?;
    let mut replies = replies.into_iter();
    let rows = |reply| match reply {
        Reply::Done(rows) => rows,
        // What M3 says of lines only adds to what it says of the message.
        Reply::Nok(_) | Reply::Failed(_) => Vec::new(),
    };
    Ok(asked.iter().map(|asked| replies.by_ref().take(asked.len()).flat_map(rows).collect()).collect())
}

/// What is to be told of a message. The error is why it is not settled, in words.
fn conclude(
    kept: &Kept,
    stage: Stage,
    status: &str,
    lines: Option<u32>,
    details: &[Row],
    options: &GoodsOptions,
) -> Result<Confirmation, String> {
    let in_trouble: Vec<_> = (1_usize..)
        .zip(details)
        .filter(|(_, row)| is_in_trouble(row, options))
        .map(|(place, row)| trouble(kept, place, row))
        .collect();
    let all_moved = details.iter().all(|row| status::stage(row.get("STAT"), options) == Stage::Moved);
    match stage {
        _ if !in_trouble.is_empty() => Ok(Confirmation::Failed(in_trouble)),
        Stage::Failed => Ok(Confirmation::Failed(vec![trouble_of_message(kept, status)])),
        Stage::Moved if all_moved => Ok(whole(kept, lines, details.len())),
        Stage::Moved => Err(format!("message {} has status {status}, and not all its lines", kept.number)),
        Stage::OnItsWay | Stage::Strange => Err(format!("message {} has status {status:?}", kept.number)),
    }
}

/// A message that is done: confirmed if it has every line. One whose lines are not listed tells nothing of them.
fn whole(kept: &Kept, lines: Option<u32>, there: usize) -> Confirmation {
    let number = kept.number.clone();
    let wanted = lines.and_then(|lines| usize::try_from(lines).ok()).unwrap_or(there);
    if there == 0 || there == wanted {
        return Confirmation::Confirmed(number);
    }
    let finding = Finding::new(
        FindingCode::Incomplete,
        "goods",
        format!("M3 moved {there} lines of message {number}, which was given {wanted}"),
        format!("compare the message in {} with the source and move what is missing", kept.engine.panel()),
    );
    Confirmation::Incomplete(number, vec![finding])
}

fn is_in_trouble(row: &Row, options: &GoodsOptions) -> bool {
    match status::stage(row.get("STAT"), options) {
        Stage::Moved => false,
        Stage::Failed => true,
        Stage::OnItsWay | Stage::Strange => row.required("MSID").is_some(),
    }
}

/// What M3 says against a line. Messages of goods hold no personal data, so M3's own words can be kept.
fn trouble(kept: &Kept, place: usize, row: &Row) -> Finding {
    let line = requests::read_ours(row.get(requests::OURS))
        .map_or(place.to_string(), |(place, _)| place.to_string());
    let item = row.required("ITNO").map(|item| format!(", item {item}")).unwrap_or_default();
    let said = match row.required("MSID") {
        Some(id) => format!("message id {id} {}", row.get("MSGD")),
        None => format!("status {}", row.get("STAT")),
    };
    finding(kept, format!("M3 did not move line {line}{item} of message {}: {}", kept.number, said.trim()))
}

fn trouble_of_message(kept: &Kept, status: &str) -> Finding {
    finding(kept, format!("message {} has status {status}", kept.number))
}

fn finding(kept: &Kept, message: String) -> Finding {
    let help = format!(
        "correct it in {} and process the message again: it is looked for until its goods are moved",
        kept.engine.panel()
    );
    Finding::new(FindingCode::Refused, "goods", message, help)
}
