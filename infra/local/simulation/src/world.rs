//! The world of one run: the twins that all instances share, and the functions wired to them as their `main`s
//! wire them to AWS.

use std::{collections::BTreeSet, sync::Arc};

use cloudsuite::ion::Transport;
use domain::{Digest, Private, TenantId};
use jiff::SignedDuration;
use ledger::{Ledger as _, Memory};
use platform::{Clock, Mailbox, MemoryMailbox, MemorySecrets, Pick, Queues, Secrets};
use poller::Poller;
use poster::Poster;
use serde_json::json;
use shipbob::Endpoint;
use shopify::Shop;
use simulated_cloudsuite::{ConfirmMode, Credentials, MasterData, Settings, SimulatedCloudSuite};
use simulated_shipbob::SimulatedShipBob;
use tenants::{Tenants, parse_credentials};
use tokio::sync::Notify;
use webhook::Webhook;

use crate::{
    Accounts, Chance, Fault, Instance, Surroundings,
    twins::{CloudSuite, ShipBob, ShipBobTransport, SimLedger, SimMailbox, SimSecrets, SimTransport},
};

/// The one tenant.
pub(crate) const TENANT: &str = "demo";
/// Its shop, and the key that its deliveries are signed with.
pub(crate) const SHOP: (&str, &str) = ("demo.myshopify.com", "hush");
/// How long a write whose answer was lost may still arrive (the template's default).
const QUIET: SignedDuration = SignedDuration::from_secs(300);
/// After how many receives SQS gives a message up (the template's).
const MOST_RECEIVES: u32 = 20;
/// How many requests may go through the gateway: a minute, and at once.
pub(crate) const LIMITS: (u32, u32) = (120, 10);

/// The twins that all instances share.
pub(crate) struct World {
    /// What instances stand in.
    pub(crate) around: Arc<Surroundings>,
    /// What must be accounted for.
    pub(crate) accounts: Arc<Accounts>,
    /// The ledger.
    pub(crate) ledger: Arc<Memory>,
    /// The queue of events.
    pub(crate) events: Arc<MemoryMailbox>,
    /// The dead-letter queue.
    pub(crate) dead_letters: Arc<MemoryMailbox>,
    /// Told of everything that may make an event visible.
    pub(crate) changed: Arc<Notify>,
    /// Infor's side.
    pub(crate) infor: Arc<CloudSuite>,
    /// ShipBob's side.
    pub(crate) shipbob: Arc<ShipBob>,
    /// The tenant's secrets.
    pub(crate) secrets: Arc<MemorySecrets>,
    poison: Arc<BTreeSet<Digest>>,
}

impl World {
    /// A world with its tenant set up and nothing in it yet.
    pub(crate) async fn new(seed: u64, around: &Arc<Surroundings>, poison: BTreeSet<Digest>) -> Self {
        Self::of(seed, around, poison, MasterData::demo()).await
    }

    /// The same with other master data in M3.
    pub(crate) async fn of(
        seed: u64,
        around: &Arc<Surroundings>,
        poison: BTreeSet<Digest>,
        master: MasterData,
    ) -> Self {
        let accounts = Arc::new(Accounts::default());
        let clock: Arc<dyn Clock> = Arc::new(around.time);
        let dead_letters = Arc::new(MemoryMailbox::new("dead", clock.clone()));
        let events = MemoryMailbox::new("events", clock).giving_up_after(MOST_RECEIVES, dead_letters.clone());
        let events = if around.is_instant { events } else { events.picking(picker(seed, around)) };
        let credentials = Credentials::default();
        let secrets = Arc::new(MemorySecrets::default());
        secrets.set("sim/ionapi/demo", &[&credentials.ionapi_json("https://sim.inforcloudsuite.com")]);
        let shop = json!({ "shop_domain": SHOP.0, "client_secret": SHOP.1 }).to_string();
        secrets.set("sim/webhook/shopify/demo", &[&shop]);
        let simulator = SimulatedCloudSuite::with(master, credentials, settings(seed, around));
        let account = SimulatedShipBob::with(
            simulated_shipbob::Credentials::default(),
            simulated_shipbob::Settings::default(),
            seed,
        );
        let world = Self {
            around: around.clone(),
            ledger: Arc::new(Memory::default()),
            events: Arc::new(events),
            dead_letters,
            changed: Arc::new(Notify::new()),
            infor: CloudSuite::new(simulator, around, &accounts, seed),
            shipbob: ShipBob::new(account, around),
            accounts,
            secrets,
            poison: Arc::new(poison),
        };
        world.push_mapping(str::to_owned).await;
        world
    }

    /// Pushes the tenant's mapping file, changed like this.
    pub(crate) async fn push_mapping(&self, change: impl FnOnce(&str) -> String) {
        let (rate, burst) = if self.around.is_instant { (3_000, 100) } else { LIMITS };
        let file = mapping::DEFAULT_FILE
            .replace("requests_per_minute = 600", &format!("requests_per_minute = {rate}"))
            .replace("burst = 20", &format!("burst = {burst}"));
        let now = self.around.time.now();
        // The twin keeps whatever is small enough, and the default file is.
        let _ = self.ledger.push_mapping(&tenant(), &change(&file), "simulation", now).await;
    }

