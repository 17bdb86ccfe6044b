"""Faults on demand, for tests of clients: switched on at the command line or by a header."""
