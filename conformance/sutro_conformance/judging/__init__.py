"""From observations to verdicts: clauses, probes, the ledger, causes and the report."""
