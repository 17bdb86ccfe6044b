.PHONY: mutants mutants-quick mutants-plain

mutants: mutants-quick ## Judge the verifier by wrong and right servers in both profiles, and write docs/mutants.md
	$(BIN)/python -m tests.mutants --seeds 50 --table

mutants-quick: install ## The same, in the quick profile only
	$(BIN)/python -m tests.mutants --seeds 50 --profile quick --table

mutants-plain: install ## Run plain schemathesis on the wrong servers, for comparison, and write docs/mutants.md
	$(BIN)/python -m tests.mutants --plain --table
