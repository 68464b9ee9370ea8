//! Import documents: batch orders that a clerk releases.

use cloudsuite::{Confirmation, Found, Outcome, ProductLine, Submitted};
use domain::{DocumentKind, References, Release, SalesOrder};

use crate::{
    company,
    world::{Ledger, key, order, sought, world},
};

fn import_document() -> SalesOrder {
    SalesOrder { release: Release::ByClerk, ..order(1, 2) }
}

#[tokio::test]
async fn an_import_document_is_written_whole_and_not_confirmed() {
    let world = world().await;
    let ledger = Ledger::default();
    let outcome = world.post_new(import_document(), &ledger).await;
    let temporary = ledger.kept(0).unwrap();
    let posted = References { temporary: Some(format!("{temporary}/clerk")), number: None };
    assert_eq!(outcome, Outcome::Posted(posted.clone()));
    assert_eq!((world.runs("AddBatchLine"), world.runs("Confirm"), world.open()), (2, 0, 1));
    let submitted = Submitted {
        key: key(1),
        document: DocumentKind::SalesOrder,
        references: posted,
        lines: Some(2),
        message_number: String::new(),
    };
    let waiting = world.m3.confirm(&company(), &[submitted]).await.unwrap();
    assert!(matches!(&waiting[0], Confirmation::LeftToAPerson(why) if why.contains("clerk")), "{waiting:?}");
}

/// Its number is kept with what it is; M3 knows it by the number alone.
#[tokio::test]
async fn an_import_document_in_doubt_is_found_and_stays_one() {
    let world = world().await;
    let ledger = Ledger::default();
    world.post_new(import_document(), &ledger).await;
    let kept = format!("{}/clerk", ledger.kept(0).unwrap());
    let Found::Begun(begun) = world.find(sought(1, Some(&kept))).await else { panic!() };
    let again = world.post(&[(import_document(), Some(begun))], &ledger).await.remove(0);
    assert_eq!(again, Outcome::Posted(References { temporary: Some(kept), number: None }));
    assert_eq!((world.runs("AddBatchLine"), world.runs("AddBatchHead"), world.runs("Confirm")), (2, 1, 0));
}
