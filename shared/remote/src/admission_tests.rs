use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use async_trait::async_trait;
use jiff::Timestamp;

use super::*;
use crate::InMemory;

/// How long one piece of work waits here.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ten a second, five at once.
const LIMITS: Limits = Limits { requests_per_minute: 600, burst: 5 };

/// A store that counts its swaps and lets others win or fail on demand.
struct Store {
    kept: InMemory,
    swaps: AtomicU32,
    reads: AtomicU32,
    /// How many of the next swaps meet somebody who was first.
    overtaken: AtomicU32,
    down: std::sync::atomic::AtomicBool,
}

impl Store {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            kept: InMemory::starting("2026-11-22T10:00:00Z".parse().unwrap()),
            swaps: AtomicU32::new(0),
            reads: AtomicU32::new(0),
            overtaken: AtomicU32::new(0),
            down: false.into(),
        })
    }

    fn swaps(&self) -> u32 {
        self.swaps.swap(0, Relaxed)
    }
}

#[async_trait]
impl Shared for Store {
    fn now(&self) -> Timestamp {
        self.kept.now()
    }

    async fn read(&self, name: &str) -> Result<Option<Stored>, String> {
        self.reads.fetch_add(1, Relaxed);
        if self.down.load(Relaxed) { Err("down".into()) } else { self.kept.read(name).await }
    }

    async fn swap(&self, name: &str, before: u64, value: String) -> Result<u64, SwapError> {
        self.swaps.fetch_add(1, Relaxed);
        // Others write between any two lines.
        tokio::task::yield_now().await;
        if self.down.load(Relaxed) {
            return Err(SwapError::Unavailable("down".into()));
        }
        if self.overtaken.load(Relaxed) > 0 {
            self.overtaken.fetch_sub(1, Relaxed);
            let stands = self.kept.read(name).await.unwrap();
            let (version, value) = stands.map_or((0, "{}".to_owned()), |s| (s.version, s.value));
            self.kept.swap(name, version, value).await.unwrap();
            return Err(SwapError::Conflict(self.kept.read(name).await.unwrap()));
        }
        self.kept.swap(name, before, value).await
    }
}

fn instance(store: &Arc<Store>) -> Arc<Admission> {
    Arc::new(Admission::new(store.clone(), LIMITS))
}

async fn admit(admission: &Admission) -> Result<(), NotAdmitted> {
    admission.admit(&mut { PATIENCE }).await
}

/// How long it takes to be admitted, in milliseconds.
async fn time(admission: &Admission) -> u128 {
    let started = Instant::now();
    admit(admission).await.unwrap();
    started.elapsed().as_millis()
}

