# Everything a fresh machine needs: Python 3.11 or later (with venv), and make.
PYTHON ?= python3
SHEET ?= discussion04
SEED ?= 1

BIN := .venv/bin
INSTALLED := .venv/.installed
VARIANTS ?= 1000
FOLDER := output/$(SHEET)/$(SEED)

.PHONY: help install worksheet test test-all check audit bench lint clean

help: ## Say what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Prepare .venv, with the worksheet command in .venv/bin

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is not Python 3.11 or later: say make PYTHON=/path/to/it" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "$(PYTHON) lacks venv: on Debian or Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

worksheet: install ## Make Discussion 04 and its key (SEED=2 for other numbers)
	@$(BIN)/worksheet generate $(SHEET) --seed $(SEED) --out $(FOLDER)
	@echo
	@echo "The worksheet:  $(FOLDER)/worksheet.pdf"
	@echo "Its key:        $(FOLDER)/key.pdf"

test: install ## Run the quick tests, on all cores
	$(BIN)/python -m pytest -n auto

test-all: install ## Run every test that this machine has the programs for
	$(BIN)/python -m pytest -n auto -m ""

check: install ## Audit a hundred variants of every problem of the sheet
	$(BIN)/worksheet check $(SHEET) --variants 100

audit: install ## Audit every problem at every level, by night (VARIANTS=100 for a tenth of it)
	$(BIN)/worksheet check --variants $(VARIANTS)

bench: install ## Measure speed, as ratios within one run
	$(BIN)/python -m benchmarks

lint: install ## Check style, types and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

clean: ## Remove what was made, save for the sheets in output/
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
