# The commands of this project. `make help` lists them; everything that they install goes into the checkout.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
# A step that is interrupted or fails is made again; nothing here is worth keeping half made.

FUNCTIONS := webhook poster poller
# What `make build` and `make deploy` build for: arm64 or x86_64.
ARCH ?= arm64
STAGE ?=
REGION ?=
# What `make sim` and `make mutants` run: how many seeds, from which one; or one alone; of a shop or of warehouses.
SEEDS ?= 10000
SEED ?=
OF ?= shop
# What `make fuzz` runs, and for how long each; a slow unit and a large one are faults as well.
TARGET ?= verifier order customer shipbob_verifier shipbob mapping
FUZZ_SECONDS := $(if $(filter command,$(origin SECONDS)),$(SECONDS),600)
FUZZING := -timeout=1 -rss_limit_mb=512 -print_final_stats=1
CARGO_FUZZ := 0.13.1
# How often `make chaos` strikes.
RUNS ?= 1
# The folder of the stack that `make run` starts.
RUNNING := .local/run
# What `make send`, `make trail` and `make statement` are about.
SOURCE ?= shopify
TENANT ?= demo
FORMAT ?= text

# The machine that builds.
HOST = $(shell rustc --print host-tuple)

export SAM_CLI_TELEMETRY := 0

.PHONY: help run test check sim mutants chaos fuzz bench build deploy send trail statement tools clean local contract e2e need-aws need-std need-cxx

help: ## List the commands
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

## --- On this machine -------------------------------------------------------------------------------------

run: tools local ## Run the whole pipeline here and play the samples; ONCE=1 ends when they have settled
	@exec target/debug/stack --folder $(RUNNING) $(if $(ONCE),--once)

send: ## Sign and post a file to the running stack: FILE=order.json TOPIC=orders/create [SOURCE=] [TENANT=]
	@: $(if $(FILE),,$(error FILE is missing: make send FILE=order.json TOPIC=orders/create))
	@: $(if $(TOPIC),,$(error TOPIC is missing: make send FILE=order.json TOPIC=orders/create))
	@$(call against_the_running_stack,send --source "$(SOURCE)" --tenant "$(TENANT)" --topic "$(TOPIC)" "$(FILE)")

trail: ## Show what became of an order: ORDER=<id or name> [TENANT=] [FORMAT=json]
	@: $(if $(ORDER),,$(error ORDER is missing: make trail ORDER='#1001'))
	@$(call against_the_running_stack,trail --source "$(SOURCE)" --tenant "$(TENANT)" --format "$(FORMAT)" "$(ORDER)")

statement: ## Tie what ShipBob did to what CloudSuite has: FROM=2026-11-01 TO=2026-11-30 [TENANT=] [FORMAT=json]
	@: $(if $(and $(FROM),$(TO)),,$(error FROM or TO is missing: make statement FROM=2026-11-01 TO=2026-11-30))
	@$(call against_the_running_stack,reconcile shipbob --tenant "$(TENANT)" --format "$(FORMAT)" --from "$(FROM)" --to "$(TO)")

# The command line of the operators, with the addresses of the stack that is up.
define against_the_running_stack
if [ ! -f $(RUNNING)/env ]; then echo "no local stack is up: start one with 'make run' in another terminal" >&2; exit 2; fi; \
	set -a; . $(RUNNING)/env; set +a; exec target/debug/ops $(1)
endef

# The real Lambda binaries and the local programs, in the quick profile. The emulator runs them as they are.
local:
	@echo "build: functions and local programs (the first build takes some minutes)"
	@cargo build --locked $(FUNCTIONS:%=-p %) -p simulated-cloudsuite -p simulated-shipbob -p simulated-shopify -p stack -p ops --bins
	@for name in $(FUNCTIONS); do \
		mkdir -p target/lambda/$$name; \
		strip -o target/lambda/$$name/bootstrap target/debug/$$name; \
	done

## --- Tests -----------------------------------------------------------------------------------------------

