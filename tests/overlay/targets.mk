.PHONY: test-interrupted

test-interrupted: install ## Interrupt calls at every point and by 20,000 signals
	$(BIN)/python -m pytest -m slow tests/overlay/requests/test_interrupted_calls.py
