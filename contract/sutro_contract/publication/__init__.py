"""Publication of a contract: the files that others build on."""

from .build import build

__all__ = ["build"]
