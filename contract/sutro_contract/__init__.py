"""The contract of the Sutro jobs API: `openapi.yaml`, its publication and its changes."""

from ._source import load, path

__all__ = ["load", "path"]