test: check tools contract e2e ## Run every test: check, the twins' contracts on the emulator, the template's lint, end to end, chaos in short
	@echo "test: everything passed"

check: ## Check formatting and lints, run the tests that need no stack
	@echo "check: formatting"
	@cargo fmt --all --check
	@cargo fmt --manifest-path shared/fuzz/Cargo.toml --check
	@echo "check: lints (the first build takes some minutes)"
	@cargo clippy --locked --workspace --all-targets -- -D warnings
	@python3 infra/local/mutate.py --check
	@echo "check: unit, property and snapshot tests"
	@if cargo nextest --version >/dev/null 2>&1; \
		then cargo nextest run --locked --workspace && cargo test --locked --workspace --doc; \
		else cargo test --locked --workspace; fi

# The twins of ledger and queues keep the same sentences as the real ones: here the real ones are the emulator's.
contract: tools
	@echo "test: the contracts of ledger and queue on the AWS emulator"
	@mkdir -p .local/contract; \
	port=$$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'); \
	endpoint=http://127.0.0.1:$$port; \
	BIND_HOST=127.0.0.1 MINISTACK_HOST=127.0.0.1 GATEWAY_PORT=$$port AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \
		AWS_REGION=us-east-1 S3_DATA_DIR=.local/contract/s3 .tools/emulator/bin/ministack >.local/contract/emulator.log 2>&1 & \
	emulator=$$!; trap 'kill $$emulator' EXIT; \
	for try in $$(seq 100); do \
		if python3 -c "import urllib.request; urllib.request.urlopen('$$endpoint/_ministack/health')" 2>/dev/null; \
			then break; fi; sleep 0.2; done; \
	ML_LEDGER_ENDPOINT=$$endpoint ML_SQS_ENDPOINT=$$endpoint \
		cargo test --locked --quiet -p ledger -p platform --test it -- endpoint

e2e: tools local
	@echo "test: the template"
	@AWS_DEFAULT_REGION=us-east-1 .tools/sam/bin/sam validate --lint --template-file infra/template.yaml
	@echo "test: end to end (a few minutes: the poller runs once a minute)"
	@ML_E2E=1 cargo test --locked -p stack --test it
	@echo "test: chaos, in short (a few minutes: killed posters' messages have to come again)"
	@target/debug/chaos --orders 40 --seconds 20

sim: ## Simulate bad days: [SEEDS=10000] [FROM=0], or SEED=n alone with its log; OF=warehouse for those of ShipBob's
	@cargo build --locked --profile sim -p simulation --bin sim
	@target/sim/sim --of $(OF) $(if $(SEED),--seed $(SEED) --log,--seeds $(SEEDS) --from $(or $(FROM),0))

mutants: ## Take out each guard once and show that the simulation notices: [SEEDS=1000] [NAME=fence]
	@python3 infra/local/mutate.py $(if $(filter file,$(origin SEEDS)),,--seeds $(SEEDS)) $(NAME)

chaos: tools local ## Kill processes and lose answers under load, then prove that every order is there once: [RUNS=1]
	@target/debug/chaos --runs $(RUNS)

fuzz: .tools/fuzz/ready need-cxx ## Fuzz verifier, parsers and mapping files: [TARGET=order] [SECONDS=600]
	@echo "fuzz: building the targets (a first build takes some minutes)"
	@.tools/fuzz/bin/cargo-fuzz build --fuzz-dir shared/fuzz --target-dir target/fuzz --sanitizer none 2>&1 | tail -n 20
	@for name in $(TARGET); do \
		folder=.local/fuzz/$$name; mkdir -p $$folder/corpus $$folder/found; \
		python3 shared/fuzz/seeds.py $$name $$folder; \
		echo "fuzz: $$name for $(FUZZ_SECONDS) s; its log is $$folder/log"; \
		if ! target/fuzz/$(HOST)/release/$$name -max_total_time=$(FUZZ_SECONDS) $(FUZZING) \
			-dict=$$folder/dictionary -artifact_prefix=$$folder/found/ $$folder/corpus $$folder/seeds \
			>$$folder/log 2>&1; then \
			grep -m1 -A3 -E 'panicked|ERROR' $$folder/log >&2 || true; \
			echo "fuzz: $$name found a fault: its input is in $$folder/found" >&2; exit 1; fi; \
		grep -E '^#[0-9]+.DONE' $$folder/log; \
	done

