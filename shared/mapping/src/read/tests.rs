use std::collections::BTreeSet;

use serde_json::Value;

use crate::{DEFAULT_FILE, Mapping, schema};

fn told(text: &str) -> Vec<String> {
    let findings = Mapping::parse(text).unwrap_err();
    findings.into_iter().map(|finding| format!("{}: {}", finding.field, finding.message)).collect()
}

/// The default file with one line in the place of another.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(DEFAULT_FILE.matches(from).count(), 1, "{from}");
    DEFAULT_FILE.replace(from, to)
}

/// The examples that stand commented out are keys with a value, or headers of lists.
fn with_examples() -> String {
    let is_example = |line: &&str| {
        let word = line.split(' ').next().unwrap_or_default();
        let is_key = line.contains(" = ")
            && line.split(" = ").next().is_some_and(|key| !key.trim_matches('"').contains(", "));
        line.starts_with("[[") || (is_key && (word.starts_with('"') || line.split(' ').nth(1) == Some("=")))
    };
    let lines = DEFAULT_FILE.lines().map(|line| line.strip_prefix("# ").filter(is_example).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_default_file_is_accepted_and_so_are_its_examples() {
    let mapping = Mapping::parse(DEFAULT_FILE).unwrap();
    assert!(mapping.company.is_empty() && mapping.gl.is_empty());
    let mapping = Mapping::parse(&with_examples()).unwrap();
    assert_eq!((mapping.company.len(), mapping.gl.len()), (1, 1));
    assert_eq!(mapping.gl[0].split.len(), 2);
    assert_eq!(mapping.items.bundles["GIFT-SET"].len(), 2);
    assert_eq!(mapping.orders.locations[&655_441_491].warehouse, "110");
    assert_eq!(mapping.journal.clearing_dimensions[&2], "ECOM");
}

/// Every key of a type of the schema, below the names of the types that lead there.
fn keys(schema: &Value) -> BTreeSet<String> {
    let definitions = schema["$defs"].as_object().unwrap().values();
    let types = definitions.chain([schema]).filter_map(|one| one["properties"].as_object());
    types.flat_map(|properties| properties.keys().cloned()).collect()
}

#[test]
fn the_default_file_names_every_key() {
    let text = with_examples();
    for key in keys(&schema()) {
        let is_named = [format!("{key} = "), format!("{key}]"), format!("`{key}`")];
        assert!(is_named.iter().any(|name| text.contains(name)), "default.toml does not name {key}");
    }
}

/// What the file says is the default is the default.
#[test]
fn a_file_of_what_is_needed_alone_is_the_default_file() {
    let needed = "[cloudsuite]\ncompany = 100\n[orders]\norder_type = \"ECO\"\nwarehouse = \"100\"\n\
                  [customers]\ntemplate = \"ECOMTPL\"\n[shipping]\ncharge = \"FRT\"\n";
    assert_eq!(Mapping::parse(needed).unwrap(), Mapping::parse(DEFAULT_FILE).unwrap());
}

/// The default file of the first release: files of tenants are never rewritten.
#[test]
fn a_file_of_an_earlier_release_is_accepted() {
    let old = "[cloudsuite]\nproduct_line = \"m3\"\ncompany = 100\ndivision = \"AAA\"\nallowed_hosts = [\"localhost\"]\n\
               certificate_authority = \"\"\nrequests_per_minute = 600\nburst = 20\n[orders]\norder_type = \"ECO\"\n\
               warehouse = \"100\"\nfacility = \"\"\ntest_orders = \"skip\"\nnote = true\n[customers]\n\
               template = \"ECOMTPL\"\nfallback = \"\"\n[items]\nprefix = \"\"\n[items.aliases]\n[shipping]\n\
               charge = \"FRT\"\n[discounts]\nwrite_as = \"line_amount\"\n";
    Mapping::parse(old).unwrap();
}

#[test]
fn a_fault_is_told_with_line_column_and_key() {
    let text = changed("order_type = \"ECO\"", "order_typ = \"ECO\"");
    let line = text.lines().position(|line| line.starts_with("order_typ ")).unwrap() + 1;
    let told = told(&text);
    assert!(told[0].starts_with("orders.order_type: ") || told[0].contains("needed"), "{told:?}");
    let unknown = told.iter().find(|message| message.starts_with("orders.order_typ: ")).unwrap();
    assert!(unknown.contains(&format!("line {line}, column 1: unknown field `order_typ`")), "{unknown}");
}

/// A tenant's file is corrected in one go, not one attempt for each fault.
#[test]
fn everything_that_is_wrong_is_told_at_once() {
    insta::assert_snapshot!(told(include_str!("../../tests/samples/everything-wrong.toml")).join("\n"));
}

#[test]
fn what_is_no_toml_is_told_with_what_else_is_wrong() {
    let text = changed("company = 100", "company = ").replace("burst = 20", "burst = many");
    let told = told(&text);
    assert!(told.len() >= 2, "{told:?}");
}

#[test]
fn a_file_of_faults_ends() {
    let keys: Vec<_> = (0..1_000).map(|key| format!("k{key} = 1")).collect();
    let keys = keys.join("\n");
    assert_eq!(told(&keys).len(), 101);
    assert!(!told("").is_empty());
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.json");
    let current = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == current, "schema.json is not that of the types: run this test with UPDATE_SCHEMA=1");
}

#[test]
fn the_published_schema_accepts_what_is_accepted() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for text in [DEFAULT_FILE.to_owned(), with_examples()] {
        let value: Value = toml::from_str(&text).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    let unknown: Value = toml::from_str("[orders]\norder_typ = \"ECO\"").unwrap();
    assert!(!validator.is_valid(&unknown));
}

#[test]
fn an_alias_goes_before_the_prefix() {
    let mut mapping = Mapping::parse(DEFAULT_FILE).unwrap();
    mapping.items.prefix = "EU-".into();
    mapping.items.aliases.insert("MUG".into(), "4711".into());
    assert_eq!((mapping.item("MUG"), mapping.item("CAP")), ("4711".into(), "EU-CAP".into()));
}

/// Which of two rules of a kind make the second one unreachable.
#[test]
fn rules_that_nothing_reaches_are_told() {
    let cases = [
        ("{}", "{ vendor = [\"A\"] }", true),
        ("{ vendor = [\"A\"] }", "{}", false),
        ("{ vendor = [\"A\", \"B\"] }", "{ vendor = [\"B\"] }", true),
        ("{ vendor = [\"A\"] }", "{ vendor = [\"A\", \"B\"] }", false),
        ("{ vendor = [\"A\"] }", "{ vendor = [\"A\"], sku = [\"M*\"] }", true),
        ("{ sku = [\"MUG-*\"] }", "{ sku = [\"MUG-BLUE-*\", \"MUG-1\"] }", true),
        ("{ sku = [\"MUG-*\"] }", "{ sku = [\"MUG*\"] }", false),
        ("{ sku = [\"MUG-?\"] }", "{ sku = [\"MUG-*\"] }", false),
        ("{ tag = [\"vip\"] }", "{ tag = [\"VIP\"] }", true),
        ("{ country = [\"DE\"] }", "{ country = [\"DE\"] }", true),
    ];
    for (first, second, is_unreachable) in cases {
        let rule = |when: &str| format!("[[gl]]\nwhen = {when}\naccount = \"4000\"\n");
        let text = format!("{DEFAULT_FILE}\n{}{}", rule(first), rule(second));
        let told = Mapping::parse(&text).map_or_else(|findings| findings.len(), |_| 0);
        assert_eq!(told == 1, is_unreachable, "{first} before {second}");
        let other_kind = format!("{DEFAULT_FILE}\n{}{}kind = \"refund\"\n", rule(first), rule(second));
        assert!(Mapping::parse(&other_kind).is_ok(), "{first} before {second}");
    }
}
