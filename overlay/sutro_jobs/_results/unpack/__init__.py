"""Structured outputs: from JSON in a column to typed columns."""
