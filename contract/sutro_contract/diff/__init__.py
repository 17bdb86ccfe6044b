"""Comparison of two contracts: what changed, and what of it breaks a client."""

from .changes import Change, Impact, raised_version
from .compare import compare

__all__ = ["Change", "Impact", "compare", "raised_version"]
