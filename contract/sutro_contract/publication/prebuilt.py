"""The page and the documents that the distribution holds, made when the contract is published.

`python -m sutro_contract.publication.prebuilt` makes them again; it needs Redocly CLI.
"""

from __future__ import annotations

from pathlib import Path

from ..source import contract_path, load_contract
from .build import PAGE, version_files

FOLDER = Path(__file__).parent / "prebuilt"
_SERVED = (PAGE, "openapi.json", "openapi-e2.json", "openapi-e1.json")


def main() -> None:
    """Write the files that `sutro-jobs serve` hands out."""
    files = version_files(contract_path(), load_contract(), None)
    FOLDER.mkdir(exist_ok=True)
    for name in _SERVED:
        (FOLDER / name).write_bytes(files[name])


if __name__ == "__main__":
    main()
