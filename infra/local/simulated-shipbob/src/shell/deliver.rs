//! Sends webhooks: asks the core what is due, posts it, and tells what came of it. Addresses are HTTPS with a
//! certificate that is trusted; redirects are not followed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};
use tokio::task::JoinSet;

use super::Options;
use crate::settings::DeliverySettings;
use crate::simulator::SimulatedShipBob;
use crate::webhooks::{Delivery, Outcome};

/// How often the core is asked, in real time.
const TICK: Duration = Duration::from_millis(10);

/// The client that posts.
pub(super) fn client(
    own_ca: &str,
    options: &Options,
    settings: &DeliverySettings,
) -> Result<Client, reqwest::Error> {
    // Only the first of several can install it; the others find it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let trusted = options.trusted.iter().map(String::as_str).chain([own_ca]);
    let trusted: Vec<Certificate> =
        trusted.map(|pem| Certificate::from_pem(pem.as_bytes())).collect::<Result<_, _>>()?;
    Client::builder()
        .tls_certs_only(trusted)
        .redirect(Policy::none())
        .connect_timeout(Duration::from_millis(u64::from(settings.connect_milliseconds)))
        .build()
}

/// Delivers until it is aborted; then the attempts under way are aborted too.
pub(super) async fn run(simulator: Arc<Mutex<SimulatedShipBob>>, client: Client) {
    let mut under_way = JoinSet::new();
    loop {
        let (due, budget) = {
            let mut simulator = lock(&simulator);
            let budget = simulator.settings.delivery.budget_milliseconds;
            (simulator.due_deliveries(Timestamp::now()), Duration::from_millis(u64::from(budget)))
        };
        for delivery in due {
            let (client, simulator) = (client.clone(), Arc::clone(&simulator));
            under_way.spawn(async move {
                let outcome = attempt(&client, &delivery, budget).await;
                lock(&simulator).delivered(delivery.id, outcome, Timestamp::now());
            });
        }
        while under_way.try_join_next().is_some() {}
        tokio::time::sleep(TICK).await;
    }
}

async fn attempt(client: &Client, delivery: &Delivery, budget: Duration) -> Outcome {
    let start = Instant::now();
    let mut request = client.post(&delivery.address).body(delivery.body.clone()).timeout(budget);
    for (name, value) in &delivery.headers {
        request = request.header(name, value);
    }
    match request.send().await {
        Ok(response) => Outcome::Answered {
            status: response.status().as_u16(),
            milliseconds: u32::try_from(start.elapsed().as_millis()).unwrap_or(u32::MAX),
        },
        Err(_) => Outcome::NoAnswer,
    }
}

fn lock(simulator: &Mutex<SimulatedShipBob>) -> MutexGuard<'_, SimulatedShipBob> {
    simulator.lock().unwrap_or_else(PoisonError::into_inner)
}
