//! The binary: what it writes, what it says, how it ends.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

#[test]
fn it_says_where_it_listens_writes_its_files_and_ends_on_sigterm() {
    let folder = std::env::temp_dir().join(format!("simulated-shipbob-{}", std::process::id()));
    let mut child = Command::new(env!("CARGO_BIN_EXE_simulated-shipbob"))
        .args(["--pace", "60", "--state-dir"])
        .arg(&folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert!(ready["base"].as_str().unwrap().starts_with("https://localhost:"));
    let app: Value = serde_json::from_slice(&std::fs::read(folder.join("app.json")).unwrap()).unwrap();
    assert_eq!(app["access_token"].as_str().unwrap().len(), 64);
    assert!(app["webhook_secret"].as_str().unwrap().starts_with("whsec_"));
    let authority = std::fs::read_to_string(folder.join("ca.pem")).unwrap();
    assert!(authority.starts_with("-----BEGIN CERTIFICATE-----"));

    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success() && child.wait().unwrap().success());
    std::fs::remove_dir_all(folder).unwrap();
}