#[tokio::test(start_paused = true)]
async fn a_grant_costs_one_write_and_with_others_about_two() {
    let store = Store::new();
    let (first, second) = (instance(&store), instance(&store));
    for (admission, swaps) in [(&first, 1), (&first, 1), (&second, 2), (&first, 2), (&first, 1)] {
        assert_eq!(time(admission).await, 0);
        assert_eq!(store.swaps(), swaps);
    }
    assert_eq!(store.reads.load(Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn two_instances_share_one_rate() {
    fastrand::seed(1);
    let store = Store::new();
    let started = Instant::now();
    let work = |admission: Arc<Admission>| async move {
        for _ in 0..50 {
            admit(&admission).await.unwrap();
        }
    };
    let both = [tokio::spawn(work(instance(&store))), tokio::spawn(work(instance(&store)))];
    for one in both {
        one.await.unwrap();
    }
    // A hundred, five of them at once, the others a tenth of a second apart.
    let took = started.elapsed().as_millis();
    assert!((9_500..11_500).contains(&took), "{took} ms");
}

#[tokio::test(start_paused = true)]
async fn who_loses_twice_waits_a_little_and_gets_it_then() {
    let store = Store::new();
    let admission = instance(&store);
    store.overtaken.store(2, Relaxed);
    let took = time(&admission).await;
    assert!((10..50).contains(&took), "{took} ms");
    assert_eq!(store.swaps(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_short_pause_of_the_gateway_is_waited_out_by_all() {
    let store = Store::new();
    let (first, second) = (instance(&store), instance(&store));
    admit(&first).await.unwrap();
    first.record(Observed::Throttled(Some(Duration::from_secs(3)))).await;
    let took = time(&second).await;
    assert!((3_000..3_100).contains(&took), "{took} ms");
}

#[tokio::test(start_paused = true)]
async fn a_long_pause_comes_back_as_an_error_with_its_length() {
    let store = Store::new();
    let (first, second) = (instance(&store), instance(&store));
    first.record(Observed::Throttled(Some(Duration::from_secs(60)))).await;
    for admission in [&first, &second] {
        let started = Instant::now();
        let error = admit(admission).await.unwrap_err();
        assert!(matches!(error, NotAdmitted::Throttled { after } if after.as_secs() == 60), "{error:?}");
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn all_waits_of_one_piece_of_work_together_are_bounded() {
    let store = Store::new();
    let admission = instance(&store);
    let mut left = PATIENCE;
    for seconds in [3, 3] {
        admission.record(Observed::Throttled(Some(Duration::from_secs(seconds)))).await;
        if let Err(error) = admission.admit(&mut left).await {
            assert!(matches!(error, NotAdmitted::Throttled { .. }), "{error:?}");
            assert!(left < Duration::from_secs(3));
            return;
        }
    }
    panic!("it waited six seconds");
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_too_long_is_not_stood_in() {
    let admission = Arc::new(Admission::new(Store::new(), Limits { requests_per_minute: 11, burst: 1 }));
    let calls: Vec<_> = (0..4)
        .map(|_| {
            let admission = admission.clone();
            tokio::spawn(async move { admit(&admission).await })
        })
        .collect();
    let mut admitted = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(()) => admitted += 1,
            Err(error) => assert!(matches!(error, NotAdmitted::Throttled { .. }), "{error:?}"),
        }
    }
    assert_eq!(admitted, 1, "the next one goes more than five seconds later");
}

#[tokio::test(start_paused = true)]
async fn of_two_instances_one_probes_and_its_success_lets_the_other_go() {
    let store = Store::new();
    let (first, second) = (instance(&store), instance(&store));
    for _ in 0..5 {
        admit(&first).await.unwrap();
        first.record(Observed::Failed).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(matches!(admit(&second).await, Err(NotAdmitted::Throttled { .. })));
    tokio::time::sleep(Duration::from_secs(15)).await;
    admit(&first).await.unwrap();
    let waiting = tokio::spawn(async move { time(&second).await });
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!waiting.is_finished());
    first.record(Observed::Answered).await;
    let took = waiting.await.unwrap();
    assert!((1_500..2_200).contains(&took), "{took} ms");
}

/// An instance that saw the breaker open must not go by that for minutes after others closed it.
#[tokio::test(start_paused = true)]
async fn what_makes_one_wait_is_read_again() {
    let store = Store::new();
    let (first, second) = (instance(&store), instance(&store));
    for _ in 0..5 {
        first.record(Observed::Failed).await;
    }
    assert!(admit(&second).await.is_err());
    first.record(Observed::Answered).await;
    assert_eq!(time(&second).await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_news_is_not_written() {
    let store = Store::new();
    let admission = instance(&store);
    admit(&admission).await.unwrap();
    store.swaps();
    admission.record(Observed::Answered).await;
    assert_eq!(store.swaps(), 0);
    admission.record(Observed::Failed).await;
    admission.record(Observed::Answered).await;
    assert_eq!(store.swaps(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_observation_that_is_overtaken_is_made_on_what_stands_there() {
    let store = Store::new();
    let (first, second) = (instance(&store), instance(&store));
    for _ in 0..3 {
        first.record(Observed::Failed).await;
    }
    store.overtaken.store(2, Relaxed);
    second.record(Observed::Failed).await;
    first.record(Observed::Failed).await;
    assert!(admit(&first).await.is_err(), "five failures in a row, whoever met them");
}

#[tokio::test(start_paused = true)]
async fn without_the_gate_nothing_goes_and_nothing_else_fails() {
    let store = Store::new();
    let admission = instance(&store);
    store.down.store(true, Relaxed);
    let error = admit(&admission).await.unwrap_err();
    assert!(matches!(&error, NotAdmitted::Unavailable(why) if why.contains("down")), "{error:?}");
    admission.record(Observed::Failed).await;
    store.down.store(false, Relaxed);
    assert!(admit(&admission).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_cannot_be_read_is_begun_anew() {
    let store = Store::new();
    store.kept.swap(NAME, 0, "not JSON".into()).await.unwrap();
    assert_eq!(time(&instance(&store)).await, 0);
    let stored = store.kept.read(NAME).await.unwrap().unwrap();
    assert_eq!(stored.version, 2);
    assert!(serde_json::from_str::<Gate>(&stored.value).is_ok());
}
