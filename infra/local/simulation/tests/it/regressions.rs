//! The seeds that found faults, each under what went wrong.
//!
//! A change of the simulation changes what a seed plays, so a seed here may come to play something else; the unit
//! test beside each correction is what keeps it.

fn holds(seeds: &[u64]) {
    for &seed in seeds {
        let report = simulation::run(seed, false);
        assert_eq!(report.violations, [""; 0], "seed {seed} ({})", report.weather);
    }
}

/// A record in doubt had compared newer deliveries meanwhile; from then on the delivery that would have settled it
/// was taken for stale, every hour, for ever.
#[test]
fn what_a_record_took_in_last_is_never_stale() {
    holds(&[1, 2]);
}

/// M3 refuses to delete a batch order that it is just confirming, in the field ORNO. That was read as "no such
/// order", and the order was posted a second time.
#[test]
fn a_batch_order_that_is_being_confirmed_is_not_posted_twice() {
    holds(&[32, 160]);
}

/// A customer in doubt was found again in M3, the change after it had to wait, its number was not kept: the next
/// try made a second customer.
#[test]
fn a_customer_that_was_found_again_is_not_made_twice() {
    holds(&[113]);
}

/// A record that was found in doubt kept the time at which it was to be looked for; the confirmation job then
/// confirmed it under the poster that held it, whose lease stayed on the record.
#[test]
fn what_is_being_worked_on_is_not_confirmed() {
    holds(&[571]);
}

/// The record said that the batch order in M3 was of the new plan before the old one was taken out. After a lost
/// answer the next try completed the old one with the new lines, or took it for the new one.
#[test]
fn lines_of_two_versions_are_never_mixed() {
    holds(&[273, 342, 508, 683, 910]);
}

#[test]
fn what_was_begun_under_a_kept_number_is_not_forgotten() {
    holds(&[22_951]);
}

#[test]
fn a_second_copy_of_a_message_leaves_no_record_behind() {
    holds(&[21_461]);
}

#[test]
fn an_order_that_lacks_lines_says_so() {
    holds(&[764]);
}

/// M3 had lost a deletion that it had answered: the batch order was left, and no record told of it.
#[test]
fn what_is_to_be_taken_out_is_looked_for_once_more() {
    holds(&[41_549]);
}

#[test]
fn what_was_never_archived_is_told_to_a_person() {
    holds(&[8_050, 14_201, 2_878]);
}
