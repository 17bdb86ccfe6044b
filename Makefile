# Every target sets up what it needs: `make demo` and `make test` work in a fresh clone.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
LOCK := requirements/dev.txt
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test check lint types generate check-generated check-imports measure-house wheel test-wheel docs lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Install everything into .venv

$(INSTALLED): $(LOCK) pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(UV) --requirement $(LOCK)
	$(UV) --no-deps --editable .
	@touch $@

demo: install ## Serve real rows, verify the server, list its jobs, print a results frame
	$(BIN)/python examples/demo.py

test: install ## Run the tests; ARGS="-k cache tests/overlay" are pytest's arguments
	$(BIN)/python -m pytest -n 2 -m "not slow" $(ARGS)

check: lint types check-generated check-imports ## Lint, types, generated code, import rules

lint: install ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install ## Check types with mypy and pyright
	$(BIN)/mypy
	$(BIN)/pyright

# $(call write_generated,FOLDER)
define write_generated
PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/openapi-python-client generate --path openapi.yaml --meta none \
	--config generated/config.yml --output-path $(1)/sutro_jobs_api --overwrite --fail-on-warning && \
	touch $(1)/sutro_jobs_api/py.typed && \
	$(BIN)/python -m tools.bundle_requests $(1)
endef

generate: install ## Write generated/ from openapi.yaml
	$(call write_generated,generated)

check-generated: install ## Fail if generated/ is not what openapi.yaml gives
	@fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && $(call write_generated,"$$fresh") && \
	for package in sutro_jobs_api sutro_jobs_requests; do \
		diff --recursive --unified --exclude=__pycache__ "generated/$$package" "$$fresh/$$package" || \
			{ echo "generated/$$package is not what openapi.yaml gives: run make generate"; exit 1; }; \
	done

check-imports: install ## Check who imports whom
	$(BIN)/lint-imports --no-cache

measure-house: install ## Write folders, arrows, circles and lengths into docs/house.md
	$(BIN)/python -m tools.measure_house --write docs/house.md

wheel: install ## Build the distributions into dist/: sutro-jobs, and its generated client alone
	rm -rf dist
	$(BIN)/uv build --quiet --python $(BIN)/python
	$(BIN)/uv build --quiet --python $(BIN)/python --out-dir dist generated

test-wheel: wheel ## Test the built wheels in fresh environments, without the sources
	sh tests/wheel/run.sh

docs: install ## Build the documentation site into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: ## Resolve the newest versions into requirements/dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --extra all --group dev --python-version 3.11 \
		--output-file $(LOCK) pyproject.toml

clean: ## Remove everything that can be made again
	rm -rf .venv .venvs .work build dist site node_modules

-include */targets.mk tests/*/targets.mk
