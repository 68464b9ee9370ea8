//! Reads the gateway's event. Whatever arrives, the result is a request or a refusal, never a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lambda_http::{Request, request::LambdaRequest};
use serde_json::value::RawValue;

use crate::Refusal;

/// The HTTP request inside an event of an API Gateway HTTP API (payload format 2.0).
///
/// The conversion of `lambda_http` panics on a body that says it is base64 and is not; a hand-made event must
/// not end the process, so the panic is caught here.
pub(crate) fn read(event: &RawValue) -> Result<Request, Refusal> {
    let convert = || serde_json::from_str::<LambdaRequest>(event.get()).map(Request::from);
    match catch_unwind(AssertUnwindSafe(convert)) {
        Ok(Ok(request)) => Ok(request),
        Ok(Err(_)) | Err(_) => Err(Refusal::Unreadable),
    }
}
