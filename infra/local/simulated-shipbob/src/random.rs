//! Ids and secrets that look random and are the same on every run: a run can be replayed from its seed. Nothing here is
//! fit for real secrets.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// So many lower-case hexadecimal digits.
pub(crate) fn hex(random: &mut fastrand::Rng, digits: usize) -> String {
    (0..digits).map(|_| char::from_digit(random.u32(0..16), 16).unwrap_or('0')).collect()
}

/// So many letters and digits.
pub(crate) fn letters(random: &mut fastrand::Rng, count: usize) -> String {
    (0..count).map(|_| random.alphanumeric()).collect()
}

/// A secret in ShipBob's pattern, `^whsec_[a-zA-Z0-9+/]{32}$`.
pub(crate) fn webhook_secret(random: &mut fastrand::Rng) -> String {
    let mut bytes = [0; 24];
    random.fill(&mut bytes);
    format!("whsec_{}", STANDARD.encode(bytes))
}

/// Whether something happens that happens in so many of a hundred cases.
pub(crate) fn happens(random: &mut fastrand::Rng, percent: u8) -> bool {
    random.u8(0..100) < percent
}