# libFuzzer is compiled from its sources.
need-cxx:
	@if ! command -v c++ >/dev/null; then \
		echo "libFuzzer is C++ and there is no compiler for it: install g++ or clang++ (Debian: apt install g++)" >&2; \
		exit 2; fi

bench: .tools/build/ready ## Measure the figures that the project promises (a first run builds for some minutes)
	@PATH="$(CURDIR)/.tools/build/bin:$$PATH" cargo lambda build --locked --release --x86-64 $(FUNCTIONS:%=-p %)
	@cargo bench --locked --quiet -p webhook --bench cpu
	@cargo bench --locked --quiet -p mapping --bench plan
	@cargo bench --locked --quiet -p poster --bench requests
	@cargo test --locked --quiet -p ledger --lib -- budget --nocapture --test-threads=1 | grep 'cost'
	@cargo test --locked --quiet -p reconcile --test it -- cost --nocapture --test-threads=1 | grep 'cost'
	@python3 infra/local/measure.py target/lambda

## --- For AWS ---------------------------------------------------------------------------------------------

build: .tools/build/ready need-std ## Build the functions for AWS: [ARCH=arm64|x86_64]
	@echo "build: release for $(ARCH) (a first build takes several minutes)"
	@PATH="$(CURDIR)/.tools/build/bin:$$PATH" \
		cargo lambda build --locked --release $(if $(filter arm64,$(ARCH)),--arm64,--x86-64) $(FUNCTIONS:%=-p %)

# The standard library for the target comes with the toolchain only on machines of that architecture.
need-std:
	@target=$(if $(filter arm64,$(ARCH)),aarch64,x86_64)-unknown-linux-gnu; \
	if [ ! -d "$$(rustc --print target-libdir --target $$target)" ]; then \
		echo "Rust cannot build for $(ARCH) yet. Add the target once: rustup target add $$target" >&2; exit 2; fi

deploy: need-aws .tools/sam/ready build ## Deploy to AWS: STAGE=prod REGION=eu-central-1 [ARCH=]
	.tools/sam/bin/sam deploy --template-file infra/template.yaml --stack-name ml-connector-$(STAGE) \
		--region $(REGION) --resolve-s3 --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
		--parameter-overrides Stage=$(STAGE) Architecture=$(ARCH) SecretPrefix=ml-connector/$(STAGE)

need-aws:
	@: $(if $(STAGE),,$(error STAGE is missing: make deploy STAGE=prod REGION=eu-central-1))
	@: $(if $(REGION),,$(error REGION is missing: make deploy STAGE=prod REGION=eu-central-1))

## --- Tools -----------------------------------------------------------------------------------------------

tools: .tools/emulator/ready .tools/sam/ready ## Install the local AWS emulator and the SAM command line

# One virtual environment a tool, pinned with hashes; made again when its requirements change.
.tools/%/ready: infra/local/requirements-%.txt
	@echo "tools: installing '$*' into .tools/$* (once; up to a minute or two)"
	@started=$$SECONDS; rm -rf .tools/$*; mkdir -p .tools; python3 -m venv .tools/$*; \
	.tools/$*/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --no-deps --only-binary :all: -r $<; \
	touch $@; echo "tools: '$*' is ready after $$((SECONDS - started)) s"

# The options that it compiles with are stable ones as long as no sanitizer is asked for.
.tools/fuzz/ready:
	@echo "tools: installing cargo-fuzz $(CARGO_FUZZ) into .tools/fuzz (once; about a minute)"
	@cargo install --quiet --locked --root .tools/fuzz cargo-fuzz@$(CARGO_FUZZ)
	@touch $@

clean: ## Remove what was built and installed
	rm -rf target .tools .local .aws-sam
