.PHONY: clauses

clauses: install ## Write docs/clauses.md from the verifier's clauses
	$(BIN)/sutro-jobs verify clauses --markdown > docs/clauses.md
