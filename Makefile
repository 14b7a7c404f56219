# Two targets are all that most people need: `make run` and `make test`.
# Every command uses the same cargo profile and flags, so that nothing is built twice.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Programs that the tests start, as command:debian-package.
TEST_NEEDS := cc:gcc kill:procps node:nodejs npm:npm chromium:chromium
# The OpenID provider that tests sign in at.
TEST_PROVIDER := tests/fixtures/oidc
# Arguments for the harness, such as ARGS='--only 1 --quick'.
ARGS ?=
# Name of the container image.
IMAGE ?= maid

.PHONY: help run ui model test lint unit schemathesis fmt schema snapshots ai-eval bench bench-ai bench-analyst bench-import bench-peers bench-ui docker deny clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Build MAID and run the demo: a shop, a load test against it, a report
	@scripts/toolchain build
	@scripts/models || echo "MAID goes on without models, in a reduced way" >&2
	@scripts/ui
	cargo run --release --locked -- demo

ui: ## Build the admin UI into assets/ui/dist
	@scripts/ui

model: ## Bring the standard models, 190 MB, to where MAID looks for them
	@scripts/models

test: ## Set up and run everything that must hold: format, lints, docs, tests, the API as documented
	@scripts/toolchain test
	@scripts/need $(TEST_NEEDS)
	@$(MAKE) --no-print-directory lint unit schemathesis
	@echo "make test: all passed"

lint: ## Format, clippy and documentation, warnings denied
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings cargo doc --locked --no-deps

# Snapshots and generated schemas are compared, never rewritten: a stale one is a failed test.
unit: ## All tests, on SQLite and on a Postgres of their own; a stale snapshot or schema fails
	@scripts/npm-ci $(TEST_PROVIDER)
	@scripts/npm-ci tests/fixtures/descriptions
	@scripts/npm-ci tests/fixtures/newman
	@scripts/npm-ci tests/browser
	@scripts/ui
	cd assets/ui && npm run --silent test
	@scripts/export-tools
	@scripts/models
	CI=true INSTA_UPDATE=no scripts/with-postgres cargo test --locked

schemathesis: ## Ask a server what its OpenAPI document allows, and what it does not
	scripts/schemathesis $(ARGS)

fmt: ## Format the sources
	cargo fmt

schema: ## Write the generated JSON schemas and the OpenAPI document again
	@mkdir -p schema target
	cargo run --locked -- schema loadtest > target/loadtest.json
	cargo run --locked -- schema config > target/config.schema.json
	cargo run --locked -- openapi > target/openapi.json
	mv target/loadtest.json schema/loadtest.json
	mv target/config.schema.json config.schema.json
	mv target/openapi.json schema/openapi.json

snapshots: ## Accept what the snapshot tests print now; read the diff before you commit
	@scripts/npm-ci $(TEST_PROVIDER)
	@scripts/npm-ci tests/fixtures/descriptions
	@scripts/npm-ci tests/fixtures/newman
	@scripts/npm-ci tests/browser
	@scripts/ui
	@scripts/export-tools
	@scripts/models
	INSTA_UPDATE=always cargo test --locked

bench-peers: ## Measure MAID beside wrk, h2load, k6, oha and Goose; writes docs/performance.md
	@scripts/toolchain build
	@scripts/ui
	cargo build --release --locked
	python3 -B benches/peers/bench.py $(ARGS)

ai-eval: ## Measure how right tests are that are made of words, field by field; ARGS='--engine both' with a model
	@scripts/models
	cargo run --locked -- ai eval $(ARGS)

bench-import: ## Measure imports of large documents: time and memory
	@scripts/toolchain build
	@scripts/ui
	cargo build --release --locked
	python3 -B benches/import/bench.py $(ARGS)

bench: ## Measure MAID as a server: answers under load, watchers, history, start, memory, sign-ins, audit
	@scripts/toolchain build
	@scripts/ui
	cargo build --release --locked
	scripts/with-postgres python3 -B benches/server/bench.py $(ARGS)

bench-ai: ## Measure the models inside MAID: words a second, the first word, many callers, a run meanwhile
	@scripts/toolchain build
	@scripts/models
	@scripts/ui
	cargo build --release --locked
	python3 -B benches/ai/bench.py $(ARGS)

bench-ui: ## Measure the admin UI in a browser: its first load, the page of a run after an hour
	@scripts/toolchain build
	@scripts/ui
	@scripts/npm-ci tests/browser
	cargo build --release --locked
	python3 -B benches/ui/bench.py $(ARGS)

bench-analyst: ## Let the analyst look at runs whose cause is known; MAID_ANALYST_SEED makes others
	cargo test --locked --test it -- analyst::bars --nocapture --test-threads=1

docker: ## Build the container image
	docker build --tag $(IMAGE) .

deny: ## Check licences, advisories, bans and sources of all dependencies
	@command -v cargo-deny >/dev/null || { echo "cargo-deny is missing; install it with: cargo install --locked cargo-deny" >&2; exit 1; }
	cargo deny --locked check

clean: ## Remove everything that was built
	cargo clean
