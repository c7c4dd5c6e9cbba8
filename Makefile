# Everything a fresh machine needs: Python 3.11 or later, and make.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: help install worksheet test check bench lint clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

install: $(INSTALLED) ## Prepare .venv, with the worksheet command in .venv/bin

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; say make PYTHON=/path/to/it"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

worksheet: install ## Make Discussion 04 with its key, as TeX, Markdown and PDF
	$(BIN)/worksheet generate discussion04

test: install ## Run the tests
	$(BIN)/python -m pytest

check: install ## Audit a hundred variants of every problem
	$(BIN)/worksheet check

bench: install ## Measure speed, as ratios within one run
	$(BIN)/python -m benchmarks

lint: install ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean: ## Remove what was made
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