    /// The ledger as an instance sees it.
    pub(crate) fn ledger_of(&self, instance: &Arc<Instance>) -> Arc<SimLedger> {
        let (kept, poison) = (self.ledger.clone(), self.poison.clone());
        Arc::new(SimLedger { kept, instance: instance.clone(), poison })
    }

    /// The queues as an instance sees them.
    pub(crate) fn queues_of(&self, instance: &Arc<Instance>) -> Queues {
        let seen = |kept: &Arc<MemoryMailbox>| -> Arc<dyn Mailbox> {
            Arc::new(SimMailbox {
                kept: kept.clone(),
                instance: instance.clone(),
                changed: self.changed.clone(),
                accounts: self.accounts.clone(),
            })
        };
        Queues { events: seen(&self.events), dead_letters: seen(&self.dead_letters) }
    }

    fn secrets_of(&self, instance: &Arc<Instance>) -> Arc<SimSecrets> {
        Arc::new(SimSecrets { kept: self.secrets.clone(), instance: instance.clone() })
    }

    fn tenants_of(&self, instance: &Arc<Instance>) -> Arc<Tenants> {
        let credentials: Secrets<Private<String>> =
            Secrets::new(self.secrets_of(instance), parse_credentials);
        let transport = SimTransport { infor: self.infor.clone(), instance: instance.clone() };
        let transport: Arc<dyn Transport> = Arc::new(transport);
        let (ledger, clock) = (self.ledger_of(instance), Arc::new(instance.clock()));
        let tenants = Tenants::new(ledger, credentials, "sim".to_owned(), clock);
        let shipbob = ShipBobTransport { shipbob: self.shipbob.clone(), instance: instance.clone() };
        let shipbob: Arc<dyn remote::Transport> = Arc::new(shipbob);
        let tenants = tenants.shipbob_reached_by(Arc::new(move |_| Ok(shipbob.clone())));
        Arc::new(tenants.reached_by(Arc::new(move |_| Ok(transport.clone()))))
    }

    /// A cold webhook function.
    pub(crate) fn webhook(&self, instance: &Arc<Instance>) -> Webhook {
        Webhook {
            shops: Secrets::new(self.secrets_of(instance), |versions| Shop::parse(versions)),
            endpoints: Secrets::new(self.secrets_of(instance), |versions| Endpoint::parse(versions)),
            secret_prefix: "sim".to_owned(),
            queue: self.queues_of(instance).events,
            clock: Arc::new(instance.clock()),
        }
    }

    /// A cold poster function.
    pub(crate) fn poster(&self, instance: &Arc<Instance>) -> Arc<Poster> {
        Arc::new(Poster {
            ledger: self.ledger_of(instance),
            queue: self.queues_of(instance),
            tenants: self.tenants_of(instance),
            clock: Arc::new(instance.clock()),
            quiet: QUIET,
            drift: poster::Tally::default(),
            catalogue: poster::Catalogue::default(),
        })
    }

    /// A cold poller function.
    pub(crate) fn poller(&self, instance: &Arc<Instance>) -> Poller {
        Poller {
            ledger: self.ledger_of(instance),
            queues: self.queues_of(instance),
            tenants: self.tenants_of(instance),
            clock: Arc::new(instance.clock()),
            quiet: QUIET,
            webhook_url: "https://hooks.example.com".to_owned(),
        }
    }
}

/// The one tenant.
///
/// # Panics
/// Never: the name is one.
#[expect(clippy::expect_used, reason = "the name is written above")]
pub(crate) fn tenant() -> TenantId {
    TENANT.parse().expect("the tenant's name is one")
}

/// A standard queue brings messages in any order, and now and then twice.
fn picker(seed: u64, around: &Arc<Surroundings>) -> Arc<dyn platform::Picker> {
    let (chance, around) = (Chance::of(seed, "receives"), around.clone());
    Arc::new(move |visible: &[&platform::KeptMessage], most: usize| {
        let mut places: Vec<_> = (0..visible.len()).collect();
        chance.shuffle(&mut places);
        let most = usize::try_from(chance.between(1..=most.max(1) as u64)).unwrap_or(most);
        let twice = || {
            let strikes = around.weather.strikes(Fault::DeliveredTwice);
            if strikes {
                around.counts.fault(Fault::DeliveredTwice);
            }
            strikes
        };
        places.into_iter().take(most).map(|place| Pick { place, twice: twice() }).collect()
    })
}

/// How this seed's M3 behaves where Infor leaves it open.
fn settings(seed: u64, around: &Arc<Surroundings>) -> Settings {
    if around.is_instant {
        return Settings::default();
    }
    let chance = Chance::of(seed, "settings");
    let confirm = match chance.between(0..=3) {
        0 => ConfirmMode::WithoutStatus,
        1 => {
            let seconds = u32::try_from(chance.between(0..=900)).unwrap_or_default();
            // Time alone brings it: that nothing happens until somebody asks is how no M3 behaves.
            ConfirmMode::Later { seconds, asks: 0 }
        }
        _ => ConfirmMode::Immediate,
    };
    let token_lifetime_seconds = *chance.one_of(&[300, 3_600, 7_200]);
    Settings {
        confirm,
        token_lifetime_seconds,
        retry_after: chance.strikes(500),
        repeats_count: chance.strikes(500),
        ..Settings::default()
    }
}
