//! The client against a scripted Admin API.

mod calls;
mod orders;
mod reverse;
mod samples;
mod subscriptions;
mod world;
