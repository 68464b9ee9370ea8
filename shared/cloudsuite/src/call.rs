//! What can go wrong with one call, sorted by what it means for a write.

use std::time::Duration;

use domain::{Finding, FindingCode};
use remote::HttpsError;

/// Why a call gave no answer that can be read. The variant decides what may follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nothing reached CloudSuite: try again.
    #[error("CloudSuite was not reached: {0}")]
    NotSent(String),
    /// The gateway's limit is used up, or it failed several times in a row; nothing was processed: wait.
    #[error("the ION API Gateway takes no request for now: its limit is used up, or it keeps failing")]
    Throttled {
        /// How long to wait, if that is known.
        after: Option<Duration>,
    },
    /// The request may or may not have been processed: ask before anything is sent again.
    #[error("nobody knows whether CloudSuite processed the request: {0}")]
    Unknown(String),
    /// CloudSuite or the gateway said no: trying again changes nothing.
    #[error("CloudSuite refused the request: {0}")]
    Refused(String),
    /// The tenant's credentials were refused.
    #[error("the tenant's credentials were refused: {0}")]
    Credentials(String),
}

impl From<HttpsError> for CallError {
    fn from(error: HttpsError) -> Self {
        match error {
            HttpsError::NotMade => Self::NotSent(error.to_string()),
            HttpsError::NoCertificate => Self::Refused(format!("cloudsuite.{error}")),
        }
    }
}

impl CallError {
    /// Whether nothing was processed and a later try may succeed.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::Throttled { .. })
    }

    /// The same error of a call that only reads: there, not knowing does no harm and a later try may succeed.
    #[must_use]
    pub fn of_a_read(self) -> Self {
        match self {
            Self::Unknown(why) => Self::NotSent(why),
            other => other,
        }
    }

    /// How long to wait before the next try: what the gateway said, else a default, never above 15 minutes.
    pub fn wait(&self) -> Duration {
        let asked = match self {
            Self::Throttled { after } => *after,
            _ => None,
        };
        asked.unwrap_or(Duration::from_secs(20)).min(Duration::from_secs(900))
    }

    /// How long to pause before the same request is sent again at once: what the gateway said, else a second.
    pub fn pause(&self) -> Duration {
        match self {
            Self::Throttled { after: Some(after) } => *after,
            _ => Duration::from_secs(1),
        }
    }

    /// The finding that a lasting error becomes.
    pub fn finding(&self) -> Finding {
        let (code, help) = match self {
            Self::Credentials(_) => (
                FindingCode::Credentials,
                "check that the .ionapi file in the tenant's secret is of this environment and not revoked",
            ),
            _ => (
                FindingCode::Refused,
                "check the service account's authority in M3 (MNS150, SES400) and the company of the mapping",
            ),
        };
        Finding::new(code, "", self.to_string(), help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_says_what_may_follow() {
        let throttled = |after| CallError::Throttled { after };
        let cases = [
            (CallError::NotSent("x".into()), true, 20),
            (throttled(None), true, 20),
            (throttled(Some(Duration::from_secs(7))), true, 7),
            (throttled(Some(Duration::from_secs(86_400))), true, 900),
            (CallError::Unknown("x".into()), false, 20),
            (CallError::Refused("x".into()), false, 20),
            (CallError::Credentials("x".into()), false, 20),
        ];
        for (error, passing, wait) in cases {
            assert_eq!((error.is_passing(), error.wait().as_secs()), (passing, wait), "{error}");
        }
        assert!(CallError::Unknown("x".into()).of_a_read().is_passing());
    }
}
