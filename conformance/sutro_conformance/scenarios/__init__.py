"""What is done to a server so that clauses have something to judge."""
