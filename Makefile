# Two commands matter: `make site` and `make test`; `make add` takes a new notice in. All set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: site add serve offline test eval check bench fuzz clean

site: $(VENV)/.ready
	@$(PY) scripts/convert.py site || [ $$? -eq 1 ]

# make add FILE=通知.html [URL=网址] [DRY=1]; several, or names with spaces: make add FILE="'1 号.html' 2.html"
add: $(VENV)/.ready
	@$(PY) scripts/convert.py add --paths "$$FILE" $(if $(URL),--url "$$URL") $(if $(DRY),--dry-run) || [ $$? -eq 1 ]

serve: site
	$(PY) -m http.server --bind 127.0.0.1 --directory site 8000

offline: site
	$(PY) scripts/convert.py offline

test: $(VENV)/.ready-dev
	$(PY) tests/browser/install.py
	$(VENV)/bin/ruff check scripts tests benchmarks fuzz
	$(VENV)/bin/mypy
	$(VENV)/bin/mypy benchmarks
	$(PY) -m pytest -n auto

eval: $(VENV)/.ready
	$(PY) tests/evaluate.py

check: $(VENV)/.ready
	$(PY) scripts/convert.py check

# About an hour on two quiet processors.  make bench QUICK=1, for trying: 100 and 300 notices, ten minutes, into build/bench/.
bench: $(VENV)/.ready-dev site
	$(PY) -m pip install --quiet --disable-pip-version-check "pip>=24" # 23.2 stumbles over two packages that want lxml[html_clean]
	$(PY) -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(PY) benchmarks/scale.py $(if $(QUICK),--quick --results build/bench/results)
	$(PY) benchmarks/report.py $(if $(QUICK),--results build/bench/results --into build/bench/RESULTS.md)
ifndef QUICK
	$(PY) benchmarks/extract.py
	$(PY) benchmarks/convert.py
	$(PY) benchmarks/annotate.py
	$(PY) benchmarks/links.py
endif

fuzz: $(VENV)/.ready-dev
	$(PY) -m pip install --quiet --disable-pip-version-check -r fuzz/requirements.txt
	$(PY) fuzz/run.py --minutes $(or $(MINUTES),10)

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
