"""Client of the Sutro batch-inference jobs API."""
