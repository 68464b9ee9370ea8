//! The simulation, in the slice that runs with every test: `make sim` runs the rest.

mod determinism;
mod regressions;
mod slice;
mod warehouse;
