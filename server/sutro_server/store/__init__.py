"""Jobs, results, tenants and the clock, in SQLite and Parquet."""
