"""The server's commands: `sutro-jobs serve`, `sutro-jobs import` and `sutro-jobs keys`."""

from ._cli_import import import_
from ._cli_keys import keys
from ._cli_serve import serve

__all__ = ["import_", "keys", "serve"]
