//! What can go wrong with a call, sorted by what it means for the caller.

use std::time::Duration;

use domain::{Finding, FindingCode};
use remote::{HttpsError, TokenError};

/// How long to put off what failed in passing, where nothing better is known.
const USUAL_WAIT: Duration = Duration::from_secs(20);
/// The longest wait that is asked for.
const LONGEST_WAIT: Duration = Duration::from_secs(900);

/// Why a call gave no answer that can be used. The variant decides what may follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// ShipBob was not reached, or failed in passing, and nothing was changed: try again.
    #[error("ShipBob's API was not reached: {0}")]
    Unreachable(String),
    /// The rate that all instances share allows no request soon enough; nothing was sent: wait.
    #[error("ShipBob's API is throttled: the call is possible again in {} s", .wait.as_secs_f32().ceil())]
    Throttled {
        /// How long to wait.
        wait: Duration,
    },
    /// A change may or may not have been made: look before it is made again.
    #[error("nobody knows whether ShipBob made the change: {0}")]
    Unknown(String),
    /// The credentials were refused.
    #[error("ShipBob refused the credentials: {0}")]
    Credentials(String),
    /// The refresh token was refused: only the merchant can help.
    #[error(
        "ShipBob refuses the refresh token ({0}): let the merchant authorise the app again and put the new refresh \
         token into the tenant's ShipBob secret"
    )]
    Reauthorise(String),
    /// The credentials are good and may not do this.
    #[error("ShipBob answered 403 to {what}: {help}")]
    Forbidden {
        /// What was asked for.
        what: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// What was to be made is there already.
    #[error("ShipBob has it already: {0}")]
    Duplicate(String),
    /// ShipBob said no, or would: trying again changes nothing.
    #[error("ShipBob refused {what}: {says}")]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// The status and ShipBob's words, without anybody's data.
        says: String,
    },
    /// A list cannot be read whole. It is never cut.
    #[error("the list of {what} cannot be read whole: {why}")]
    Incomplete {
        /// What is listed.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// The answer has another shape than ShipBob documents.
    #[error("ShipBob's answer to {what} cannot be read: {why}")]
    Unreadable {
        /// What was asked for.
        what: &'static str,
        /// Where the fault is; nothing of what stands there.
        why: String,
    },
}

impl ApiError {
    /// Whether nothing was changed and a later try may succeed.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Throttled { .. })
    }

    /// How long to wait before the next try: what the rate says, else a default, never above 15 minutes.
    pub fn wait(&self) -> Duration {
        let wait = if let Self::Throttled { wait } = self { *wait } else { USUAL_WAIT };
        wait.min(LONGEST_WAIT)
    }

    /// The finding that a lasting error becomes.
    pub fn finding(&self) -> Finding {
        let (code, help) = match self {
            Self::Credentials(_) | Self::Reauthorise(_) | Self::Forbidden { .. } => (
                FindingCode::Credentials,
                "check that the tenant's ShipBob secret holds a token of the root user, or of an app with all read scopes",
            ),
            _ => (FindingCode::Refused, "check what was asked for against ShipBob's dashboard"),
        };
        Finding::new(code, "shipbob-api", self.to_string(), help)
    }
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Unavailable(why) => Self::Unreachable(why),
            TokenError::Client(why) => Self::Credentials(why),
            TokenError::Refused(why) => Self::Reauthorise(why),
        }
    }
}

impl From<HttpsError> for ApiError {
    fn from(error: HttpsError) -> Self {
        match error {
            HttpsError::NotMade => Self::Unreachable(error.to_string()),
            HttpsError::NoCertificate => Self::Credentials(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_says_what_may_follow() {
        let throttled = |seconds| ApiError::Throttled { wait: Duration::from_secs(seconds) };
        let cases = [
            (ApiError::Unreachable("x".into()), true, 20),
            (throttled(7), true, 7),
            (throttled(86_400), true, 900),
            (ApiError::Unknown("x".into()), false, 20),
            (ApiError::Credentials("x".into()), false, 20),
            (ApiError::Reauthorise("x".into()), false, 20),
            (ApiError::Duplicate("x".into()), false, 20),
            (ApiError::Refused { what: "orders", says: "x".into() }, false, 20),
            (ApiError::Incomplete { what: "orders", why: "x".into() }, false, 20),
            (ApiError::Unreadable { what: "orders", why: "x".into() }, false, 20),
        ];
        for (error, passing, wait) in cases {
            assert_eq!((error.is_passing(), error.wait().as_secs()), (passing, wait), "{error}");
        }
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_never_as_none() {
        let error = ApiError::Throttled { wait: Duration::from_millis(300) };
        assert!(error.to_string().ends_with("in 1 s"), "{error}");
    }
}
