//! The processes of the functions: the emulator runs each instance of a function as a child of its own.

use std::path::PathBuf;

use rustix::process::{Pid, Signal, kill_process};

/// The processes below `parent` whose environment says that they run this function (a part of its name).
pub(crate) fn of_function(parent: u32, function: &str) -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let ours = ids.filter(|&id| is_child(id, parent) && runs(id, function));
    ours.filter_map(Pid::from_raw).collect()
}

/// Ends a process at once, as a machine that fails does. That it is gone already is as good.
pub(crate) fn kill(process: Pid) -> bool {
    kill_process(process, Signal::KILL).is_ok()
}

fn is_child(id: i32, parent: u32) -> bool {
    // The fields after the name, which stands in parentheses: state, parent, ...
    let stat = std::fs::read_to_string(path(id, "stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
    after_name.split_whitespace().nth(1) == Some(parent.to_string().as_str())
}

fn runs(id: i32, function: &str) -> bool {
    let environment = std::fs::read(path(id, "environ")).unwrap_or_default();
    let mut variables = environment.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    variables.any(|variable| {
        variable.strip_prefix("AWS_LAMBDA_FUNCTION_NAME=").is_some_and(|name| name.contains(function))
    })
}

fn path(id: i32, file: &str) -> PathBuf {
    ["/proc", &id.to_string(), file].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_found_by_the_function_it_runs() {
        let mut child = std::process::Command::new("sleep");
        let child = child.arg("60").env("AWS_LAMBDA_FUNCTION_NAME", "stack-PosterFunction-1").spawn();
        let mut child = child.unwrap();
        let found = || of_function(std::process::id(), "PosterFunction");
        // Between its start and its program, a child has our environment.
        while found().is_empty() {
            std::thread::yield_now();
        }
        assert_eq!(of_function(std::process::id(), "WebhookFunction"), []);
        assert!(kill(found()[0]));
        child.wait().unwrap();
        assert_eq!(found(), []);
    }
}
