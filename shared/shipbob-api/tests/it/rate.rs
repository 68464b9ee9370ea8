//! Six instances and ShipBob's limit, in simulated time.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use domain::Private;
use remote::{Broken, HttpAnswer, Request, Transport};
use shipbob_api::{ApiError, LIMITS, ShipBob};
use tokio::time::{Instant, sleep};

use crate::world::{access, store};

const MINUTE: Duration = Duration::from_secs(60);

/// Counts the requests of the last minute, as ShipBob does, and refuses the 151st.
#[derive(Default)]
struct Counting {
    last: Mutex<VecDeque<Instant>>,
    answered: Mutex<u32>,
    most: Mutex<usize>,
    refused: Mutex<u32>,
}

#[async_trait]
impl Transport for Counting {
    async fn send(&self, _: Request) -> Result<HttpAnswer, Broken> {
        // The way there takes some time, and not always the same.
        sleep(Duration::from_millis(fastrand::u64(5..300))).await;
        let mut last = self.last.lock().unwrap();
        while last.front().is_some_and(|first| first.elapsed() >= MINUTE) {
            last.pop_front();
        }
        if last.len() >= 150 {
            *self.refused.lock().unwrap() += 1;
            return Ok(HttpAnswer { status: 429, ..HttpAnswer::default() });
        }
        last.push_back(Instant::now());
        *self.answered.lock().unwrap() += 1;
        let mut most = self.most.lock().unwrap();
        *most = (*most).max(last.len());
        Ok(HttpAnswer { status: 200, headers: Vec::new(), body: Private::new(b"{}".to_vec()) })
    }
}

#[tokio::test(start_paused = true)]
async fn six_instances_share_150_requests_a_minute() {
    fastrand::seed(7);
    let (shipbob, shared) = (Arc::new(Counting::default()), store());
    let end = Instant::now() + MINUTE * 10;
    let work = |_| {
        let access = access(r#"{"kind":"access_token","access_token":"pat"}"#);
        let api = ShipBob::new(access, shipbob.clone(), shared.clone(), LIMITS).unwrap();
        tokio::spawn(async move {
            while Instant::now() < end {
                // Who is told to wait waits.
                if let Err(ApiError::Throttled { wait }) = api.order(1, end).await {
                    sleep(wait).await;
                }
            }
        })
    };
    let instances: Vec<_> = (0..6).map(work).collect();
    for instance in instances {
        instance.await.unwrap();
    }
    let (answered, most) = (*shipbob.answered.lock().unwrap(), *shipbob.most.lock().unwrap());
    assert_eq!(*shipbob.refused.lock().unwrap(), 0);
    assert!(most <= 150, "{most} in a minute");
    // 120 a minute and the first burst: nothing of the rate is lost either.
    assert!((1_150..=1_225).contains(&answered), "{answered} in ten minutes");
}
