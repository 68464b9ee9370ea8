//! The dead-letter queue as JSON, for scripts.

use serde_json::{Value, json};

use super::{DeadLetters, Letter};

/// One JSON object. Its keys are stable; scripts may rely on them.
///
/// | key | what it holds |
/// | --- | --- |
/// | `looked_at` | how many messages were looked at |
/// | `about` | about how many messages the queue holds |
/// | `reasons` | for each reason, how many of the messages meant have it |
/// | `messages` | the messages meant, oldest first: `tenant`, `record` (each `null` where it cannot be read), `reason`, `correlation`, `received` (how often) and `sent_at` each |
///
/// A message that SQS moved has the reason `moved by SQS`. Times are RFC 3339 in UTC.
pub fn dead_letters_json(dead_letters: &DeadLetters) -> Value {
    json!({
        "looked_at": dead_letters.looked_at,
        "about": dead_letters.about,
        "reasons": dead_letters.reasons,
        "messages": dead_letters.letters.iter().map(message).collect::<Vec<_>>(),
    })
}

fn message(letter: &Letter) -> Value {
    json!({
        "tenant": letter.tenant,
        "record": letter.record,
        "reason": letter.reason.to_string(),
        "correlation": letter.correlation,
        "received": letter.received,
        "sent_at": letter.sent_at,
    })
}
