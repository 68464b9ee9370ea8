use std::sync::atomic::Ordering::Relaxed;

use super::*;

fn first(versions: &SecretVersions) -> Result<String, String> {
    versions.first().map(|version| version.expose().clone()).ok_or_else(|| "no version".into())
}

fn secrets() -> (Arc<MemorySecrets>, Secrets<String>) {
    let source = Arc::new(MemorySecrets::default());
    source.set("a", &["one"]);
    (source.clone(), Secrets::new(source, first))
}

async fn text(secrets: &Secrets<String>, name: &str) -> Option<String> {
    secrets.get(name).await.unwrap().map(|secret| (*secret).clone())
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_read_once_while_it_is_fresh() {
    let (source, secrets) = secrets();
    let both = tokio::join!(text(&secrets, "a"), text(&secrets, "a"));
    assert_eq!(both, (Some("one".into()), Some("one".into())));
    assert_eq!(source.asked.load(Relaxed), 1);
    source.set("a", &["two"]);
    tokio::time::advance(FRESH).await;
    assert_eq!(text(&secrets, "a").await.as_deref(), Some("two"));
}

#[tokio::test(start_paused = true)]
async fn a_stale_secret_is_served_while_the_source_is_down() {
    let (source, secrets) = secrets();
    text(&secrets, "a").await;
    source.down.store(true, Relaxed);
    tokio::time::advance(FRESH * 2).await;
    assert_eq!(text(&secrets, "a").await.as_deref(), Some("one"));
    assert!(matches!(secrets.get("b").await, Err(SecretError::Unavailable { .. })));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_name_is_remembered_for_a_minute() {
    let (source, secrets) = secrets();
    for _ in 0..10 {
        assert_eq!(text(&secrets, "nobody").await, None);
    }
    assert_eq!(source.asked.load(Relaxed), 1);
    source.set("nobody", &["now here"]);
    tokio::time::advance(UNKNOWN_FOR).await;
    assert_eq!(text(&secrets, "nobody").await.as_deref(), Some("now here"));
}

/// Guessing names must not run up calls, even if every guess is a new name.
#[tokio::test(start_paused = true)]
async fn guessing_ever_new_names_is_bounded() {
    let (source, secrets) = secrets();
    text(&secrets, "a").await;
    for guess in 0..500 {
        let _ = secrets.get(&format!("guess-{guess}")).await;
    }
    assert!(source.asked.load(Relaxed) <= 61, "{}", source.asked.load(Relaxed));
    assert!(matches!(secrets.get("guess-1000").await, Err(SecretError::TooMany { .. })));
    assert_eq!(text(&secrets, "a").await.as_deref(), Some("one"));
}

#[tokio::test(start_paused = true)]
async fn on_suspicion_a_secret_is_read_anew_once_a_minute() {
    let (source, secrets) = secrets();
    text(&secrets, "a").await;
    for _ in 0..5 {
        secrets.get_newer("a").await.unwrap();
    }
    assert_eq!(source.asked.load(Relaxed), 1);
    tokio::time::advance(SUSPICION_AFTER).await;
    source.set("a", &["two"]);
    for _ in 0..5 {
        assert_eq!(*secrets.get_newer("a").await.unwrap().unwrap(), "two");
    }
    assert_eq!(source.asked.load(Relaxed), 2);
}
