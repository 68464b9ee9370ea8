//! The parser and verifier against whole deliveries: own samples, the fixtures beside the project, and what chance
//! makes of them.

#![cfg(test)]

mod vectors;
