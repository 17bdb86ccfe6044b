"""HTTP: what HTTP asks of any server, on the paths of this API."""
