.PHONY: lint-spec spec spec-edits spec-page check-published publish-spec test-strangers test-strangers-sample test-page

NPM_TOOLS := contract/node_modules/.installed
NODE := contract/node_modules/.bin
export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true

$(NPM_TOOLS): contract/package-lock.json
	@command -v npm > /dev/null || { echo "This needs Node.js 20 or later with npm: see https://nodejs.org"; exit 1; }
	npm ci --prefix contract --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
	@touch $@

lint-spec: install $(NPM_TOOLS) ## Check openapi.yaml with Redocly, Spectral and openapi-spec-validator
	$(NODE)/redocly lint --config contract/redocly.yaml openapi.yaml
	$(NODE)/spectral lint --ruleset contract/spectral.yaml --fail-severity hint openapi.yaml
	$(BIN)/openapi-spec-validator --validation-errors all openapi.yaml

spec: install $(NPM_TOOLS) ## Write the contract's publication into build/spec/
	$(BIN)/sutro-jobs spec build --out build/spec

spec-page: install $(NPM_TOOLS) ## Write the reference page and the documents that the wheel holds
	$(BIN)/python -m sutro_contract.publication.prebuilt

spec-edits: install ## Write docs/contract-edits.md, the rules and edits of `spec diff`
	$(BIN)/python -m tests.contract.diff.edits

check-published: install ## Fail if openapi.yaml changed since it was published and its version did not
	$(BIN)/sutro-jobs spec check

publish-spec: install ## Raise the contract's version by rule and keep a copy of it
	$(BIN)/sutro-jobs spec publish

STRANGERS := $(BIN)/python -m pytest -m slow -n 2 tests/contract/strangers

test-strangers: install $(NPM_TOOLS) ## Feed the contract and its publication to generators, compilers, runners, mocks
	$(STRANGERS) $(ARGS)

# One of each kind: the rest differs in the language or the operation, or takes minutes.
test-strangers-sample: install $(NPM_TOOLS) ## The sample of them that CI runs
	$(STRANGERS) -k "types or fetch or python_client or java or models or converter or runner or overlay \
		or redocly or listJobs or getJobResultsUrl or no_violation or mock"

test-page: install $(NPM_TOOLS) ## Open the reference page in Chromium, without network
	$(BIN)/python -m pytest -m slow tests/contract/test_page.py
