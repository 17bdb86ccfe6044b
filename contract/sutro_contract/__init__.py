"""The contract of the Sutro jobs API: `openapi.yaml`, its publication and its changes."""

from .source import (
    ContractError,
    contract_path,
    digest,
    load_contract,
    read_contract,
    to_json,
    version,
)

__all__ = [
    "ContractError",
    "contract_path",
    "digest",
    "load_contract",
    "read_contract",
    "to_json",
    "version",
]
