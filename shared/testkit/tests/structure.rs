//! The structure that `shared/ARCHITECTURE.md` promises: arrows point one way, and no old TLS stack comes in.

use std::collections::BTreeMap;

use testkit::root;

/// Which of our crates each of our crates may use, tests aside.
const ARROWS: &[(&str, &[&str])] = &[
    ("shared/domain", &[]),
    ("shared/shopify", &["domain"]),
    ("shared/remote", &["domain"]),
    ("shared/shopify-admin", &["domain", "remote"]),
    ("shared/shipbob", &["domain"]),
    ("shared/shipbob-api", &["domain", "remote"]),
    ("shared/mapping", &["domain", "shipbob", "shopify"]),
    ("shared/cloudsuite", &["domain", "remote"]),
    ("shared/ledger", &["domain"]),
    ("shared/platform", &["domain"]),
    ("shared/identify", &["domain", "platform", "shipbob", "shopify"]),
    ("shared/ingest", &["domain", "ledger", "platform", "shipbob", "shipbob-api"]),
    ("shared/reconcile", &["domain", "ledger", "platform", "shopify", "shopify-admin"]),
    ("shared/replay", &["domain", "ledger", "platform"]),
    (
        "shared/tenants",
        &["cloudsuite", "domain", "ledger", "mapping", "platform", "remote", "shipbob-api", "shopify-admin"],
    ),
    ("shared/testkit", &[]),
    ("functions/webhook", &["domain", "platform", "shipbob", "shopify"]),
    (
        "functions/poster",
        &[
            "cloudsuite",
            "domain",
            "identify",
            "ledger",
            "mapping",
            "platform",
            "shipbob",
            "shipbob-api",
            "shopify",
            "shopify-admin",
            "tenants",
        ],
    ),
    (
        "functions/poller",
        &[
            "cloudsuite",
            "domain",
            "ingest",
            "ledger",
            "platform",
            "reconcile",
            "replay",
            "shipbob-api",
            "shopify",
            "shopify-admin",
            "tenants",
        ],
    ),
    (
        "infra/ops",
        &[
            "domain",
            "identify",
            "ledger",
            "mapping",
            "platform",
            "reconcile",
            "replay",
            "shipbob",
            "shipbob-api",
            "shopify",
            "shopify-admin",
            "tenants",
        ],
    ),
    ("infra/local/simulated-cloudsuite", &[]),
    ("infra/local/simulated-shipbob", &[]),
    ("infra/local/simulated-shopify", &[]),
    (
        "infra/local/simulation",
        &[
            "cloudsuite",
            "domain",
            "ledger",
            "mapping",
            "platform",
            "poller",
            "poster",
            "remote",
            "replay",
            "shipbob",
            "shopify",
            "simulated-cloudsuite",
            "simulated-shipbob",
            "tenants",
            "webhook",
        ],
    ),
    ("infra/local/stack", &["domain", "identify", "ledger", "ops", "reconcile", "shipbob", "shopify"]),
];

/// Our crates among the dependencies of a manifest, its tests' and benches' left out.
fn used(manifest: &str) -> Vec<String> {
    let own: Vec<_> = ARROWS.iter().map(|(folder, _)| folder.rsplit('/').next().unwrap_or(folder)).collect();
    let section = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    names.filter(|name| own.contains(name)).map(str::to_owned).collect()
}

#[test]
fn arrows_point_one_way() {
    for (folder, allowed) in ARROWS {
        let path = root().join(folder).join("Cargo.toml");
        let manifest = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for name in used(&manifest) {
            assert!(allowed.contains(&name.as_str()), "{folder} must not use {name}");
        }
    }
}

#[test]
fn every_crate_has_its_arrows() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = manifest.split("members = [").nth(1).unwrap().split(']').next().unwrap();
    let members = members.split(',').map(|member| member.trim().trim_matches('"'));
    for member in members.filter(|member| *member != "functions/*" && !member.is_empty()) {
        assert!(ARROWS.iter().any(|(folder, _)| *folder == member), "{member} has no arrows");
    }
}

/// Found in the advisories (RUSTSEC-2026-0258, -0104, -0098, -0099): one crate with default features brings the
/// old stack into all of them.
#[test]
fn no_old_tls_stack_comes_in() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| package.lines().find_map(|line| line.strip_prefix(key)?.strip_suffix('"'));
        versions.entry(value("name = \"").unwrap()).or_default().push(value("version = \"").unwrap());
    }
    for (name, old) in [("h2", "0.3."), ("hyper", "0.14."), ("rustls", "0.21."), ("rustls-webpki", "0.101.")]
    {
        let found = versions.get(name).into_iter().flatten().find(|version| version.starts_with(old));
        assert_eq!(found, None, "{name} {found:?} is back: some AWS crate has its default features on");
    }
    assert!(!versions.contains_key("aws-lc-sys"), "two TLS providers are one too many: ring is ours");
}
