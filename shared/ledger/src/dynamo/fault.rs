//! From what the SDK says to what the caller does.

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::LedgerError;

/// The error of a call that was to do `what`.
pub(super) fn fault<E>(what: String, error: &SdkError<E, HttpResponse>) -> LedgerError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let SdkError::ServiceError(answer) = error else {
        // The SDK's debug output holds the raw response: the kind of failure is what may be kept.
        let unavailable =
            |cause: &str| LedgerError::Unavailable { what: what.clone(), cause: cause.to_owned() };
        return match error {
            SdkError::ConstructionFailure(_) => {
                LedgerError::Refused { what, cause: "the request could not be made".to_owned() }
            }
            SdkError::TimeoutError(_) => unavailable("timed out"),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => unavailable("timed out"),
            SdkError::DispatchFailure(_) => unavailable("no connection"),
            _ => unavailable("an answer that cannot be read"),
        };
    };
    let code = answer.err().code().unwrap_or("no code");
    let cause = format!("{code}: {}", answer.err().message().unwrap_or("no message"));
    sorted(code, answer.raw().status().as_u16(), what, cause)
}

/// The codes are those of the DynamoDB developer guide, "Error handling with DynamoDB".
fn sorted(code: &str, status: u16, what: String, cause: String) -> LedgerError {
    match code {
        "ThrottlingException"
        | "Throttling"
        | "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded" => LedgerError::Throttled { what, cause },
        "ReplicatedWriteConflictException" | "TransactionConflictException" => {
            LedgerError::Unavailable { what, cause }
        }
        _ if status >= 500 => LedgerError::Unavailable { what, cause },
        _ => LedgerError::Refused { what, cause },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_whether_it_passes_by_itself() {
        let cases = [
            ("ThrottlingException", 400, true),
            ("ProvisionedThroughputExceededException", 400, true),
            ("RequestLimitExceeded", 400, true),
            ("InternalServerError", 500, true),
            ("no code", 503, true),
            ("ResourceNotFoundException", 400, false),
            ("AccessDeniedException", 400, false),
            ("ValidationException", 400, false),
            ("no code", 404, false),
        ];
        for (code, status, retryable) in cases {
            let error = sorted(code, status, String::new(), String::new());
            assert_eq!(error.is_retryable(), retryable, "{code} {status}");
        }
    }
}
