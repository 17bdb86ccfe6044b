# Every target sets up what it needs: `make demo` and `make test` work in a fresh clone.
PYTHON ?= python3
BIN := .venv/bin
LOCK := requirements/dev.txt
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test check generate lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Install everything into .venv

$(INSTALLED): $(LOCK) pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv pip install --quiet --python $(BIN)/python --requirement $(LOCK)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

lock: ## Resolve the newest versions into requirements/dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --extra all --group dev --python-version 3.11 --output-file $(LOCK) pyproject.toml

generate: install ## Write generated/ from openapi.yaml
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/openapi-python-client generate --path openapi.yaml --meta none \
		--config generated/config.yml --output-path generated/sutro_jobs_api --overwrite --fail-on-warning
