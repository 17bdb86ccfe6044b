"""The clauses, one module for each endpoint's concern and for what is common to all."""
