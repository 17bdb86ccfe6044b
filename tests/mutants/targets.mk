.PHONY: mutants mutants-plain

mutants: install ## Judge the verifier by wrong and right servers, and write docs/mutants.md
	$(BIN)/python -m tests.mutants --seeds 50 --table

mutants-plain: install ## The same, with plain schemathesis for comparison
	$(BIN)/python -m tests.mutants --seeds 50 --table --compare
