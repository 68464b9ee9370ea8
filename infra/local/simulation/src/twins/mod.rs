//! The twins as one instance sees them: every call is a scheduling point before and after, may fail without
//! effect, and may lose its answer after the effect.
//!
//! The twins themselves are the ones that other tests use; nothing here knows what a call is for.

mod ledger;
mod mailbox;
mod secrets;
mod shipbob;
mod transport;

pub(crate) use self::{
    ledger::SimLedger,
    mailbox::SimMailbox,
    secrets::SimSecrets,
    shipbob::{ShipBob, ShipBobTransport},
    transport::{CloudSuite, SimTransport},
};
