//! `sim`: runs seeds, counts, and names those that fail.
//!
//! Workers are processes of their own: each runs its share of the seeds on one thread, and what production code
//! writes to standard output is theirs alone.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, ExitCode, Stdio},
    time::Instant,
};

use clap::{Parser, ValueEnum};
use simulation::{Report, Size};

/// A seed makes and drops small values by the million; the system's allocator takes a fifth of the time for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the whole pipeline on twins, seed by seed.
#[derive(Debug, Parser)]
#[command(name = "sim")]
struct Arguments {
    /// How many seeds to run.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many processes share the work.
    #[arg(long, default_value_t = 2)]
    jobs: u64,
    /// Runs this seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// With --seed: prints the event log.
    #[arg(long)]
    log: bool,
    /// Runs a day without faults and tells how long that took: 1,000 orders; in the warehouses 1,100 shipments, 40
    /// receipts and 3,000 fees with them.
    #[arg(long)]
    day: bool,
    /// Where it happens.
    #[arg(long, value_enum, default_value_t = Place::Shop)]
    of: Place,
    /// Works for another process: each so many seeds from the first.
    #[arg(long, hide = true)]
    stride: Option<u64>,
}

/// Where it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Place {
    /// In a shop at Shopify.
    Shop,
    /// In ShipBob's warehouses.
    Warehouse,
}

impl Place {
    fn run(self, seed: u64, wants_log: bool) -> Report {
        match self {
            Self::Shop => simulation::run(seed, wants_log),
            Self::Warehouse => simulation::warehouse(seed, wants_log),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Warehouse => "warehouse",
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let is_well = match (arguments.day, arguments.seed, arguments.stride) {
        (true, _, _) => day(arguments.of),
        (_, Some(seed), _) => one(arguments.of, seed, arguments.log),
        (_, _, Some(stride)) => work(&arguments, stride),
        _ => share(&arguments),
    };
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Everything goes to standard error: production code writes its metrics to standard output.
fn print(text: &str) {
    // A closed standard error is nothing to end for.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

fn day(of: Place) -> bool {
    const ORDERS: u64 = 1_000;
    let start = Instant::now();
    let report = match of {
        Place::Shop => simulation::day(ORDERS),
        Place::Warehouse => {
            simulation::warehouse_day(Size { orders: ORDERS, split: 100, receipts: 40, fees: 3_000 })
        }
    };
    let took = start.elapsed().as_secs_f64();
    print(&format!("a day of {ORDERS} orders took {took:.3} s on one core"));
    print(&format!("counts: {:?}", report.counts));
    report.violations.iter().for_each(|violation| print(violation));
    report.violations.is_empty()
}

fn one(of: Place, seed: u64, wants_log: bool) -> bool {
    let report = of.run(seed, wants_log);
    report.log.iter().for_each(|line| print(line));
    tell(of, &report);
    print(&format!("counts: {:?}", report.counts));
    report.violations.is_empty()
}

/// What failed, and how to replay it.
fn tell(of: Place, report: &Report) {
    let hours = report.elapsed.as_secs_f64() / 3_600.0;
    print(&format!("seed {} ({hours:.1} virtual hours; {})", report.seed, report.weather));
    for violation in &report.violations {
        print(&format!("  does not hold: {violation}"));
    }
    if !report.violations.is_empty() {
        let (of, seed) = (of.as_str(), report.seed);
        print(&format!("  replay it: cargo run -p simulation --bin sim -- --of {of} --seed {seed} --log"));
    }
}

/// A worker's share. It tells of each seed in one line: its counts, or FAIL and its sentences.
fn work(arguments: &Arguments, stride: u64) -> bool {
    let end = arguments.from + arguments.seeds;
    let mut seed = arguments.from;
    while seed < end {
        let report = arguments.of.run(seed, false);
        let counts = report.counts.iter().map(|(name, count)| format!("{name}={count}"));
        print(&format!("SEED {seed}\t{}", counts.collect::<Vec<_>>().join("\t")));
        if !report.violations.is_empty() {
            print(&format!("FAIL {seed}"));
            tell(arguments.of, &report);
        }
        seed += stride;
    }
    true
}

/// What all workers told.
#[derive(Default)]
struct Told {
    seeds: u64,
    failed: Vec<u64>,
    counts: BTreeMap<String, u64>,
}

fn share(arguments: &Arguments) -> bool {
    let start = Instant::now();
    let jobs = arguments.jobs.clamp(1, 64);
    let workers: Vec<_> = (0..jobs).filter_map(|job| worker(arguments, job, jobs)).collect();
    let told = std::sync::Mutex::new(Told::default());
    std::thread::scope(|scope| {
        for worker in workers {
            scope.spawn(|| listen(worker, &told, start));
        }
    });
    let mut told = told.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    told.failed.sort_unstable();
    let counts: Vec<_> = told.counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
    print(&counts.join(", "));
    let (seeds, failed) = (told.seeds, told.failed.len());
    print(&format!(
        "{seeds} seeds in {:.1} s, {failed} failed: {:?}",
        start.elapsed().as_secs_f64(),
        told.failed
    ));
    seeds == arguments.seeds && told.failed.is_empty()
}

fn worker(arguments: &Arguments, job: u64, jobs: u64) -> Option<Child> {
    let program = std::env::current_exe().ok()?;
    let seeds = arguments.seeds.saturating_sub(job);
    let numbers = [("--seeds", seeds), ("--from", arguments.from + job), ("--stride", jobs)];
    let mut command = Command::new(program);
    command.args(["--of", arguments.of.as_str()]);
    for (name, number) in numbers {
        command.arg(name).arg(number.to_string());
    }
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().ok()
}

fn listen(mut worker: Child, told: &std::sync::Mutex<Told>, start: Instant) {
    let Some(lines) = worker.stderr.take() else { return };
    for line in BufReader::new(lines).lines().map_while(Result::ok) {
        let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(counts) = line.strip_prefix("SEED ") {
            told.seeds += 1;
            for (name, count) in counts.split('\t').filter_map(|pair| pair.split_once('=')) {
                *told.counts.entry(name.to_owned()).or_default() += count.parse::<u64>().unwrap_or_default();
            }
            if told.seeds.is_multiple_of(1_000) {
                let (seeds, failed) = (told.seeds, told.failed.len());
                print(&format!("{seeds} seeds, {failed} failed, {:.0} s", start.elapsed().as_secs_f64()));
            }
        } else if let Some(seed) = line.strip_prefix("FAIL ") {
            told.failed.extend(seed.parse::<u64>().ok());
        } else {
            print(&line);
        }
    }
    // Its end is told by its lines; this only leaves no process behind.
    let _ = worker.wait();
}
