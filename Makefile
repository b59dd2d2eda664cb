# Two commands matter: `make run` and `make test`. Both need Python 3.11+ and make, nothing else.
# Nothing is installed or compiled again until a lock file, pyproject.toml or the knowledge changes.

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?=
#: How many processes run the tests; 0 is this one alone.
WORKERS_OF_TESTS ?= 0

VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-installed
TEST_READY := $(VENV)/.test-installed
KB := build/kb.sqlite

# Directories of the seed data count too: a file that goes away changes only its directory.
KB_SOURCES := $(shell find seed_data -not -name '.*' 2>/dev/null) \
    $(shell find service/knowledge service/engine service/errors.py -name '*.py' 2>/dev/null)

PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
INSTALL_LOCKED := $(PIP) install --require-hashes --only-binary :all:
INSTALL_PROJECT := $(PIP) install --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test fuzz lint format kb openapi clients docs bench mutants lock clean

help: ## show this list
	@echo "therapy-match: tumour type and biomarkers in, reasoned therapies out"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/\1|\2/p' Makefile | \
	    while IFS='|' read -r name text; do printf '  make %-9s %s\n' "$$name" "$$text"; done

# A word that is no target.
.DEFAULT:
	@echo "There is no target or file '$@'." >&2
	@$(MAKE) --no-print-directory help >&2
	@exit 2

run: export HOST := $(HOST)
run: export PORT := $(PORT)
run: $(KB) ## install, compile the knowledge base, serve (HOST, PORT, WORKERS)
	@echo "==> Serving on http://$(HOST):$(PORT) (stop with Ctrl-C)"
	@exec $(BIN)/gunicorn --config gunicorn.conf.py

test: export TEST_RUN_KNOWLEDGE_BASE := $(CURDIR)/$(KB)
test: lint $(KB) ## install, lint, run the whole test suite
	@echo "==> Running the test suite"
	@$(BIN)/python -m pytest --numprocesses=$(WORKERS_OF_TESTS)

fuzz: export HYPOTHESIS_PROFILE := search
fuzz: $(TEST_READY) ## the properties of texts, with a thousand examples each
	@echo "==> Searching for texts that break a law"
	@$(BIN)/python -m pytest tests/property/test_*_laws.py tests/property/test_notation.py

lint: $(TEST_READY) ## ruff, mypy and the import contracts
	@echo "==> Linting: ruff check"
	@$(BIN)/ruff check
	@echo "==> Linting: ruff format --check"
	@$(BIN)/ruff format --check
	@echo "==> Checking types: mypy"
	@$(BIN)/mypy
	@echo "==> Checking the import contracts: lint-imports"
	@$(BIN)/lint-imports --no-logo --cache-dir build/import-linter

format: $(TEST_READY) ## write the code in the one format
	@echo "==> Formatting: ruff format, import order"
	@$(BIN)/ruff check --select I --fix
	@$(BIN)/ruff format

kb: $(KB) ## compile seed_data/ to build/kb.sqlite
	@echo "==> $(KB) is up to date"

openapi: $(RUN_READY) ## write openapi.yaml from the schemas
	@echo "==> Writing openapi.yaml"
	@mkdir -p build
	@$(BIN)/therapy-match openapi > build/openapi.yaml
	@mv build/openapi.yaml openapi.yaml

clients: $(TEST_READY) ## write Python and TypeScript clients to build/clients
	@echo "==> Generating clients from openapi.yaml"
	@$(BIN)/python -m tests.clients.generate

docs: $(TEST_READY) ## build the documentation site to build/site
	@echo "==> Building the documentation site"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "==> Open build/site/index.html"

bench: $(TEST_READY) $(KB) ## measure the engine and the server, as ratios
	@echo "==> Measuring"
	@$(BIN)/python -m bench.run

# Pins are kept where they still fit; UPGRADE=1 takes the newest releases.
LOCK_TOOL := build/lock/bin/uv
LOCK = $(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['build-system']['requires'])" | \
    $(LOCK_TOOL) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    $(if $(UPGRADE),--upgrade) pyproject.toml -

mutants: $(TEST_READY) $(KB) ## change the engine at a seeded sample of places; does a test notice?
	@[ -x build/mutants/bin/python ] || { python3 -m venv build/mutants && \
	    build/mutants/bin/pip --disable-pip-version-check -qq install cosmic-ray==8.7.0; }
	@TEST_RUN_KNOWLEDGE_BASE=$(CURDIR)/$(KB) build/mutants/bin/python -m bench.mutants $(MUTANTS)

lock: $(VENV)/pyvenv.cfg $(LOCK_TOOL) ## write requirements/*.lock from pyproject.toml
	@echo "==> Locking requirements/run.lock"
	@$(LOCK) --output-file requirements/run.lock
	@echo "==> Locking requirements/test.lock"
	@$(LOCK) --extra test --constraints requirements/run.lock --output-file requirements/test.lock

clean: ## remove everything that was made here: .venv, build, caches
	@echo "==> Removing .venv, build and caches"
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find service tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- what the commands need ---------------------------------------------------------------------

# An environment whose interpreter is gone (or was never there) is made anew.
ifneq ($(shell $(BIN)/python -ISc 'print("works")' 2>/dev/null),works)
.PHONY: $(VENV)/pyvenv.cfg
endif

$(VENV)/pyvenv.cfg:
	@found=; bare=; \
	for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	    "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then found=$$candidate; break; fi; \
	    bare=$$candidate; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	    echo "Python has no venv module here: $$bare. On Debian: apt-get install python3-venv" >&2; exit 1; \
	elif [ -z "$$found" ]; then \
	    echo "Python 3.11 or newer is needed and was not found. Name one with: make PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	echo "==> Creating $(VENV) with $$("$$found" --version) ($$found)"; \
	rm -rf $(VENV) && "$$found" -m venv $(VENV)

$(RUN_READY): $(VENV)/pyvenv.cfg requirements/run.lock pyproject.toml
	@echo "==> Installing requirements/run.lock, hashes checked (half a minute, once)"
	@$(INSTALL_LOCKED) -r requirements/run.lock
	@echo "==> Installing therapy-match itself"
	@$(INSTALL_PROJECT)
	@touch $@

# The test lock contains the run lock, so it makes both ready.
$(TEST_READY): $(VENV)/pyvenv.cfg requirements/test.lock pyproject.toml
	@echo "==> Installing requirements/test.lock, hashes checked (a minute, once)"
	@$(INSTALL_LOCKED) -r requirements/test.lock
	@echo "==> Installing therapy-match itself"
	@$(INSTALL_PROJECT)
	@touch $(RUN_READY) $@

$(KB): $(KB_SOURCES) requirements/run.lock | $(RUN_READY)
	@echo "==> Compiling the knowledge base: seed_data -> $@"
	@mkdir -p build
	@$(BIN)/therapy-match kb build
	@touch $@

$(LOCK_TOOL): | $(VENV)/pyvenv.cfg
	@echo "==> Installing the locking tool (uv)"
	@$(BIN)/python -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check --no-input -qq install 'uv>=0.9,<1'
