# Everything a developer needs. Each target makes .venv by itself when it is missing; only Python 3.11+ is required.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: pictures setup run test check bench fuzz fmt lock twilio-openapi clean

setup: $(STAMP)

$(STAMP): requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "soukmon needs Python 3.11 or newer; set PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

run: setup            ## the whole system on 127.0.0.1:8080, after a day of incidents
	$(BIN)/soukmon up --demo $(ARGS)

test: setup           ## every test
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup          ## style, types, layers, configuration, cloudbuild.yaml, no secrets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/soukmon check
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.cloudbuild cloudbuild.yaml
	$(BIN)/python -m infra.tools.cloud_build
	$(BIN)/python -m infra.tools.secret_scan

bench: setup          ## figures, as ratios in one run
	$(BIN)/soukmon bench $(ARGS)

fuzz: setup build/.atheris ## coverage-guided fuzzing of every way in; ARGS="--seconds 60 --only slack"
	PYTHONPATH=.:build/atheris $(BIN)/python -m infra.tools.fuzz $(ARGS)

build/.atheris:           # has wheels for Linux only and is needed here alone, so no lock holds it
	mkdir -p build
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --target build/atheris atheris==3.0.0
	touch $@

fmt: setup
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(BIN)/python -m shared.config.schemas

pictures: setup       ## the README's pictures of the inbox, anew (needs Debian's chromium)
	$(BIN)/python -m infra.local.photograph

lock: setup           ## renew the locked requirements (hashes, no index addresses)
	$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml --extra local --extra dev --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -o requirements-dev.txt

twilio-openapi: build/.twilio ## Twilio's own description of its API, which a test holds our requests against

build/.twilio:
	mkdir -p build
	npm pack --silent --pack-destination build @twilio/cli-core@9.0.0
	touch $@

clean:
	rm -rf .venv .soukmon build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
