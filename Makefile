# The commands of this project. `make help` lists them; everything they install goes into the checkout.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{ printf "  make %-8s %s\n", $$1, $$2 }'

# One virtual environment a tool, pinned with hashes; made again when its requirements change.
.tools/%/ready: infra/local/requirements-%.txt
	@echo "tools: installing '$*' into .tools/$* (once; up to a minute or two)"
	@started=$$SECONDS; rm -rf .tools/$*; mkdir -p .tools; python3 -m venv .tools/$*; \
	.tools/$*/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --no-deps --only-binary :all: -r $<; \
	touch $@; echo "tools: '$*' is ready after $$((SECONDS - started)) s"

.PHONY: tools
tools: .tools/emulator/ready .tools/sam/ready ## Install the local AWS emulator and the SAM command line
