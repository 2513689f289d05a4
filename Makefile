# Everything starts here: each target sets the environment up by itself (tools/venv) and then does one thing.
.DEFAULT_GOAL := help
.PHONY: help venv demo serve test torture lint types imports bench requirements image clean
BIN := .venv/bin
# Where a test names no number of workers: two, the size of the smallest machine we build on.
WORKERS ?= 2

help:
	@echo "make demo          the whole life of claims, with a simulated payer"
	@echo "make test          lint, types, import direction and every test"
	@echo "make torture       300 times kill -9 in the middle of the loop, on SQLite and PostgreSQL (TORTURE_FLAGS=--kills=20: fewer)"
	@echo "make serve         API and worker on http://127.0.0.1:8000"
	@echo "make bench         our speed beside that of other libraries, on this machine (BENCH_FLAGS=--large: 100 MB too)"
	@echo "make lint types imports   the checks of make test, one by one"
	@echo "make requirements  pins the dependencies of pyproject.toml anew"

venv:
	@tools/venv

demo: venv
	$(BIN)/claimloop demo

serve: venv
	$(BIN)/claimloop serve

test: lint types imports
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

torture: venv
	$(BIN)/python -m tests.e2e.torture $(TORTURE_FLAGS)

lint: venv
	$(BIN)/ruff check .

types: venv
	$(BIN)/mypy

imports: venv
	$(BIN)/lint-imports

bench: venv
	@tools/bench-peers || echo "the libraries we measure ourselves against could not be installed; those absent are skipped"
	@for script in $(wildcard tests/bench/bench_*.py); do \
		echo "== $$script"; $(BIN)/python "$$script" $(BENCH_FLAGS) || exit 1; done

# No address of an index is written into these files: each machine takes the packages from where it is told to.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make requirements" $(COMPILE_FLAGS)
requirements: venv
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt
	echo uv | $(COMPILE) - -c requirements-dev.txt -o requirements-uv.txt

image:
	docker build -t claimloop .

clean:
	rm -rf .venv .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
