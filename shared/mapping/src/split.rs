//! Splitting an amount so that the parts add up: by largest remainder, in whole smallest units.

use rust_decimal::Decimal;

/// Splits an amount by weights that are not below zero. Each part is its share, rounded down or up to a multiple of
/// the last of `digits` digits behind the point (or of the amount's own last digit, if it has more), and the parts add
/// up to the amount. Of equal remainders, the first gets the unit that is left. Nothing, if the weights come to zero or
/// a number grows too large.
pub(crate) fn split(amount: Decimal, weights: &[Decimal], digits: u32) -> Option<Vec<Decimal>> {
    let scale = amount.normalize().scale().max(digits);
    let units = mantissa(amount, scale)?;
    let weight_scale = weights.iter().map(Decimal::scale).max()?;
    let weights: Vec<i128> =
        weights.iter().map(|weight| mantissa(*weight, weight_scale)).collect::<Option<_>>()?;
    let whole = weights.iter().try_fold(0_i128, |sum, weight| sum.checked_add(*weight))?;
    if whole <= 0 || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let (sign, units) = (units.signum(), units.abs());
    let mut parts = Vec::with_capacity(weights.len());
    for (place, weight) in weights.iter().enumerate() {
        let product = units.checked_mul(*weight)?;
        parts.push((place, product / whole, product % whole));
    }
    let mut left = units - parts.iter().map(|(_, part, _)| part).sum::<i128>();
    parts.sort_by_key(|(place, _, remainder)| (std::cmp::Reverse(*remainder), *place));
    for (_, part, _) in &mut parts {
        if left > 0 {
            (*part, left) = (*part + 1, left - 1);
        }
    }
    parts.sort_by_key(|(place, _, _)| *place);
    parts.into_iter().map(|(_, part, _)| Decimal::try_from_i128_with_scale(sign * part, scale).ok()).collect()
}

/// The number as a whole number of units of so many digits behind the point; it must not have more.
fn mantissa(number: Decimal, scale: u32) -> Option<i128> {
    let number = number.normalize();
    let more = scale.checked_sub(number.scale())?;
    number.mantissa().checked_mul(10_i128.checked_pow(more)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(amount: &str, weights: &[&str]) -> Vec<String> {
        let weights: Vec<_> = weights.iter().map(|weight| weight.parse().unwrap()).collect();
        let parts = split(amount.parse().unwrap(), &weights, 2).unwrap();
        parts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_cents_that_are_left_go_to_the_largest_remainders_and_first_to_the_first() {
        assert_eq!(parts("100.00", &["33.34", "33.33", "33.33"]), ["33.34", "33.33", "33.33"]);
        assert_eq!(parts("10", &["1", "1", "1"]), ["3.34", "3.33", "3.33"]);
        assert_eq!(parts("0.02", &["1", "1", "1"]), ["0.01", "0.01", "0.00"]);
        assert_eq!(parts("-0.05", &["60", "40"]), ["-0.03", "-0.02"]);
        assert_eq!(parts("0.011", &["50", "50"]), ["0.006", "0.005"]);
    }

    #[test]
    fn what_cannot_be_split_is_not() {
        for (amount, weights) in [("1", vec![]), ("1", vec!["0", "0"]), ("1", vec!["2", "-1"])] {
            let weights: Vec<_> = weights.iter().map(|weight| weight.parse().unwrap()).collect();
            assert_eq!(split(amount.parse().unwrap(), &weights, 2), None);
        }
        assert_eq!(split(Decimal::MAX, &[Decimal::MAX, Decimal::ONE], 2), None);
    }

    proptest! {
        #[test]
        fn the_parts_add_up_and_are_within_one_unit_of_their_shares(
            units in -1_000_000_000_000_i64..1_000_000_000_000,
            digits in 0_u32..5,
            weights in prop::collection::vec(0_i64..10_000_000, 1..9),
            scale in 0_u32..7,
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let amount = Decimal::new(units, digits);
            let weights: Vec<_> = weights.iter().map(|weight| Decimal::new(*weight, scale)).collect();
            let parts = split(amount, &weights, digits).unwrap();
            prop_assert_eq!(parts.iter().sum::<Decimal>(), amount);
            let whole: Decimal = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let apart = (part * whole - amount * weight).abs();
                prop_assert!(apart < Decimal::new(1, digits) * whole, "{} of {}", part, amount);
            }
            // The same again, and the same for the amount that goes back.
            prop_assert_eq!(&split(amount, &weights, digits).unwrap(), &parts);
            let back: Vec<_> = parts.iter().map(|part| -part).collect();
            prop_assert_eq!(split(-amount, &weights, digits).unwrap(), back);
        }
    }
}
