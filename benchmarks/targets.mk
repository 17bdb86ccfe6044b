# Each environment of its own: the vendor's SDK and Ray want other packages than the client.
BENCH := .venvs/bench/bin/python
ENVIRONMENT := uv pip install --quiet --constraint $(LOCK)

.PHONY: bench bench-quick bench-server bench-memory bench-engines test-distributed

.venvs/bench/.installed: $(INSTALLED)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venvs/bench
	$(BIN)/$(ENVIRONMENT) --python $(BENCH) --editable '.[pandas,server]' matplotlib trustme
	@touch $@

.venvs/vendor/.installed: $(INSTALLED)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venvs/vendor
	$(BIN)/uv pip install --quiet --python .venvs/vendor/bin/python sutro==0.1.67
	@touch $@

.venvs/ray/.installed: $(INSTALLED)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venvs/ray
	$(BIN)/$(ENVIRONMENT) --python .venvs/ray/bin/python --editable '.[ray,server]' hypothesis pytest
	@touch $@

test-distributed: .venvs/ray/.installed ## Test the distributed data set on a local cluster of Ray
	.venvs/ray/bin/python -m pytest tests/overlay/test_distributed.py
