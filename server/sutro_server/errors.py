"""Errors of the server's command line and Python interface."""


class StoreError(Exception):
    """A data directory can't be used as asked; the text says what to do."""


class ImportFileError(Exception):
    """A file can't be imported; the text says what is wrong, where, and what to do."""
