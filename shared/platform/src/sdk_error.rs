//! Errors of the AWS SDK in words that may stand in a log or a trail.
//!
//! The SDK's own debug output holds the raw response, which may hold a secret; a code or a kind never does.

use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};

/// What went wrong: the service's code, or the kind of failure where the service gave none.
pub fn describe<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(answer) => answer.err().code().unwrap_or("an error without code").to_owned(),
        SdkError::TimeoutError(_) => "timed out".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "timed out".to_owned(),
        SdkError::DispatchFailure(_) => "no connection".to_owned(),
        SdkError::ResponseError(_) => "an answer that cannot be read".to_owned(),
        SdkError::ConstructionFailure(_) => "the request could not be made".to_owned(),
        _ => "an unknown kind of failure".to_owned(),
    }
}
