//! What can go wrong with a call, sorted by what it means for the caller.

use std::{fmt, time::Duration};

use domain::{Finding, FindingCode};
use remote::{HttpsError, TokenError};

/// How long to put off what failed in passing, where nothing better is known.
const USUAL_WAIT: Duration = Duration::from_secs(20);
/// The longest wait that is asked for.
const LONGEST_WAIT: Duration = Duration::from_secs(900);
/// How much of a text of Shopify's is repeated.
const LONGEST_TEXT: usize = 200;

/// Why a call gave no answer that can be used. The variant decides what may follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdminError {
    /// Shopify was not reached, or failed in passing, and nothing was changed: try again.
    #[error("Shopify's Admin API was not reached: {0}")]
    Unreachable(String),
    /// The shop's cost bucket does not cover the call before its deadline; nothing was done: wait.
    #[error("Shopify's Admin API is throttled: the call is possible again in {} s", .wait.as_secs())]
    Throttled {
        /// How long to wait.
        wait: Duration,
    },
    /// A change may or may not have been made: look before it is made again.
    #[error("nobody knows whether Shopify made the change: {0}")]
    Unknown(String),
    /// The app may not see something, and not because of protected customer data.
    #[error("Shopify denies access to `{what}`: grant the app {needs}")]
    AccessDenied {
        /// Which field, as the query names it.
        what: String,
        /// What Shopify says that is needed.
        needs: String,
    },
    /// The app's credentials were refused.
    #[error("the credentials of the Shopify app were refused: {0}")]
    Credentials(String),
    /// The refresh token was refused: only the merchant can help.
    #[error(
        "Shopify refuses the refresh token ({0}): let the merchant authorise the app again and put the new refresh \
         token into the tenant's Shopify secret"
    )]
    Reauthorise(String),
    /// Shopify said no: trying again changes nothing.
    #[error("Shopify refused the call: {0}")]
    Refused(String),
    /// A change was refused for what it asks.
    #[error("Shopify refused the change: {}", shown(.0))]
    Invalid(Vec<UserError>),
    /// The query asks for more than one call may cost.
    #[error("the query costs more than Shopify allows for one call")]
    TooCostly,
    /// An order has more of something than can be fetched. It is never cut.
    #[error("the order cannot be fetched whole: {0}")]
    Incomplete(String),
    /// The answer has another shape than Shopify documents.
    #[error("Shopify's answer cannot be read: {0}")]
    Unreadable(String),
}

/// What Shopify says against a change that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserError {
    /// The argument, such as `webhookSubscription.uri`; empty where Shopify names none.
    pub field: String,
    /// Shopify's words.
    pub message: String,
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "`{}` {}", self.field, self.message)
        }
    }
}

fn shown(errors: &[UserError]) -> String {
    errors.iter().map(UserError::to_string).collect::<Vec<_>>().join("; ")
}

impl From<TokenError> for AdminError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Unavailable(why) => Self::Unreachable(why),
            TokenError::Client(why) => Self::Credentials(why),
            TokenError::Refused(why) => Self::Reauthorise(why),
        }
    }
}

impl From<HttpsError> for AdminError {
    fn from(error: HttpsError) -> Self {
        match error {
            HttpsError::NotMade => Self::Unreachable(error.to_string()),
            HttpsError::NoCertificate => Self::Refused(error.to_string()),
        }
    }
}

impl AdminError {
    /// Whether nothing was changed and a later try may succeed.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Throttled { .. })
    }

    /// How long to wait before the next try: what the bucket says, else a default, never above 15 minutes.
    pub fn wait(&self) -> Duration {
        let wait = if let Self::Throttled { wait } = self { *wait } else { USUAL_WAIT };
        wait.min(LONGEST_WAIT)
    }

    /// The finding that a lasting error becomes.
    pub fn finding(&self) -> Finding {
        let (code, help) = match self {
            Self::Credentials(_) | Self::Reauthorise(_) => (
                FindingCode::Credentials,
                "check that the tenant's Shopify secret holds the credentials of the app that is installed in the shop",
            ),
            Self::AccessDenied { .. } => (
                FindingCode::Credentials,
                "grant the scope or the protected customer data to the app, and let the merchant accept it",
            ),
            _ => {
                (FindingCode::Refused, "look the order up in the Shopify admin, and at Shopify's status page")
            }
        };
        Finding::new(code, "", self.to_string(), help)
    }
}

/// A text of Shopify's, bounded and without control characters.
pub(crate) fn bounded(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_says_what_may_follow() {
        let throttled = |seconds| AdminError::Throttled { wait: Duration::from_secs(seconds) };
        let cases = [
            (AdminError::Unreachable("x".into()), true, 20),
            (throttled(7), true, 7),
            (throttled(86_400), true, 900),
            (AdminError::Unknown("x".into()), false, 20),
            (AdminError::Credentials("x".into()), false, 20),
            (AdminError::Reauthorise("x".into()), false, 20),
            (AdminError::Refused("x".into()), false, 20),
            (AdminError::TooCostly, false, 20),
        ];
        for (error, passing, wait) in cases {
            assert_eq!((error.is_passing(), error.wait().as_secs()), (passing, wait), "{error}");
        }
    }

    #[test]
    fn credentials_and_access_are_told_apart_from_the_rest() {
        let denied = AdminError::AccessDenied { what: "order".into(), needs: "`read_orders`".into() };
        assert_eq!(denied.to_string(), "Shopify denies access to `order`: grant the app `read_orders`");
        assert_eq!(denied.finding().code, FindingCode::Credentials);
        assert_eq!(AdminError::TooCostly.finding().code, FindingCode::Refused);
    }

    #[test]
    fn what_shopify_says_against_a_change_is_told_with_its_field() {
        let named = UserError { field: "webhookSubscription.uri".into(), message: "is not allowed".into() };
        let bare = UserError { field: String::new(), message: "Address is taken".into() };
        let error = AdminError::Invalid(vec![named, bare]).to_string();
        assert_eq!(
            error,
            "Shopify refused the change: `webhookSubscription.uri` is not allowed; Address is taken"
        );
    }
}
