//! The dead-letter queue as text for people.

use std::{collections::BTreeMap, fmt::Write as _};

use jiff::Timestamp;

use super::{DeadLetters, Letter, Reason, Redrive, Redriven};

/// What a look showed: counts by reason, then one line a message.
pub fn render_dead_letters(dead_letters: &DeadLetters, now: Timestamp) -> String {
    let DeadLetters { letters, reasons, looked_at, about, still_hidden } = dead_letters;
    let mut text = format!("{looked_at} looked at, of about {about}; {} match\n", letters.len());
    counts(&mut text, reasons);
    if !letters.is_empty() {
        text.push_str("messages, oldest first\n");
    }
    for letter in letters {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "  {}", line(letter, now));
    }
    hidden(&mut text, *still_hidden, "a minute");
    text
}

/// What a redrive did.
pub fn render_redriven(redriven: &Redriven, wish: &Redrive) -> String {
    let Redriven { moved, left, failed, still_hidden, stopped } = redriven;
    let word = if wish.dry_run { "would be moved" } else { "moved" };
    let mut text = String::new();
    for (word, of) in [(word, moved), ("left", left), ("failed", failed)] {
        let _ = writeln!(text, "{} {word}", of.values().sum::<usize>());
        counts(&mut text, of);
    }
    hidden(&mut text, *still_hidden, "five minutes");
    if let Some(why) = stopped {
        let _ = writeln!(text, "stopped before the end: {why}; start it again once that is over");
    }
    text
}

/// How far a redrive has come, as one line.
pub fn render_progress(redriven: &Redriven) -> String {
    let [moved, left, failed] =
        [&redriven.moved, &redriven.left, &redriven.failed].map(|of| of.values().sum::<usize>());
    format!("{} looked at: {moved} moved, {left} left, {failed} failed", redriven.looked_at())
}

fn counts(text: &mut String, counts: &BTreeMap<String, usize>) {
    for (word, count) in counts {
        let _ = writeln!(text, "  {count:>5}  {word}");
    }
}

fn hidden(text: &mut String, still_hidden: usize, until: &str) {
    if still_hidden > 0 {
        let _ = writeln!(text, "{still_hidden} could not be made visible again: they are in {until}");
    }
}

fn line(letter: &Letter, now: Timestamp) -> String {
    let record = letter.record.as_ref().map(ToString::to_string);
    // A record's key begins with its tenant.
    let what = record.or_else(|| letter.tenant.as_ref().map(|tenant| format!("{tenant}, no record")));
    let what = what.as_deref().unwrap_or("of nobody known");
    let reason = match &letter.reason {
        // This look is counted already.
        Reason::MovedBySqs => {
            format!("moved by SQS after {} receives", letter.received.saturating_sub(1))
        }
        Reason::Given(reason) => reason.clone(),
    };
    let (age, correlation, received) = (age(letter.sent_at, now), &letter.correlation, letter.received);
    format!("{age:>6}  {what}  {reason}  {correlation}  received {received}×")
}

/// How long ago something was, in its largest unit.
fn age(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second()).max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
