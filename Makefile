# Everything starts from a fresh clone with Python 3.11 or newer (with venv) and make.
# HOST, PORT, DATA_DIR, SERVER, WORKERS, DATABASE_URL, REDIS_URL, ADMIN_PASSWORD and the other
# settings of README.md are read from the environment or the command line: make run PORT=9000

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
READY := .venv/.requirements
READY_DEV := .venv/.requirements-dev
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
UV_VERSION := 0.13.8
PYTEST_OPTIONS ?= -n auto --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help run demo test check format messages lock clean

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: $(READY) ## Migrate, make what a first start needs, and serve the back office
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) first_start
	@exec $(MANAGE) serve --with-celery

demo: export DEMO := true
demo: export DATA_DIR := $(or $(DATA_DIR),var/demo)
demo: $(READY) ## The same in var/demo, with sample data and a simulated fleet
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) first_start
	@exec $(MANAGE) demo --with-celery

test: $(READY_DEV) ## Run the whole suite; DATABASE_URL and REDIS_URL choose what it runs on
	@$(BIN)/python -m pytest $(PYTEST_OPTIONS)

check: export DATA_DIR := $(CURDIR)/var/check
check: $(READY_DEV) ## Check format, lint, types, imports, templates, migrations, deployment
	@echo "ruff format" && $(BIN)/ruff format --check --quiet .
	@echo "ruff check" && $(BIN)/ruff check --quiet .
	@echo "djade" && git ls-files -z '*.html' | xargs -0r $(BIN)/djade --check
	@echo "lint-imports" && $(BIN)/lint-imports
	@echo "mypy" && $(BIN)/mypy .
	@echo "makemigrations --check" && $(MANAGE) makemigrations --check --dry-run --verbosity 1
	@echo "check --deploy" && PUBLIC_URL=https://chargehand.example $(MANAGE) check --deploy --fail-level WARNING
	@echo "messages" && for po in $$(git ls-files '*.po'); do \
		command -v msgfmt >/dev/null || { echo "Not checked: msgfmt (gettext) is missing."; break; }; \
		msgfmt --check-format --output-file=- "$$po" | cmp --silent - "$${po%.po}.mo" || \
			{ echo "$$po and its .mo differ. Run make messages."; exit 1; }; \
	done

format: $(READY_DEV) ## Format code and templates
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	@git ls-files -z '*.html' | xargs -0r $(BIN)/djade

messages: $(READY) ## Gather and compile translations (needs GNU gettext)
	@$(MANAGE) makemessages --locale nl --no-obsolete --add-location file --ignore .venv --ignore var
	@$(MANAGE) compilemessages --ignore .venv --ignore var

lock: $(READY_DEV) ## Renew the locked requirements from the .in files
	@$(PIP) install uv==$(UV_VERSION)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header \
		$(LOCK_OPTIONS) requirements.in --output-file requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header \
		$(LOCK_OPTIONS) requirements-dev.in --output-file requirements-dev.txt

clean: ## Remove the virtual environment and caches; data in var/ stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov
	@find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Chargehand needs Python 3.11 or newer. Name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Python's venv module is missing. On Debian: apt install python3-venv" >&2; exit 1; }

$(READY): requirements.txt | $(BIN)/python
	@echo "Installing the locked requirements into .venv"
	@$(PIP) install --requirement requirements.txt
	@touch $@

$(READY_DEV): requirements-dev.txt $(READY)
	@echo "Installing the tools for tests and checks into .venv"
	@$(PIP) install --requirement requirements-dev.txt
	@touch $@
