# `make quickstart` and `make test` do all the set-up there is.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
FASTTEXT := .venv-fasttext
# Processes that share the tests, a file each.
JOBS ?= 2
# The first Python from 3.11 to 3.13 that runs; or say `make PYTHON=… test`.
IN_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c "$(IN_RANGE)" 2>/dev/null && echo $$p && break; done)

.PHONY: help setup quickstart test check notebooks notebooks-check test-slow results findings reproduce robustness kinds study-speed behaviour bench schema references docs clean

help:                  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 16

setup: $(READY)        ## make .venv and install textclf with what was tested

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "textclf needs Python 3.11, 3.12 or 3.13" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

quickstart: $(READY)   ## train on the bundled reviews, evaluate, predict
	rm -rf runs/quickstart
	$(BIN)/python -m textclf train --config configs/quickstart.yaml --run-dir runs/quickstart
	$(BIN)/python -m textclf evaluate --run runs/quickstart
	$(BIN)/python -m textclf predict --run runs/quickstart \
		"A warm, funny film with a perfect ending." \
		"Sharp screen, hopeless battery. I want a refund."
	@echo "run: runs/quickstart"

test: check            ## style, types and the whole test suite
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: $(READY)        ## style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: $(READY)    ## run all notebooks, write their outputs; notebooks-check: write nothing
	$(BIN)/python -m docs.notebooks

notebooks-check: $(READY)
	$(BIN)/python -m docs.notebooks --check

test-slow: $(READY)    ## the tests that train on whole real data sets
	$(BIN)/python -m pytest -m slow

results: $(READY)      ## train every shipped configuration, write benchmarks/SHIPPED_CONFIGS.md
	TEXTCLF_DATA=$${TEXTCLF_DATA:-../shared/data} $(BIN)/python benchmarks/shipped_configs.py

bench: $(READY) $(FASTTEXT)/ready  ## measure against peers, write benchmarks/RESULTS.md; QUICK=1: small
	$(BIN)/python -m benchmarks $(if $(filter-out 0,$(QUICK)),--quick)

findings: $(READY)     ## do published findings again, write benchmarks/FINDINGS.md
	$(BIN)/python -m benchmarks.findings $${TEXTCLF_SHARED:-../shared}

reproduce: $(READY) $(FASTTEXT)/ready  ## the recommended recipe on known data sets, write benchmarks/ACCURACY.md
	$(BIN)/python -m benchmarks.reproduce $${TEXTCLF_SHARED:-../shared}

robustness: $(READY)   ## typos, capitals, missing ends, by kind, write benchmarks/ROBUSTNESS.md
	$(BIN)/python -m benchmarks.robustness $${TEXTCLF_SHARED:-../shared}

kinds: $(READY)        ## what each kind reaches and costs, write benchmarks/KINDS.md
	$(BIN)/python -m benchmarks.kinds $${TEXTCLF_SHARED:-../shared}

study-speed: $(READY)  ## studies beside Optuna with stock Keras, write benchmarks/STUDY_SPEED.md
	$(BIN)/python -m benchmarks.study_speed $${TEXTCLF_SHARED:-../shared}

behaviour: $(READY)    ## ask three trained models, write benchmarks/BEHAVIOUR.md
	$(BIN)/python -m benchmarks.behaviour $${TEXTCLF_SHARED:-../shared}

# fastText needs NumPy 1. Without a wheel for this Python its rows say so.
$(FASTTEXT)/ready:
	$(PYTHON) -m venv $(FASTTEXT)
	$(FASTTEXT)/bin/python -m pip install --quiet --only-binary :all: \
		'fasttext-wheel==0.9.2' 'numpy<2' || echo "fastText: no wheel for this Python"
	@touch $@

schema: $(READY)       ## write the JSON schemas of configurations and suites anew
	$(BIN)/python -c "from pathlib import Path; \
		from textclf.behave.json_schema import json_schema as suite; \
		from textclf.config.json_schema import json_schema as config; \
		from textclf.files import write_json; \
		write_json(Path('textclf/config/schema.json'), config()); \
		write_json(Path('textclf/behave/schema.json'), suite())"

references: schema     ## write docs/reference from the code (and the JSON schema)
	$(BIN)/python -m docs.generate

docs: $(READY)         ## write the Python API as HTML to docs/api
	$(BIN)/python -m docs.generate.api

clean:                 ## remove .venv and caches, keep runs
	rm -rf $(VENV) $(FASTTEXT) .pytest_cache .mypy_cache .ruff_cache .hypothesis
