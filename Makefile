# Meantime. `make demo` and `make test` do all the set-up themselves.

PYTHON ?= python3
PORT ?= 8501
N ?= 200000
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := app.py cli.py dashboard insights pages pipelines policies queries reports \
	sample_data terminal
export PORT

.PHONY: demo test check bench screens torture test-duckdb-2 docs lock clean

demo: $(READY)
	@$(BIN)/meantime demo --port $(PORT)

test: $(READY)
	$(BIN)/pytest -n 2 -m "not torture and not browser"
	$(BIN)/pytest -m browser

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ty check --error-on-warning $(PACKAGES)
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check

docs: $(READY)
	$(BIN)/python -m docs.generate

bench: $(READY)
	$(BIN)/python -m bench $(N)

screens: $(READY)
	$(BIN)/python -m sample_data.demo demo-warehouse
	$(BIN)/python -m dashboard.screens docs/screens demo-warehouse

torture: $(READY)
	$(BIN)/pytest -m torture

# What reaches furthest into DuckDB, on the next one, in an environment of its own; with
# DUCKDB_2_TESTS=tests the whole suite.
DUCKDB_2_TESTS ?= $(addprefix tests/test_,$(addsuffix .py,candidates golden loading measure model phases repeats service_levels sla_rules waves working_time))
test-duckdb-2: $(VENV)-duckdb-2/.ready
	$(VENV)-duckdb-2/bin/pytest -n 2 -m "not torture and not browser and not slow" $(DUCKDB_2_TESTS)

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Meantime needs Python 3.11 or newer: set PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(VENV)-duckdb-2/.ready: $(READY)
	@$(PYTHON) -m venv --without-pip $(VENV)-duckdb-2
	@sed 's/^duckdb==.*/duckdb==2.0.0/' requirements.txt > $(VENV)-duckdb-2/requirements.txt
	@$(BIN)/uv pip install --quiet --python $(VENV)-duckdb-2/bin/python \
		-r $(VENV)-duckdb-2/requirements.txt
	@$(BIN)/uv pip install --quiet --python $(VENV)-duckdb-2/bin/python --no-deps --editable .
	@touch $@

# After a change of a pin in pyproject.toml.
lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev \
		--no-emit-index-url --no-header --no-annotate pyproject.toml --output-file requirements.txt

clean:
	rm -rf $(VENV) $(VENV)-duckdb-2 demo-warehouse *.egg-info
