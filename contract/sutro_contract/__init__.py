"""The contract of the Sutro jobs API: `openapi.yaml`, its publication and its changes."""

from ._source import ContractError, digest, load, path, read, to_json, version

__all__ = ["ContractError", "digest", "load", "path", "read", "to_json", "version"]
