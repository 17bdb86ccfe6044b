"""Reference server of the Sutro jobs API."""
