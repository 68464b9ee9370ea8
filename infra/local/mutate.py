#!/usr/bin/env python3
"""Takes out each guard of the pipeline once and shows that the simulation notices.

A proof that cannot fail proves nothing. Each mutation below replaces a few words of the production code in a copy
of the working tree, builds the simulation there and runs it; a mutation that survives all seeds is an error, and
so is one whose words are no longer found in the code.

usage: mutate.py [--seeds N] [NAME ...]        (run by `make mutants`)
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPY = ROOT / "target" / "mutants" / "tree"
VERSION, MUTANT = b'version = "0.1.0"', b'version = "0.1.0-mutant"'

# Name: file, the words, what stands there instead, and what is then missing.
MUTATIONS = {
    "fence": (
        "shared/cloudsuite/src/ion/gateway.rs",
        "if patience.is_over(self.shared.now()) {",
        "if patience.is_over(self.shared.now()) && false {",
        "a holder whose lease ran out goes on writing to CloudSuite",
    ),
    "version": (
        "shared/ledger/src/memory.rs",
        "if stored.map_or(0, |stored| stored.version) + 1 != record.version {",
        "if stored.is_none() != (record.version == 1) {",
        "a write goes on top of whatever stands there",
    ),
    "stale": (
        "shared/domain/src/claim.rs",
        "if is_late(record, delivery) && delivery.body != record.body {",
        "if is_late(record, delivery) && false {",
        "a late event undoes a newer one",
    ),
    "ties": (
        "shared/domain/src/claim.rs",
        "|| is_tied && is_older(delivery.triggered_at, record.triggered_at)",
        "|| is_tied && false",
        "of two events of one second the late one undoes the newer one",
    ),
    "look-up": (
        "shared/domain/src/held.rs",
        "State::InDoubt { step, .. } => step != Step::Amend || !self.record.is_in_cloudsuite(),\n"
        "            _ => !self.record.is_in_cloudsuite() && self.record.references.temporary.is_some(),",
        "_ => false,",
        "what is in doubt is sent again without asking",
    ),
    "quiet": (
        "shared/domain/src/claim.rs",
        "State::InDoubt { since, .. } => since.checked_add(quiet).ok(),",
        "State::InDoubt { .. } => None,",
        "CloudSuite is asked before what was sent can have arrived",
    ),
    "attempts": (
        "shared/domain/src/claim.rs",
        "_ if record.attempts >= MOST_ATTEMPTS => Decision::Exhausted,",
        "_ if record.attempts == u32::MAX => Decision::Exhausted,",
        "what ends the process is tried for ever",
    ),
    "dedup": (
        "shared/domain/src/record.rs",
        "is_changed_in_place && self.references.number.is_some()",
        "is_changed_in_place && self.references.number.is_some() && false",
        "an order that CloudSuite has is entered again when it changes",
    ),
}


def copy_tree():
    """The working tree as git knows it, changes included; unchanged files keep their times.

    The copy is of another version, so that what is built of it never passes for the project's own: cargo tells the
    crates of two trees apart by name and version only.
    """
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\n")
    for name in filter(None, listed):
        source, target = ROOT / name, COPY / name
        if not source.is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_bytes()
        if name == "Cargo.toml":
            content = content.replace(VERSION, MUTANT)
        if name != "Cargo.lock" and not (target.is_file() and target.read_bytes() == content):
            target.write_bytes(content)
    # Cargo writes the version of the project's own crates into it and leaves all else as it is.
    if not (COPY / "Cargo.lock").is_file():
        shutil.copyfile(ROOT / "Cargo.lock", COPY / "Cargo.lock")


def simulate(seeds):
    """Builds the copy's simulation and runs it: whether it passed, and what it printed."""
    build = ["cargo", "build", "--offline", "--quiet", "--profile", "sim", "-p", "simulation", "--bin", "sim"]
    # The dependencies are those of `make sim`; only the project's own crates are built anew.
    target = ROOT / "target"
    environment = {**os.environ, "CARGO_TARGET_DIR": str(target)}
    built = subprocess.run(build, cwd=COPY, env=environment, capture_output=True, text=True)
    if built.returncode != 0:
        raise SystemExit(f"error: the mutated simulation does not build\n{built.stderr[-3000:]}")
    run = [target / "sim" / "sim", "--seeds", str(seeds)]
    ran = subprocess.run(run, cwd=COPY, capture_output=True, text=True)
    return ran.returncode == 0, ran.stdout + ran.stderr


def first_violation(printed):
    lines = [line.strip() for line in printed.splitlines()]
    seeds = [line.split(" (")[0] for line in lines if line.startswith("seed ")]
    reasons = [line.removeprefix("does not hold: ") for line in lines if line.startswith("does not hold")]
    return f"{len(seeds)} seeds, first {seeds[0]}: {reasons[0][:110]}" if seeds and reasons else "no reason given"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000, help="how many seeds may be needed (default 1000)")
    parser.add_argument("--check", action="store_true", help="only look whether each guard is where it is taken out")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(MUTATIONS)}")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in MUTATIONS]
    if unknown:
        parser.error(f"no such mutation: {', '.join(unknown)}")
    survived = []
    for name, (file, words, _, _) in MUTATIONS.items():
        count = (ROOT / file).read_text().count(words)
        if count != 1:
            raise SystemExit(f"error: mutation {name}: its words stand {count} times in {file}")
    if arguments.check:
        return
    for name in arguments.names or MUTATIONS:
        file, words, instead, missing = MUTATIONS[name]
        copy_tree()
        path = COPY / file
        path.write_text(path.read_text().replace(words, instead))
        start = time.monotonic()
        passed, printed = simulate(arguments.seeds)
        seconds = time.monotonic() - start
        if passed:
            survived.append(name)
            print(f"SURVIVED {name:9} {missing} ({arguments.seeds} seeds, {seconds:.0f} s)", flush=True)
        else:
            print(f"noticed  {name:9} {missing} ({seconds:.0f} s): {first_violation(printed)}", flush=True)
    # Nobody is to take the last mutant for the real simulation: `make sim` puts that one back.
    (ROOT / "target" / "sim" / "sim").unlink()
    if survived:
        raise SystemExit(f"error: the simulation does not notice that a guard is missing: {', '.join(survived)}")


if __name__ == "__main__":
    sys.exit(main())
