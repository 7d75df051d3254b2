# Everything a person types. `make run` and `make test` work on a bare machine with Python 3.11 and make.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: setup run test lint format lock words hooks bench-replay bench-relevance bench-pages bench-foreign proof-kill proof-week clean

setup: $(STAMP)

# Rebuilt only when the locked list or the project's own declaration changed.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found; install Python 3.11 or call make PYTHON=/path/to/python"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# The main job on a small press of our own: no internet needed. Files in var/demo/.
run: setup
	$(BIN)/diembao demo

test: setup
	$(BIN)/pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# After a change of the dependencies in pyproject.toml.
lock: setup
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --strip-extras --allow-unsafe --no-header --extra dev pyproject.toml -o requirements.lock

# After a change of cli/locale/vi/LC_MESSAGES/messages.po.
words: setup
	$(BIN)/pybabel compile -d cli/locale -D messages -l vi

hooks: setup
	$(BIN)/pre-commit install

# The replay of a year of feeds beside feedparser alone, in one run (needs ../shared).
bench-replay: setup
	$(BIN)/python -m benchmarks.replay ../shared/data/press-year.warc.gz

# The shipped model on labelled items of a press year, at the rate at which relevant ones occur (needs ../shared).
bench-relevance: setup
	$(BIN)/python -m benchmarks.relevance ../shared/data/press-year.warc.gz

# Bare Scrapy, Scrapy with trafilatura, and the project's crawl, in one run on loopback.
bench-pages: setup
	$(BIN)/python -m benchmarks.pages --pages 2000 --kb 68

# A news archive in which one page in twenty is ours, read with and without the filter.
bench-foreign: setup
	$(BIN)/python -m benchmarks.foreign --pages 8000 --kb 68

# A replay killed at 40 random moments and run again (needs ../shared); the tests do it at four.
proof-kill: setup
	$(BIN)/python -m benchmarks.kill ../shared/data/press-year.warc.gz --kills 40 --seed 2026

# A simulated week of 85 outlets with faults and kills: nothing lost, every minute right (about an hour).
proof-week: setup
	$(BIN)/python -m benchmarks.week --outlets 85 --articles 300 --days 7 --kills 15 --seed 2026

clean:
	rm -rf $(VENV) var build *.egg-info
