# Two commands matter: `make site` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: site serve offline test eval check bench clean

site: $(VENV)/.ready
	@$(PY) scripts/convert.py site || [ $$? -eq 1 ]

serve: site
	$(PY) -m http.server --bind 127.0.0.1 --directory site 8000

offline: site
	$(PY) scripts/convert.py offline

test: $(VENV)/.ready-dev
	$(PY) tests/browser/install.py
	$(VENV)/bin/ruff check scripts tests benchmarks
	$(VENV)/bin/mypy
	$(VENV)/bin/mypy benchmarks
	$(PY) -m pytest -n auto

eval: $(VENV)/.ready
	$(PY) tests/evaluate.py

check: $(VENV)/.ready
	$(PY) scripts/convert.py check

bench: $(VENV)/.ready-dev site
	$(PY) -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(PY) benchmarks/extract.py
	$(PY) benchmarks/convert.py
	$(PY) benchmarks/annotate.py
	$(PY) benchmarks/links.py
	$(PY) benchmarks/search.py

clean:
	rm -rf site .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.txt constraints.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
