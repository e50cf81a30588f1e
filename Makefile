.DEFAULT_GOAL := help
.PHONY: help install demo test test-long test-reference check format schema statements constraints ide prove prove-engine prove-replica prove-ide docs bench bench-growth bench-profile bench-gate bench-policy bench-listeners bench-order sizes faults

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
CEDARPY := 4.12.2
PY_SPY := 0.4.3
RURU := 2.0.2
RURU_SHA256 := a929f3c69cc0dda9268e15bc9040d32b426f5af3f32294c7abb61218d6764d5f
# what was compiled once is kept, whatever the surroundings say: the tests start the service many times
export PYTHONDONTWRITEBYTECODE :=
# a test that hangs fails, and shows where
STUCK := -o faulthandler_timeout=240 -o faulthandler_exit_on_timeout=true
PYTHONS ?= python3.13 python3.12 python3.11 python3

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

install: .venv/.installed ## put the pinned packages and the project into .venv

demo: .venv/.installed ## run the service with the demo district to try things on
	$(BIN)/baodao demo

test: .venv/.installed ## run the tests; more words for pytest in ARGS="-k tasks"
	$(BIN)/pytest -q -n 3 --dist worksteal $(STUCK) $(ARGS)

test-long: .venv/.installed ## run the long tests: whole services, a replica, backups, builds, the walk on PostgreSQL
	$(BIN)/pytest -q -n 2 --dist worksteal $(STUCK) -m long $(ARGS)

test-reference: .venv/.installed ## run the tests while graphql-core and Tortoise alone answer: the answers are the same
	BAODAO_ENGINE=reference $(MAKE) test
	BAODAO_ENGINE=reference $(MAKE) test-long

check: .venv/.installed ## run every check: format, lint, types, import arrows, all tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test
	$(MAKE) test-long

format: .venv/.installed ## lay out the code and mend what the linter can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

schema: .venv/.installed ## write schema/schema.graphql from the code
	$(BIN)/baodao schema > schema/schema.graphql.new
	mv schema/schema.graphql.new schema/schema.graphql

statements: .venv/.installed ## write tests/statements anew: what main operations send to either database; needs PostgreSQL
	BAODAO_STATEMENTS=rewrite $(BIN)/pytest -q tests/test_statements.py

docs: .venv/.installed ## write the parts of docs/ that follow from the code: rules, figures
	$(BIN)/python docs/write.py

bench: .venv/.installed bench/node/node_modules ## measure the service beside its peers; needs PostgreSQL, npm, wrk; more words in ARGS="--growth"
	$(BIN)/python -m bench run $(ARGS)

bench-growth: .venv/.installed ## measure what grows with what; ARGS="--country areas.csv.gz" names the country's areas
	$(BIN)/python -m bench growth $(ARGS)

bench-profile: .venv/.installed ## see where the service's time goes, by layer; needs PostgreSQL, wrk, takes three minutes
	$(PIP) install 'py-spy==$(PY_SPY)'
	$(BIN)/python -m bench profile $(ARGS)

bench-gate: .venv/.installed ## fail when the service is a quarter slower beside the limit; UPDATE=1 keeps new figures
	$(BIN)/python -m bench gate $(if $(UPDATE),--update)

bench/node/node_modules: bench/node/package-lock.json
	@command -v npm > /dev/null || { echo "Missing: npm (Debian, Ubuntu: apt install npm)." >&2; exit 1; }
	cd bench/node && npm ci --silent --no-audit --no-fund
	@touch $@

bench-policy: .venv/.installed ## measure the rules into docs/measured/policy.md; needs PostgreSQL, takes some minutes
	$(PIP) install 'cedarpy==$(CEDARPY)'
	mkdir -p docs/measured
	$(BIN)/python -m bench.policy > docs/measured/policy.md.new
	mv docs/measured/policy.md.new docs/measured/policy.md

bench-listeners: .venv/.installed ## measure 10,000 subscribers into docs/measured/stream.md; needs PostgreSQL, takes some minutes
	$(BIN)/python -m bench.listeners > docs/measured/stream.md.new
	mv docs/measured/stream.md.new docs/measured/stream.md

