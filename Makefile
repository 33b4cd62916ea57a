# Two commands do everything: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FOOTAGE ?=

.PHONY: demo test lint messages benchmark clean

demo: $(VENV)/.installed ## everything running, with demo people and demo footage; Ctrl-C stops it
	$(BIN)/python manage.py demo $(if $(ONCE),--once) $(if $(FOOTAGE),--footage "$(FOOTAGE)")

test: $(VENV)/.installed-for-tests ## house rules, unit tests, browser tests
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.installed-for-tests
	$(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

messages: $(VENV)/.installed-for-tests ## collect strings for translation and compile the translations
	$(BIN)/python manage.py makemessages --all --no-location --ignore .venv --ignore var --ignore tests
	$(BIN)/python manage.py compilemessages --ignore .venv

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-for-tests: $(VENV)/.installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch $@

clean: ## forget the environment and all data under var/
	rm -rf $(VENV) var
