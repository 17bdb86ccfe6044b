"""Transports that take a request to the server on a connection that nothing else is using."""
