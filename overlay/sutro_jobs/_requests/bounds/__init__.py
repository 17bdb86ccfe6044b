"""How long an exchange may take, and how much it may bring."""
