# Two commands do all the set-up: `make serve` and `make test`.
# Needs Python 3.11 or later and git. As root on Debian or Ubuntu, missing system packages are
# installed; everybody else gets a browser from Playwright.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BROWSER := $(VENV)/.browser
WAREHOUSE := $(VENV)/.warehouse
POSTGRES := $(VENV)/.postgres

.DEFAULT_GOAL := help
.PHONY: help serve build check test test-fast test-warehouse lint format bench lock sample clean

help: ## Say what can be done
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | column -t -s "$$(printf '\t')"

serve: $(READY) ## Build the demo help center and serve it, with live reload and votes
	$(BIN)/kbgen serve

build: $(READY) ## Build the demo help center into site/
	$(BIN)/kbgen build

check: $(READY) ## Report every problem of every article
	$(BIN)/kbgen check

test: $(READY) $(BROWSER) $(POSTGRES) lint ## Run every check and test
	$(BIN)/python -m pytest

test-fast: $(READY) ## Run the tests that need no browser
	$(BIN)/python -m pytest -m "not browser"

test-warehouse: $(WAREHOUSE) ## Run the sums on PostgreSQL and Spark too (400 MB; needs Java)
	$(BIN)/python -m pytest -n 0 -p no:cacheprovider tests/warehouse

lint: $(READY) ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## Measure against other tools (several minutes)
	$(BIN)/python -m benchmarks

sample: $(READY) ## Make the demo's simulated events and what they teach anew
	$(BIN)/kbgen simulate --seed 40 --days 60 --until 2026-11-21 --visits 40 --vote-rate 0.15 \
	  --max-size 1.1 -o content/.kbgen/sample-events.jsonl
	$(BIN)/kbgen insights --events content/.kbgen/sample-events.jsonl --save

lock: $(READY) ## Resolve the dependencies anew into requirements.lock
	$(BIN)/uv pip compile --upgrade --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --extra dev -o requirements.lock pyproject.toml

clean: ## Remove everything that was made
	rm -rf $(VENV) site report .kbgen dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

# As root on Debian or Ubuntu: install a system package. Otherwise say what is missing.
define install
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1); \
else \
  echo "kbgen: $(2)"; $(3); \
fi
endef

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kbgen: needs Python 3.11 or later (name one: make PYTHON=python3.12 $(MAKECMDGOALS))"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { $(call install,python3-venv,Python lacks venv: install python3-venv,exit 1); }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Ibis, sqlglot and Spark, at versions that fit those of the lock file.
$(WAREHOUSE): $(READY)
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements.lock -e '.[warehouse]'
	@touch $@

# Ubuntu's chromium is a snap, which may not start; then Playwright's own browser is taken.
$(BROWSER): $(READY)
	@chromium --version >/dev/null 2>&1 || \
	  { $(call install,chromium,taking the browser from Playwright,true); }
	@chromium --version >/dev/null 2>&1 || $(BIN)/playwright install chromium
	@fc-list :lang=ko 2>/dev/null | grep -q . || \
	  { $(call install,fonts-nanum fontconfig,no Korean font found: pictures will show boxes (install fonts-nanum),true); }
	@touch $@

# Only the programs: the tests start a server of their own, and none is to run on this machine.
HAVE_POSTGRES := PATH="$$PATH:$$(printf '%s:' /usr/lib/postgresql/*/bin)" command -v initdb >/dev/null
CLUSTERS := /etc/postgresql-common/createcluster.conf

$(POSTGRES): $(READY)
	@$(HAVE_POSTGRES) || { $(call install,postgresql-common,PostgreSQL is not installed,true); } || true
	@$(HAVE_POSTGRES) || ! test -w $(CLUSTERS) || \
	  { pg_conftool $(CLUSTERS) set create_main_cluster off && $(call install,postgresql,,true); } || true
	@$(HAVE_POSTGRES) || echo "kbgen: tests of PostgreSQL will be skipped (install postgresql)"
	@touch $@
