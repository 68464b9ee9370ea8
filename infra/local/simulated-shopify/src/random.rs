//! Ids and tokens that look random and are the same on every run: a run can be replayed from its seed. Nothing here is
//! fit for real secrets.

/// So many lower-case hexadecimal digits.
pub(crate) fn hex(random: &mut fastrand::Rng, digits: usize) -> String {
    (0..digits).map(|_| char::from_digit(random.u32(0..16), 16).unwrap_or('0')).collect()
}

/// An id in the shape of a UUID, version 4.
pub(crate) fn uuid(random: &mut fastrand::Rng) -> String {
    let digits = hex(random, 30);
    format!("{}-{}-4{}-a{}-{}", &digits[..8], &digits[8..12], &digits[12..15], &digits[15..18], &digits[18..])
}

/// Whether something happens that happens in so many of a hundred cases.
pub(crate) fn happens(random: &mut fastrand::Rng, percent: u8) -> bool {
    random.u8(0..100) < percent
}
