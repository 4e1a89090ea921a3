# Two commands: `make reproduce` runs the main job, `make test` the tests. Each makes its own
# environment (.venv) from requirements.lock first; that is quick when nothing changed.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
# A kernel chooses its own way to draw, as in a notebook that is opened by hand.
KERNELS := env -u MPLBACKEND PYTHONPATH=tools/no_network PYTHONHASHSEED=0 $(BIN)/python
RUN := PYTHONPATH=tools/no_network PYTHONHASHSEED=0 MPLBACKEND=agg $(BIN)/python

.PHONY: reproduce test lint docs lock setup format
.DEFAULT_GOAL := reproduce

setup:
	@$(PYTHON) tools/setup_env.py

reproduce: setup
	@$(RUN) -m quidqual reproduce --notebooks notebooks --figures figures

test: lint
	@$(RUN) -m pytest -q -n 2 --dist loadfile
	@$(KERNELS) -m pytest -q -p nbval --nbval-current-env --nbval-kernel-startup-timeout 180 --nbval-sanitize-with tests/nbval.cfg -n 2 --dist loadfile --nbval notebooks

lint: setup
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

# Universal (all systems and Pythons), hashed, without index addresses.
lock: setup
	@$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml -o requirements.lock

# The documentation site, without a network; a warning is an error.
docs: setup
	@$(RUN) -m sphinx -q -W --keep-going -b html docs docs/_build/html
