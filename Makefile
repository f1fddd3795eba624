# `make` lists what can be asked for. Works with GNU make 3.81 and later on Linux and macOS.
PYTHON ?= python3
OUT ?= out
# Numbered from 01: what stands under 00 is a tour.
REPORTS ?= $(shell ls notebooks | sed -n 's/^0*[1-9][0-9]*_\(.*\)\.ipynb$$/\1/p')
UV ?= uv

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
# Written last, so a failed or interrupted installation is begun again.
INSTALLED := $(VENV)/.installed
INSTALLED_TEST := $(VENV)/.installed-test

.DEFAULT_GOAL := help
.PHONY: help report test bench lab notebooks data pins clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

report: $(INSTALLED) ## write every report on the shipped data as HTML and say where
	@for name in $(REPORTS); do $(BIN)/sme-analysis report "$$name" --out "$(OUT)" || exit 1; done
	@echo "Open in a browser:"; cd "$(OUT)" && ls -1 "$$PWD"/*.html

test: $(INSTALLED_TEST) ## lint, types, unit and property tests, doctests, and the notebooks' outputs
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -n logical --maxprocesses 8 --dist loadfile --nbval --nbval-current-env \
		tests sme_analysis notebooks

bench: $(INSTALLED) ## time reports beside papermill, and the composite engine beside plain pandas
	$(BIN)/python tests/benchmarks/bench_reports.py
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/benchmarks/bench_composite.py

lab: $(INSTALLED) ## open the notebooks in JupyterLab
	$(BIN)/python -m jupyterlab notebooks/00_start_here.ipynb

notebooks: $(INSTALLED) ## run the committed notebooks again, in place
	$(BIN)/python -m sme_analysis.reports.refresh

data: $(INSTALLED) ## after an edit of data/: rewrite hashes and data dictionary, show what changed
	$(BIN)/python -m sme_analysis.data.refresh

PIN := $(UV) pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--fork-strategy fewest --no-header --no-annotate --no-emit-index-url
pins: ## renew the pinned requirements (needs uv)
	$(PIN) --output-file requirements.txt
	$(PIN) --extra test --constraint requirements.txt --output-file requirements-test.txt

clean: ## remove the environment, the reports and the caches
	rm -rf $(VENV) "$(OUT)" build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "$(PYTHON) is not Python 3.11 or newer: name one, as in 'make report PYTHON=python3.12'." >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks the modules venv and ensurepip: install them (on Debian and Ubuntu, the package python3-venv)." >&2; \
		exit 1; }
	@echo "Installing into $(VENV): a few minutes the first time, nothing after that."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --requirement requirements.txt
	@$(PIP) --no-deps --editable .
	@touch $@

$(INSTALLED_TEST): requirements-test.txt $(INSTALLED)
	@$(PIP) --requirement requirements-test.txt
	@touch $@
