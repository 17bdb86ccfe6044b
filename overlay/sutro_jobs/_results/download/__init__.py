"""From the wire to a whole file: transfers, resumption, checks."""
