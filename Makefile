# Two commands matter: `make run` and `make test`. Everything else is detail.
#
#   make run                          the demonstration, on http://127.0.0.1:8501
#   make run DATA=path/to/folder      your own folder (see docs/adding.md)
#   make run PORT=8600                another port
#   make run WORKERS=4                four processes behind it, for more readers at once
#   make run PROFILE=steward          exact numbers for the data's own keepers, this machine only
#   make desk                         the keeper's desk: from a sheet of yours to a release, this machine only
#   make desk PORT=8700               the same on another port
#   make test                         format, lint, types, every test
#   make quick                        format, lint, types, quick tests, each page once: within a minute
#   make test-pages                   one folder of tests: test-quick, -etl, -release, -pages, -security, -browser

PYTHON  ?= python3
DATA    ?= data
PORT    ?= 8501
PROFILE ?= public
WORKERS ?= 1
VENV    := .venv
BIN     := $(VENV)/bin
STAMP   := $(VENV)/.installed
FAILED  := $(VENV)/.failed
# Small systems of equations, solved by as many processes as there are: see ui/app/serve.py.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
FOLDERS := quick etl release pages security browser
.PHONY: help run desk build test coverage quick quick-tests check bench coverages clean lock catalog-list $(FOLDERS:%=test-%)

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | sed -n '1,12p'

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed. Next: make run PYTHON=python3.12 (or where yours is)"; exit 1; }
	@echo "Creating the environment in $(VENV): once, three to five minutes in all …"
	@$(PYTHON) -m venv $(VENV)
	@rm -f $(FAILED); { PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --progress-bar off \
	    --disable-pip-version-check --require-hashes -r requirements.lock || touch $(FAILED); } | \
	  { n=0; while read -r what rest; do case "$$what" in \
	    Collecting) n=$$((n + 1)); [ $$((n % 25)) -ne 0 ] || echo "  $$n packages fetched …";; \
	    Installing) echo "  All are fetched. They are being installed: a minute or two …";; \
	  esac; done; }; test ! -e $(FAILED)
	@touch $(STAMP)
	@echo "The environment is ready."

build: $(STAMP)
	@test -e "$(DATA)/release/public/manifest.json" || \
	  echo "Making the first release of $(DATA): once; the made-up region takes two to five minutes …"
	@$(BIN)/python -m etl build --if-missing --home "$(DATA)"

run: build
ifeq ($(PROFILE),public)
	@LTT_RELEASE="$(DATA)/release/public" PORT="$(PORT)" LTT_WORKERS="$(WORKERS)" $(BIN)/python -m ui.app.serve
else
	@$(BIN)/python -m etl release --profile "$(PROFILE)" --home "$(DATA)"
	@LTT_RELEASE="$(if $(filter steward,$(PROFILE)),$(DATA)/restricted/steward,$(DATA)/release/$(PROFILE))" \
	 PORT="$(PORT)" LTT_WORKERS="$(WORKERS)" $(BIN)/python -m ui.app.serve
endif

desk: $(STAMP)
	@$(BIN)/python -m etl desk --home "$(DATA)" $(if $(filter command environment,$(origin PORT)),--port "$(PORT)")

check: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

# One worker more than processors: tests of the browser and of locks wait for a good part of their time.
CORES   ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
TEST_WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

test: check
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

# Which lines no test reaches. Apart from `make test`: measuring lines doubles what a test of a page costs.
coverage: $(STAMP)
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term

# What a change is checked with while it is made. Drawn examples are a tenth as many; nothing waits for the
# demonstration or for a process. Types are checked beside the tests: they need one core for a part of the time.
QUICK := tests/quick tests/test_*.py tests/pages/test_each_page_once.py

quick: $(STAMP)
	@$(MAKE) --no-print-directory -j 2 -O check quick-tests

quick-tests: $(STAMP)
	@$(BIN)/python -m pytest $(QUICK) -m "not demo and not command" -n $(CORES) --dist worksteal \
	  --hypothesis-profile=quick

$(FOLDERS:%=test-%): test-%: $(STAMP)
	@$(BIN)/python -m pytest tests/$* -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder

# Of one name: make bench ONLY=chain
ONLY ?= *
bench: $(STAMP)
	@for script in tests/benchmarks/bench_$(ONLY).py; do echo "== $$script"; \
	  $(BIN)/python -m "tests.benchmarks.$$(basename "$$script" .py)" || exit 1; done

# The table of docs/statistics.md, drawn anew; about five minutes. Fails where an interval does not hold.
coverages: $(STAMP)
	@$(BIN)/python -m tests.benchmarks.bench_coverage 200 --write

lock:
	@uv pip compile -q pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras \
	  --python-version 3.11 --universal -o requirements.lock
	@uv pip compile -q pyproject.toml --extra spark -c requirements.lock --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --no-strip-extras --python-version 3.11 --universal -o requirements-spark.lock

# The names and hashes of the catalog's files: to be written anew when one is added, changed or removed.
catalog-list:
	@cd data/catalog && find . -name '*.toml' | LC_ALL=C sort | xargs sha256sum > files.sha256

clean:
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
