"""The server's commands: `sutro-jobs serve`, `sutro-jobs import` and `sutro-jobs keys`."""

from .import_ import import_
from .keys import keys
from .serve import serve

__all__ = ["import_", "keys", "serve"]
