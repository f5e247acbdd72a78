# The few commands of the house; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export LMS_VAR ?= var
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
PYTHON ?= python3
LMS := $(VENV)/bin/lms
HOUSE := $(addprefix tests/house/test_,contracts.py documents.py migrations.py privacy.py routes.py sizes.py threads.py)

.PHONY: help run setup test check unit journeys bench evidence frontend screenshots clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/product: requirements/product.txt setup.cfg
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cadre needs Python 3.11 or newer; this is $$($(PYTHON) --version)."; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned dependencies (once) …"
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/product.txt
	@$(VENV)/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(VENV)/bin/python -m compileall -q lms courses assessments
	@touch $@

$(VENV)/checks: $(VENV)/product requirements/checks.txt
	@echo "Installing the pinned test tools (once) …"
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/checks.txt
	@touch $@

run: $(VENV)/product ## serve the demonstration government on http://127.0.0.1:8000
	@LMS_BASE_URL="$${LMS_BASE_URL:-http://$(HOST):$(PORT)}" $(LMS) serve --migrate --demo --host $(HOST) --port $(PORT)

setup: $(VENV)/checks ## make .venv with the product, its command and all test tools

check: $(VENV)/checks ## lint, types, contracts and unit tests, under a minute
	@$(VENV)/bin/ruff check -q .
	@$(VENV)/bin/ruff format -q --check . || { echo "Run: .venv/bin/ruff format ."; exit 1; }
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache | tail -n 3
	@TEST_DATABASES=sqlite $(VENV)/bin/pytest tests/rules tests/web $(HOUSE) -n 2

test: $(VENV)/checks ## everything a change must pass, on both databases and in a real browser
	@tests/needs
	@$(VENV)/bin/pytest tests -n 2 --dist loadgroup

bench: $(VENV)/checks ## the performance figures, as ratios taken in one run
	@$(VENV)/bin/python -m bench

evidence: $(VENV)/checks ## the long rounds: more examples, kills, races
	@HYPOTHESIS_PROFILE=evidence CADRE_EVIDENCE=1 $(VENV)/bin/pytest tests -n 2 --dist loadgroup

frontend: ## rebuild the assets and fail where the committed ones differ
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run build --silent
	@git diff --exit-code --stat -- lms/web/static/dist

screenshots: $(VENV)/checks ## each page at 1280 and 360 pixels into var/screenshots
	@$(VENV)/bin/pytest tests/journeys

clean: ## remove what the tools made, never var/
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
