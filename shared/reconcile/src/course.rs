//! The three ways to compare: from where the last run ended, a window that somebody names, and only to look.

use jiff::SignedDuration;
use ledger::{LedgerError, Place};
use shopify_admin::Window;

use crate::{
    End, Limits, Report, Shop,
    progress::Progress,
    report::Counts,
    run::{Purpose, run},
    window,
};

/// The name of the progress of the scheduled comparison.
const RECONCILE: &str = "reconcile";

/// Goes on with the window that was not compared to its end; else compares the next one, which begins the overlap
/// before the end of the last.
pub async fn reconcile(shop: &Shop<'_>, overlap: SignedDuration, limits: Limits) -> Report {
    let now = shop.clock.now();
    let read = Place::read::<Progress>(shop.ledger, shop.tenant, RECONCILE.to_owned()).await;
    let (place, last) = match read {
        Ok(read) => read,
        Err(error) => return unread(window::next(None, overlap, now), error),
    };
    let progress = match last {
        Some(progress) if !progress.complete => progress,
        last => Progress::at_the_beginning_of(window::next(last.map(|last| last.window), overlap, now)),
    };
    run(shop, progress, Purpose::Send(place), limits, |_| {}).await
}

/// Compares a window; if an earlier run of the same window did not come to its end, goes on from there. Shows the
/// report so far after each page.
pub async fn backfill(
    shop: &Shop<'_>,
    window: Window,
    limits: Limits,
    shown: impl FnMut(&Report) + Send,
) -> Report {
    let name = format!("backfill/{}/{}", window.from, window.until);
    let (place, last) = match Place::read::<Progress>(shop.ledger, shop.tenant, name).await {
        Ok(read) => read,
        Err(error) => return unread(window, error),
    };
    let begun = last.filter(|progress| !progress.complete && progress.window == window);
    let progress = begun.unwrap_or_else(|| Progress::at_the_beginning_of(window));
    run(shop, progress, Purpose::Send(place), limits, shown).await
}

/// Compares a window, sends nothing and keeps nothing: the report says what would be sent.
pub async fn dry_run(
    shop: &Shop<'_>,
    window: Window,
    limits: Limits,
    shown: impl FnMut(&Report) + Send,
) -> Report {
    run(shop, Progress::at_the_beginning_of(window), Purpose::Look, limits, shown).await
}

/// The window that [`reconcile`] would compare now, from its beginning.
pub async fn next_window(shop: &Shop<'_>, overlap: SignedDuration) -> Result<Window, LedgerError> {
    let (_, last) = Place::read::<Progress>(shop.ledger, shop.tenant, RECONCILE.to_owned()).await?;
    Ok(match last {
        Some(progress) if !progress.complete => progress.window,
        last => window::next(last.map(|last| last.window), overlap, shop.clock.now()),
    })
}

fn unread(window: Window, error: LedgerError) -> Report {
    Report { end: End::Stopped(error.into()), ..Report::new(window, Counts::default()) }
}
