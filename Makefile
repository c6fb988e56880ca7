# make run on a bare machine with Python 3.11 and make; `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run test thorough browser check format messages lock ci clean axe screenshots style

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
TEST   ?= -m "not browser and not thorough"
WORDS  := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

# Values that only `check --deploy` reads: a production start-up that names no real host and connects to nothing.
PRODUCTION = MODE=production ALLOWED_HOSTS=accord.test SITE_URL=https://accord.test DEFAULT_FROM_EMAIL=accord@accord.test \
	DATABASE_URL=postgres://accord@127.0.0.1:1/accord REDIS_URL=redis://127.0.0.1:1 EMAIL_URL=smtp://127.0.0.1:1 \
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))")

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 16

run: $(VENV)/run.stamp $(WORDS) ## Accord on this machine, with the demo agency: make run [PORT=8000] [HOST=127.0.0.1]
	@exec env $(if $(HOST),HOST='$(HOST)') $(if $(PORT),PORT='$(PORT)') $(BIN)/python manage.py serve

test: $(VENV)/test.stamp $(WORDS) ## the suite in one quick run, or some of it: make test TEST=tests/test_moves.py; DATABASE_URL and REDIS_URL choose PostgreSQL and Redis
	@$(BIN)/python -m pytest -n 2 -q -rs $(TEST)

thorough: ## all tests but those in a browser, with everybody asked, as CI runs them on PostgreSQL
	@$(MAKE) --no-print-directory test TEST='-m "not browser"'

browser: $(VENV)/test.stamp $(WORDS) ## the tests in Chromium: the main job, every page looked at
	@$(BIN)/python -m pytest -n 0 -q -rs -m browser

check: $(VENV)/test.stamp ## linter, formats, floors, missing migrations, check --deploy, compose file
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	find templates -name '*.html' | xargs $(BIN)/djade --target-version 5.2 --check
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_floors.py
	DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	@echo manage.py check --deploy --fail-level WARNING
	@$(PRODUCTION) $(BIN)/python -W error manage.py check --deploy --fail-level WARNING
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

format: $(VENV)/test.stamp ## put Python and templates into the house's format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	find templates -name '*.html' | xargs $(BIN)/djade --target-version 5.2

messages: $(VENV)/run.stamp ## bring the catalogues in locale/ up to date with the source and name what has to be translated
	@$(BIN)/python manage.py messages

axe: $(VENV)/test.stamp ## axe over every page, in both themes and at both widths, in Chromium
	EVERY_COMBINATION=1 $(BIN)/python -m pytest -n 0 -q tests/browser/test_pages.py

screenshots: $(VENV)/test.stamp ## the main pages of the demo agency as pictures in screenshots/, in both themes and at both widths
	@$(BIN)/python -m pytest -n 0 -q -s tests/browser/screenshots.py

style: $(VENV)/test.stamp ## the pictures of the page of parts, drawn anew after a change that was meant
	NEW_PICTURES=1 $(BIN)/python -m pytest -n 0 -q tests/browser/test_style.py

ci: ## what CI runs: everything above on SQLite, PostgreSQL and Redis, and in Chromium
	bash .ci/run

lock: $(VENV)/test.stamp ## resolve pyproject.toml anew into the two hashed lock files
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml $(LOCKED) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra test -c requirements.lock $(LOCKED) -o requirements-test.lock

LOCKED := --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links -q

clean: ## remove the virtual environment and caches; the data in var/ stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis staticfiles

# Catalogues are compiled when their text is newer. Without them Accord speaks English.
%.mo: %.po | $(VENV)/run.stamp
	@$(BIN)/python -P agency/catalogues.py

# A stamp is newer than its lock file when everything in it is installed; the test lock holds the runtime's pins too.
$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	@echo "Installing what Accord needs (about half a minute, once) …"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/test.stamp: requirements-test.lock | $(BIN)/python
	@echo "Installing what the tests need (about half a minute, once) …"
	@$(PIP) -r requirements-test.lock
	@touch $(VENV)/run.stamp $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Accord needs Python 3.11 or later, and '$(PYTHON)' is not: name one with make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
