"""Client of the Sutro batch-inference jobs API."""

from ._client import AsyncSutro, Sutro

__all__ = ["AsyncSutro", "Sutro"]
