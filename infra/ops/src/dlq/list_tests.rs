use super::*;
use crate::{
    dead_letters_json, render_dead_letters,
    test_record::at,
    test_world::{PERSON, World, message, world},
};

async fn listed(world: &World, selection: &Selection, most: usize) -> DeadLetters {
    list_dead_letters(&*world.dead, selection, most).await.unwrap()
}

async fn mixed() -> World {
    let world = world();
    world.bury("demo", 1, "rejected: unknown_item").await;
    world.bury("demo", 2, "in doubt: lines").await;
    world.bury("acme", 3, "rejected: too_long, unknown_item").await;
    world.give_up(message("demo", 4)).await;
    world.give_up("Jon Doe was here".into()).await;
    world
}

#[tokio::test(start_paused = true)]
async fn the_queue_reads_as_counts_and_lines_without_personal_data() {
    let world = mixed().await;
    let shown = listed(&world, &Selection::default(), 500).await;
    let text = render_dead_letters(&shown, at(100 + 7_300));
    insta::assert_snapshot!(text);
    let json = format!("{:#}", dead_letters_json(&shown));
    insta::assert_snapshot!(json);
    for private in [PERSON, "Jon", "Ada"] {
        assert!(!text.contains(private) && !json.contains(private), "{private}");
        assert!(!format!("{shown:?}").contains(private), "{private}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_leaves_everything_visible_and_counts_as_a_receive() {
    let world = mixed().await;
    listed(&world, &Selection::default(), 500).await;
    assert!(world.all_visible());
    assert_eq!(world.dead.messages().len(), 5);
    let again = listed(&world, &Selection::default(), 500).await;
    assert!(again.letters.iter().all(|letter| letter.received >= 2), "{again:?}");
}

#[tokio::test(start_paused = true)]
async fn only_what_is_meant_is_shown() {
    let world = mixed().await;
    let tenant = Some("demo".parse().unwrap());
    let record = Some("demo/shopify/order/4".parse().unwrap());
    let reason = |prefix: &str| Some(prefix.to_owned());
    for (selection, meant) in [
        (Selection { tenant: tenant.clone(), ..Selection::default() }, 3),
        (Selection { record, ..Selection::default() }, 1),
        (Selection { reason: reason("rejected"), ..Selection::default() }, 2),
        (Selection { reason: reason("moved by SQS"), ..Selection::default() }, 2),
        (Selection { tenant, reason: reason("rejected"), ..Selection::default() }, 1),
        (Selection { reason: reason("unknown_item"), ..Selection::default() }, 0),
    ] {
        let shown = listed(&world, &selection, 500).await;
        assert_eq!((shown.letters.len(), shown.looked_at), (meant, 5), "{selection:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_is_bounded_and_sees_beyond_one_receive() {
    let world = world();
    for order in 0..37 {
        world.bury("demo", order, "in doubt: head").await;
    }
    assert_eq!(listed(&world, &Selection::default(), 500).await.letters.len(), 37);
    let few = listed(&world, &Selection::default(), 15).await;
    assert_eq!((few.looked_at, few.letters.len(), few.about), (15, 15, 37));
    assert!(world.all_visible());
}

#[tokio::test(start_paused = true)]
async fn while_sqs_is_down_the_look_fails() {
    let world = mixed().await;
    world.dead.set_down(true);
    assert!(list_dead_letters(&*world.dead, &Selection::default(), 10).await.is_err());
}
