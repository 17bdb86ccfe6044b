# Each environment of its own: the vendor's SDK and the engines want other packages than the client.
BENCH := .venvs/bench/bin/python
IN := $(BIN)/uv pip install --quiet --constraint $(LOCK) --python
VENV := $(BIN)/uv venv --quiet --clear --python $(BIN)/python

.PHONY: bench bench-verifier bench-rows bench-memory bench-server bench-ahead bench-engines bench-distance bench-storm test-distributed

bench: bench-rows bench-memory bench-server bench-ahead bench-engines ## Measure all, write docs/benchmarks.md (20 minutes)
	$(BENCH) -m benchmarks.report

bench-rows: .venvs/bench/.installed .venvs/vendor/.installed ## Measure vendor, floor and client side by side
	$(BENCH) -m benchmarks.run
	$(BENCH) -m benchmarks.report

bench-memory: .venvs/bench/.installed ## Read a job that is larger than memory
	$(BENCH) -m benchmarks.memory

bench-server: .venvs/bench/.installed ## Measure the reference server with a million jobs
	$(BENCH) -m benchmarks.reference_server

bench-ahead: .venvs/bench/.installed ## Measure ways past the floor
	$(BENCH) -m benchmarks.ahead

bench-engines: .venvs/bench/.installed .venvs/ray/.installed .venvs/engines/.installed ## Compare engines of distributed data
	$(BENCH) -m benchmarks.engines

bench-distance: .venvs/bench/.installed .venvs/vendor/.installed ## Measure vendor, floor and client at a distance, write docs/distance.md (an hour)
	$(BENCH) -m benchmarks.distance.accuracy
	$(BENCH) -m benchmarks.distance.run
	$(BENCH) -m benchmarks.distance.report

bench-storm: install ## Compare the answers that httpx and the client get in a storm of cancelled tasks
	$(BIN)/python -m benchmarks.storm

test-distributed: .venvs/ray/.installed ## Test the distributed data set on a local cluster of Ray
	.venvs/ray/bin/python -m pytest tests/overlay/test_distributed.py

.venvs/bench/.installed: $(INSTALLED)
	$(VENV) .venvs/bench
	$(IN) $(BENCH) --editable '.[pandas,server]' matplotlib trustme
	@touch $@

.venvs/vendor/.installed: $(INSTALLED)
	$(VENV) .venvs/vendor
	$(BIN)/uv pip install --quiet --python .venvs/vendor/bin/python sutro==0.1.67
	@touch $@

.venvs/ray/.installed: $(INSTALLED)
	$(VENV) .venvs/ray
	$(IN) .venvs/ray/bin/python --editable '.[ray,server]' hypothesis pytest
	@touch $@

.venvs/engines/.installed: $(INSTALLED)
	$(VENV) .venvs/engines
	$(IN) .venvs/engines/bin/python daft 'dask[dataframe,distributed]' httpx pyarrow
	@touch $@

bench-verifier: install ## Measure what a verification costs, write docs/verifier-cost.md
	$(BIN)/python -m benchmarks.verifier --write
