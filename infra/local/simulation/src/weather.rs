//! What may go wrong in one run, how often, and until when.
//!
//! Each seed draws which kinds of faults it has at all ("swarm testing": a fault that is always on hides those
//! that it prevents), so every kind is also seen alone, and none drowns the others.

use std::{fmt, time::Duration};

use crate::{Chance, Time};

/// Declares the kinds with their words and how often each may strike at most, per thousand chances.
macro_rules! faults {
    ($($(#[doc = $doc:literal])* $kind:ident = $word:literal, $most:literal;)+) => {
        /// A kind of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Fault {
            $($(#[doc = $doc])* $kind,)+
        }

        impl Fault {
            /// Every kind.
            pub(crate) const ALL: [Self; 0 $(+ { let _ = $word; 1 })+] = [$(Self::$kind,)+];

            /// A word for it.
            pub(crate) fn word(self) -> &'static str {
                match self { $(Self::$kind => $word,)+ }
            }

            /// How often it strikes at most, per thousand chances.
            fn most(self) -> u32 {
                match self { $(Self::$kind => $most,)+ }
            }
        }
    };
}

faults! {
    /// DynamoDB throttles a call; nothing happens.
    LedgerThrottled = "ledger throttled", 200;
    /// DynamoDB does not answer; nothing happens.
    LedgerDown = "ledger down", 100;
    /// DynamoDB does it, and its answer is lost.
    LedgerAnswerLost = "ledger answer lost", 100;
    /// An index does not show an item yet.
    IndexLags = "index lags", 500;
    /// SQS does not do it.
    QueueFailed = "queue failed", 200;
    /// SQS does it, and its answer is lost.
    QueueAnswerLost = "queue answer lost", 100;
    /// A receive brings a message and leaves it visible.
    DeliveredTwice = "delivered twice", 200;
    /// Secrets Manager does not answer.
    SecretsDown = "secrets down", 300;
    /// A step takes seconds or minutes.
    Slow = "slow", 50;
    /// The machine stands still for an hour, and neither Lambda nor the instance notices before it goes on.
    Frozen = "frozen", 20;
    /// The instance ends.
    Crash = "crash", 20;
    /// No connection to Infor.
    NoConnection = "no connection", 200;
    /// The connection breaks before anything was processed.
    BrokenBefore = "broken before", 100;
    /// The connection breaks after everything was processed.
    BrokenAfter = "broken after", 200;
    /// Infor processes a request so late that nobody waits any more.
    ProcessedLate = "processed late", 100;
    /// The answer never arrives although everything was processed.
    AnswerLate = "answer late", 100;
    /// The gateway answers 429.
    Throttled = "throttled", 300;
    /// The gateway answers 5xx and nothing was processed.
    ServerError = "server error", 200;
    /// The gateway answers 504 although everything is processed.
    GatewayTimeOut = "gateway time-out", 100;
    /// M3 processes and answers, and then loses what it answered.
    CommitLost = "commit lost", 50;
    /// M3 stops in the middle of a bulk request.
    Terminated = "terminated", 100;
    /// Results are missing in an answer.
    ResultsMissing = "results missing", 100;
    /// All access tokens are revoked.
    TokensRevoked = "tokens revoked", 100;
    /// The token endpoint does not answer.
    TokenDown = "token endpoint down", 300;
    /// M3 takes a batch order and gives it an error status.
    ConfirmRefused = "confirm refused", 200;
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The faults of one run.
#[derive(Debug)]
pub(crate) struct Weather {
    time: Time,
    chance: Chance,
    /// How often each kind strikes, per thousand, in the order of [`Fault::ALL`].
    rates: Vec<u32>,
    /// When the faults end.
    pub(crate) until: Duration,
}

impl Weather {
    /// The weather of a seed.
    pub(crate) fn drawn(seed: u64, time: Time) -> Self {
        let chance = Chance::of(seed, "weather");
        let kinds = Fault::ALL.len() as u64;
        let rate = |fault: Fault| fault.most() * (1 << chance.between(0..=3)) / 8;
        let alone = usize::try_from(chance.between(0..=kinds - 1)).unwrap_or_default();
        let rates = match chance.between(0..=15) {
            0 => vec![0; Fault::ALL.len()],
            1..=4 => {
                let one = Fault::ALL.iter().enumerate();
                one.map(|(place, &fault)| if place == alone { rate(fault).max(1) } else { 0 }).collect()
            }
            mood => {
                let share = [125, 250, 500][usize::try_from(mood % 3).unwrap_or_default()];
                let drawn = |&fault: &Fault| if chance.strikes(share) { rate(fault).max(1) } else { 0 };
                Fault::ALL.iter().map(drawn).collect()
            }
        };
        let until = Duration::from_secs(60 * chance.between(5..=300));
        Self { time, chance: Chance::of(seed, "strikes"), rates, until }
    }

    /// No faults at all.
    pub(crate) fn fair(time: Time) -> Self {
        let rates = vec![0; Fault::ALL.len()];
        Self { time, chance: Chance::of(0, "strikes"), rates, until: Duration::ZERO }
    }

    /// Whether a fault strikes now.
    pub(crate) fn strikes(&self, fault: Fault) -> bool {
        let rate = self.rates[fault as usize];
        rate > 0 && self.time.elapsed() < self.until && self.chance.strikes(rate)
    }

    /// The kinds that this run has, for people.
    pub(crate) fn kinds(&self) -> String {
        let kinds = Fault::ALL.iter().zip(&self.rates).filter(|(_, rate)| **rate > 0);
        kinds.map(|(fault, rate)| format!("{fault} {rate}‰")).collect::<Vec<_>>().join(", ")
    }
}
