.PHONY: lint-spec

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
