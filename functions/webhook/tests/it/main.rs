//! The webhook function as a whole, on in-memory twins of Secrets Manager and SQS.

mod answers;
mod bad_input;
mod logs;
mod support;
