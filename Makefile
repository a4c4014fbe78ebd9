# Everything happens in .venv and var. Each target makes the checkout ready first; the second time that takes no time.

SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
PYTHON := .venv/bin/python
PORT ?= 8000
# For pytest, such as: make test ARGS="-k kaplan"
ARGS ?=

# One sort order and one alphabet on every machine; the embedded servers inherit them.
export LC_ALL := C.UTF-8
# The wheel of PostgreSQL puts its lock into the temporary folder where there is no session folder; that is meant.
export PYTHONWARNINGS := ignore:XDG_RUNTIME_DIR

COMPILE = $(PYTHON) -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-options \
	--no-header --no-annotate pyproject.toml -
step = @printf '\n== %s\n' '$(1)'

.PHONY: help demo test lint bench faults docs lock clean ocr test-ocr ready-for-demo ready-for-test

help:
	@echo 'make demo    run everything with 332 invented participants on http://127.0.0.1:$(PORT)/ (PORT=... for another)'
	@echo '             STAGE=accrual, followup or readout: how far the invented study is (readout)'
	@echo 'make test    every check and every test'
	@echo 'make lint    the quick checks only'
	@echo 'make bench   the benchmarks'
	@echo 'make faults  sixty kills of everything that runs, and a ledger of what was acknowledged'
	@echo 'make ocr     also what reads photographed laboratory sheets (optional)'
	@echo 'make test-ocr  its tests: 200 drawn sheets, read without a network'
	@echo 'make docs    docs/data-model.md and docs/reference.md from the code'
	@echo 'make lock    requirements.lock, requirements-dev.lock and requirements-ocr.lock from pyproject.toml'
	@echo 'make clean   remove .venv, caches and the data of demo and tests'

ready-for-demo:
	@.ci/setup demo

ready-for-test:
	@.ci/setup test

demo: ready-for-demo
	@exec $(PYTHON) -m prtras.demo --port $(PORT) $(if $(STAGE),--stage $(STAGE))

test lint bench docs: export PRTRAS_ENV := test

test: lint
	$(call step,Migrations: does every change of a model have one?)
	@$(PYTHON) manage.py makemigrations --check --dry-run
	$(call step,Tests)
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadgroup $(ARGS)

lint: ready-for-test
	$(call step,Style)
	@$(PYTHON) -m ruff check .
	$(call step,Format)
	@$(PYTHON) -m ruff format --check .
	$(call step,Templates)
	@.venv/bin/djangofmt --check templates
	$(call step,Layers)
	@.venv/bin/lint-imports --no-logo
	$(call step,Types)
	@$(PYTHON) -m mypy

bench: ready-for-test
	@$(PYTHON) -m benchmarks $(ARGS)

# No part of the tests: a quarter of an hour, and alone on the machine. ARGS="--kills 10" for less.
faults: ready-for-test
	@$(PYTHON) -m tests.faults $(ARGS)

docs: ready-for-test
	@$(PYTHON) -m docs.generate

# Both locks hold for Python 3.11 to 3.13: async-timeout is what redis asks for on Debian 12, whose 3.11.2 is older
# than the Python that usually writes the locks.
lock: ready-for-test
	@echo async-timeout | $(COMPILE) --output-file requirements.lock
	@echo async-timeout | $(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	@echo async-timeout | $(COMPILE) --extra ocr --constraint requirements-dev.lock --output-file requirements-ocr.lock
	@! grep --line-number --extended-regexp '://|^-|^/|@ ' requirements.lock requirements-dev.lock requirements-ocr.lock

# Not part of demo, test or the image: who wants sheets read adds it to the same .venv.
ocr: ready-for-demo
	@$(PYTHON) -m pip install --disable-pip-version-check --quiet --require-hashes --requirement requirements-ocr.lock

# No part of the tests: twenty minutes on a machine that does nothing else.
test-ocr: ready-for-test ocr
	@PRTRAS_ENV=test $(PYTHON) -m pytest tests/ocr/two_hundred_sheets.py $(ARGS)

clean:
	@! test -e var/demo.lock || flock --nonblock var/demo.lock true || { echo 'The demo is running: end it first.'; exit 1; }
	rm -rf .venv var .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
