"""AUTH: `Authorization: Key <API key>` on every operation."""
