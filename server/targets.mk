.PHONY: test-vendor test-kill test-schemathesis fuzz-server load

test-vendor: install ## Test the reference server with the vendor's SDK, 0.1.67 and 0.1.60
	$(BIN)/python -m pytest -m slow tests/server/test_vendor.py

test-kill: install ## Kill imports and servers a hundred times
	$(BIN)/python -m pytest -m slow tests/server/store/test_kill.py

test-schemathesis: install ## Run schemathesis' command line on the reference server, ten seeds
	$(BIN)/python -m pytest -m slow tests/server/test_schemathesis.py

fuzz-server: install ## Make mutants of what the server decodes; add what fails to the corpus
	FUZZ_EXAMPLES=$(or $(EXAMPLES),5000) $(BIN)/python -m pytest -n 2 tests/server/fuzzing

load: install ## Measure the reference server under load, with a million jobs (needs wrk)
	$(BIN)/python tests/server/load.py
