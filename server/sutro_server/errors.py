"""Errors of the server's Python interface; its commands speak of their options instead."""


class StoreError(Exception):
    """A data directory cannot be used as asked; the text says what to do."""


class ImportFileError(Exception):
    """A file cannot be imported; the text says what is wrong, where, and what to do."""


class ListenError(Exception):
    """An address cannot be listened on; the text says which, and why."""


class ParameterError(ValueError):
    """An argument has a value that cannot be used.

    `name` is the argument and `reason` what is wrong with it, so that a command can name its option
    instead.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason
