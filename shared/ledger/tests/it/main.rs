//! What every ledger keeps, tried on the one in memory and on the one in DynamoDB: over an emulator in this
//! process and, where `ML_LEDGER_ENDPOINT` names one, over another.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod contract;
mod damage;
mod emulator;
mod erasure;
mod shared;
mod template;

/// One test for each sentence of the contract and each ledger.
macro_rules! contract {
    ($($sentence:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $sentence() {
                crate::contract::$sentence(std::sync::Arc::new(ledger::Memory::default())).await;
            })*
        }

        mod dynamo_db {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $sentence() {
                let store = crate::emulator::Store::in_process().await;
                crate::contract::$sentence(std::sync::Arc::new(store.ledger())).await;
            })*
        }

        mod endpoint {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $sentence() {
                let Some(store) = crate::emulator::Store::at_named_endpoint().await else { return };
                crate::contract::$sentence(std::sync::Arc::new(store.ledger())).await;
            })*
        }
    };
}

contract![
    a_record_reads_back_as_it_was_written,
    every_state_reads_back,
    a_write_goes_on_top_of_its_version_only,
    a_new_record_is_held_by_whom_claims_it_first,
    of_many_claims_one_wins,
    a_known_record_is_claimed_as_the_domain_decides,
    a_long_trail_keeps_every_entry_in_order,
    a_lost_race_leaves_the_trail_whole,
    too_many_findings_end_with_a_count,
    over_long_texts_are_cut_at_a_character,
    what_is_due_is_listed_and_nothing_else,
    what_is_in_doubt_is_due_for_settlement_and_for_nothing_else,
    attempts_and_what_was_written_read_back,
    records_are_listed_by_status_newest_first,
    a_listing_is_bounded_by_time_and_number,
    a_name_finds_its_records_in_every_status,
    what_is_known_is_told_by_time_and_in_every_status,
    what_is_known_of_keys_leaves_out_what_is_not_there,
    a_large_payload_reads_back_byte_for_byte,
    a_payload_is_found_by_its_digest_only,
    a_payload_beyond_all_measure_is_refused,
    payloads_are_listed_and_erased_one_by_one,
    a_removed_record_leaves_nothing_and_can_begin_anew,
    a_record_is_removed_in_its_version_only,
    the_mark_of_an_erasure_reads_back,
    the_last_mapping_pushed_is_the_active_one,
    a_shared_value_goes_on_top_of_its_version_only,
    shared_values_are_kept_apart_by_client_and_name,
    of_many_swaps_on_one_version_one_wins,
    a_shared_value_beyond_its_measure_is_refused,
];
