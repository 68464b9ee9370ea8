//! What every mailbox keeps, tried on the one in memory and, where `ML_SQS_ENDPOINT` names an emulator or AWS
//! itself, on the one in SQS.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod contract;
mod pair;
mod picking;
mod queues;

/// One test for each sentence of the contract and each mailbox.
macro_rules! contract {
    ($($sentence:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $sentence() {
                crate::contract::$sentence(crate::pair::Pair::in_memory()).await;
            })*
        }

        mod endpoint {
            $(#[tokio::test]
            async fn $sentence() {
                let Some(pair) = crate::pair::Pair::at_named_endpoint().await else { return };
                crate::contract::$sentence(pair).await;
            })*
        }
    };
}

contract![
    a_message_comes_back_as_it_was_sent,
    a_received_message_is_hidden_until_its_time_ends,
    a_message_is_hidden_longer_on_demand,
    hiding_for_no_time_brings_it_back,
    each_receive_counts,
    what_is_deleted_never_comes_again,
    an_old_receipt_deletes_nothing,
    a_receipt_of_nothing_changes_nothing,
    a_delayed_message_comes_later,
    a_receive_brings_ten_at_most,
    a_message_received_too_often_moves_to_the_dead_letters,
    what_is_sent_anew_is_another_message,
    what_is_too_large_is_refused,
    the_depth_counts_what_is_hidden,
];