bench-order: .venv/.installed ## measure the log's order behind the lock and by the sequencer; needs PostgreSQL, takes a minute
	$(BIN)/python -m bench.order > docs/measured/order.md.new
	mv docs/measured/order.md.new docs/measured/order.md

sizes: .venv/.installed ## weigh rows, workers and subscriptions into docs/measured/sizes.md; needs PostgreSQL
	mkdir -p docs/measured
	$(BIN)/python -m bench.sizes > docs/measured/sizes.md.new
	mv docs/measured/sizes.md.new docs/measured/sizes.md

constraints: $(BIN)/python ## pin what pyproject.toml asks for; UV="--upgrade" moves every pin
	$(PIP) install 'uv>=0.13,<1'
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-header --quiet --output-file constraints.txt $(UV)

ide: baodao/static/ruru-$(RURU) ## fetch GraphiQL (npm package ruru) for browsers at /graphql; needs npm

baodao/static/ruru-$(RURU):
	@command -v npm > /dev/null || { echo "Missing: npm (Debian, Ubuntu: apt install npm)." \
	    "Without GraphiQL, /graphql shows browsers a small explorer." >&2; exit 1; }
	rm -rf build/ide
	mkdir -p build/ide
	cd build/ide && npm pack --silent ruru@$(RURU)
	cd build/ide && echo "$(RURU_SHA256)  ruru-$(RURU).tgz" | sha256sum --check
	tar -xzf build/ide/ruru-$(RURU).tgz -C build/ide --exclude='*.map'
	mv build/ide/package/LICENSE.md build/ide/package/static/
	rm -rf baodao/static
	mkdir baodao/static
	mv build/ide/package/static $@
	rm -r build/ide
	@du -sh $@

prove: .venv/.installed ## compare all readings of 10,000 random policies, plant every fault, race 1,500 revocations
	BAODAO_PROVE=$${BAODAO_PROVE:-10000} $(BIN)/pytest -q -n 2 -rfEsP tests/test_policies_property.py tests/test_policies_mutants.py
	BAODAO_RACES=$${BAODAO_RACES:-1500} $(BIN)/pytest -q -n 2 -rfEsP tests/test_revocation.py -k race

prove-engine: .venv/.installed ## compare compiled queries with graphql-core's answers to 20,000 random documents: ten minutes
	BAODAO_PROVE_ENGINE=$${BAODAO_PROVE_ENGINE:-20000} $(BIN)/pytest -q -rfEsP --show-capture=stdout tests/test_engine.py

faults: .venv/.installed ## kill, fill up, turn back clocks under load, and plant each bug the proofs must notice: a quarter of an hour
	$(BIN)/pytest -q -rfEs -s tests/faults/prove_faults.py

prove-replica: .venv/.installed ## write 800 times beside a real streaming replica, and read each at once: half a minute
	BAODAO_PROVE_REPLICA=$${BAODAO_PROVE_REPLICA:-400} $(BIN)/pytest -q -rfEs -m long tests/test_replica.py

prove-ide: .venv/.installed ide ## see the pages at /graphql work in a real browser; needs Chromium
	$(PIP) install 'playwright>=1.65,<2'
	$(BIN)/pytest -q tests/prove_ide.py

.venv/.installed: constraints.txt pyproject.toml | $(BIN)/python
	@echo "Installing the pinned packages into .venv: about a minute"
	$(PIP) install --require-hashes --requirement constraints.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# A listed name may be a stand-in that cannot run, or a Python without venv: the first that works is taken.
$(BIN)/python:
	@want="Python 3.11 or newer (tried: $(PYTHONS))"; \
	for python in $(PYTHONS); do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    $$python -c 'import ensurepip, venv' 2>/dev/null && exec $$python -m venv --clear .venv; \
	    want="the venv module of $$python (Debian, Ubuntu: apt install $$python-venv)"; \
	done; \
	echo "Missing: $$want. Another Python can be named: make install PYTHONS=python3.14" >&2; exit 1
