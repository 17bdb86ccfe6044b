.PHONY: test-vendor test-kill test-schemathesis load

test-vendor: install ## Test the reference server with the vendor's SDK, 0.1.67 and 0.1.60
	$(BIN)/python -m pytest -m slow tests/server/test_vendor.py

test-kill: install ## Kill imports and servers a hundred times
	$(BIN)/python -m pytest -m slow tests/server/store/test_kill.py

test-schemathesis: install ## Run schemathesis' command line on the reference server, ten seeds
	$(BIN)/python -m pytest -m slow tests/server/test_schemathesis.py

load: install ## Measure the reference server under load, with a million jobs (needs wrk)
	$(BIN)/python tests/server/load.py
