# Every target that CI and people use. `make run` and `make test` set the machine up by themselves.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
SOURCES := course extension/nbjudge grader_service worker
PROJECTS := pyproject.toml constraints.txt scripts/set-up.sh $(wildcard */pyproject.toml)
FRONTEND := $(wildcard extension/src/*.ts* extension/src/*/*.ts* extension/style/* extension/schema/*) \
            $(wildcard extension/package.json extension/yarn.lock)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | \
	  while IFS="$$(printf '\t')" read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

# ---- Setting up
$(VENV)/.ready-run: $(PROJECTS) $(FRONTEND)
	@VENV=$(VENV) scripts/set-up.sh run

$(VENV)/.ready-develop: $(PROJECTS) $(FRONTEND)
	@VENV=$(VENV) scripts/set-up.sh develop

.PHONY: run setup
run: $(VENV)/.ready-run ## Start nbjudge with JupyterLab and the sample course (ARGS="--port 9000")
	@$(BIN)/nbjudge run $(ARGS)

setup: $(VENV)/.ready-develop ## Install everything that development needs, without starting anything

# ---- Checking
.PHONY: test unit lint types format
test: $(VENV)/.ready-develop ## Run every check and every suite, as CI does
	@lint=0; $(MAKE) --no-print-directory lint || lint=$$?; \
	[ $$lint = 0 ] || echo "make lint failed; the suites run all the same" >&2; \
	$(PYTEST) || exit $$?; exit $$lint

unit: $(VENV)/.ready-develop ## Run the quick suites only (seconds)
	$(PYTEST) tests/unit tests/architecture

lint: $(VENV)/.ready-develop ## Check style, types and import rules
	@failed=; for tool in "ruff check ." "ruff format --check ." mypy lint-imports; do \
	  echo "$(BIN)/$$tool"; $(BIN)/$$tool || failed="$$failed [$$tool]"; done; \
	[ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

format: $(VENV)/.ready-develop ## Put the code into the house format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# ---- Making
.PHONY: lock wheels bench clean
lock: ## Renew constraints.txt: versions and hashes of all third-party packages
	scripts/lock.sh

wheels: $(VENV)/.ready-develop ## Build the four wheels into dist/
	scripts/wheels.sh dist

bench: $(VENV)/.ready-develop ## Measure the path from POST to verdict
	$(BIN)/python benchmarks/path.py

clean: ## Remove all that was made here, but not your work in .nbjudge
	rm -rf $(VENV) $(VENV)-uv dist build extension/lib extension/node_modules \
	  extension/nbjudge/labextension .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
