"""Which account a client works for, and with which options."""
