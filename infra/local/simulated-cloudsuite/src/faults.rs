//! Faults on request: what goes wrong, how often, and for which requests. Nothing goes wrong unasked.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::m3::{ForcedStatus, Nok};

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At the ION API Gateway and M3.
    #[default]
    Gateway,
    /// At the token endpoint.
    Token,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// This HTTP status, and nothing is processed.
    Status {
        /// 429, 500, 502, 503, 504 …
        status: u16,
        /// Seconds for a `Retry-After` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// The connection is closed before anything is processed.
    DropBefore,
    /// Everything is processed, then the connection is closed: the answer is lost after the commit.
    DropAfter,
    /// Everything is processed and answered, and then the commit is lost: M3 holds what it held before. Its number
    /// series go on, as series do.
    LoseCommit,
    /// M3 stops after so many transactions: `wasTerminated`, the rest `notProcessed`.
    StopAfter {
        /// Transactions that are still run.
        after: usize,
    },
    /// Everything is processed, but the answer holds only the first results.
    MissingResults {
        /// Results that are left.
        keep: usize,
    },
    /// The answer comes late.
    Latency {
        /// How late.
        milliseconds: u64,
    },
    /// Every access token is revoked, and the request is answered with 401.
    RevokeTokens,
    /// The transaction is refused by M3.
    Nok {
        /// Message id.
        code: String,
        /// Message text.
        #[serde(default)]
        text: String,
        /// The field it is about.
        #[serde(default)]
        field: String,
    },
    /// A purchase order of the next finished entry gets this status instead of being transferred.
    PurchaseStatus {
        /// 20, 23 or 25.
        status: String,
        /// Message id of its reason.
        #[serde(default)]
        code: String,
        /// Text of its reason.
        #[serde(default)]
        text: String,
    },
    /// A confirmed batch order gets this status instead of becoming a customer order.
    ConfirmStatus {
        /// 15, 20, 25, 30 or 55.
        status: String,
        /// Message id of its reason.
        #[serde(default)]
        code: String,
        /// Text of its reason.
        #[serde(default)]
        text: String,
    },
}

/// A fault that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where it strikes.
    #[serde(default)]
    pub on: Place,
    /// How often it strikes.
    #[serde(default = "once")]
    pub count: u32,
    /// How many requests (for `nok`: transactions) it lets pass first.
    #[serde(default)]
    pub skip: u32,
    /// Only requests for this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// Only requests that hold this transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    /// What goes wrong.
    #[serde(flatten)]
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

const KEYS: [&str; 14] = [
    "on",
    "count",
    "skip",
    "program",
    "transaction",
    "kind",
    "status",
    "retry_after",
    "after",
    "keep",
    "milliseconds",
    "code",
    "text",
    "field",
];

impl Fault {
    /// A fault that strikes once, at the next request to the gateway.
    pub fn once(effect: Effect) -> Self {
        Self { on: Place::Gateway, count: 1, skip: 0, program: None, transaction: None, effect }
    }

    /// The same fault, so many times.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// The same fault, after so many requests have passed.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// The same fault, only for this transaction.
    #[must_use]
    pub fn only(mut self, program: &str, transaction: &str) -> Self {
        self.program = Some(program.to_owned());
        self.transaction = Some(transaction.to_owned());
        self
    }

    /// The same fault, at the token endpoint.
    #[must_use]
    pub fn on_token(mut self) -> Self {
        self.on = Place::Token;
        self
    }

    /// Reads a fault; an unknown key is refused, since a mistyped fault would simply never strike.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let keys = value.as_object().map(|object| object.keys()).into_iter().flatten();
        if let Some(unknown) = keys.into_iter().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("unknown key {unknown}"));
        }
        Self::deserialize(value).map_err(|error| error.to_string())
    }

    fn is_for(&self, program: &str, transactions: &[&str]) -> bool {
        self.program.as_deref().is_none_or(|own| own == program)
            && self.transaction.as_deref().is_none_or(|own| transactions.contains(&own))
    }

    /// Counts one matching request and says whether the fault strikes it.
    fn strike(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        let strikes = self.count > 0;
        self.count = self.count.saturating_sub(1);
        strikes
    }
}

impl Effect {
    /// Whether it strikes single transactions rather than requests.
    fn is_within(&self) -> bool {
        matches!(self, Self::Nok { .. } | Self::ConfirmStatus { .. } | Self::PurchaseStatus { .. })
    }
}

/// The faults still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.0
    }

    /// What goes wrong with this request.
    pub(crate) fn take(&mut self, on: Place, program: &str, transactions: &[&str]) -> Vec<Effect> {
        self.pick(|fault| fault.on == on && !fault.effect.is_within() && fault.is_for(program, transactions))
    }

    /// The refusal asked for this transaction.
    pub(crate) fn take_nok(&mut self, program: &str, transaction: &str) -> Option<Nok> {
        let is_nok = |fault: &Fault| matches!(fault.effect, Effect::Nok { .. });
        let effects = self.pick(|fault| is_nok(fault) && fault.is_for(program, &[transaction]));
        effects.into_iter().find_map(|effect| match effect {
            Effect::Nok { code, text, field } => Some(Nok { code, field, text }),
            _ => None,
        })
    }

    /// The status asked for the next confirmed batch order.
    pub(crate) fn take_confirm_status(&mut self) -> Option<ForcedStatus> {
        let effects = self.pick(|fault| matches!(fault.effect, Effect::ConfirmStatus { .. }));
        effects.into_iter().find_map(|effect| match effect {
            Effect::ConfirmStatus { status, code, text } => Some(ForcedStatus { status, code, text }),
            _ => None,
        })
    }

    /// The status asked for the purchase orders of the next finished entry.
    pub(crate) fn take_purchase_status(&mut self) -> Option<ForcedStatus> {
        let effects = self.pick(|fault| matches!(fault.effect, Effect::PurchaseStatus { .. }));
        effects.into_iter().find_map(|effect| match effect {
            Effect::PurchaseStatus { status, code, text } => Some(ForcedStatus { status, code, text }),
            _ => None,
        })
    }

    fn pick(&mut self, wanted: impl Fn(&Fault) -> bool) -> Vec<Effect> {
        let struck = self.0.iter_mut().filter(|fault| wanted(fault)).filter_map(|fault| {
            let effect = fault.effect.clone();
            fault.strike().then_some(effect)
        });
        let effects = struck.collect();
        self.0.retain(|fault| fault.count > 0);
        effects
    }
}
