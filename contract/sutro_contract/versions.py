"""Published versions of the contract: a copy of each, kept for ever and beside this module."""

import re
from collections.abc import Sequence
from pathlib import Path

from .diff import Change, compare, raised_version
from .source import ContractError, digest, read_contract, version

FOLDER = Path(__file__).parent / "published"


class VersionError(ContractError):
    """A contract changed and its version did not go up enough."""


def last_published(folder: Path = FOLDER) -> Path | None:
    """Return the newest published contract, or None before the first."""
    return max(folder.glob("*.*.*/openapi.yaml"), key=_number, default=None)


def all_published(folder: Path = FOLDER) -> dict[str, Path]:
    """Return the published contracts by their version."""
    return {file.parent.name: file for file in folder.glob("*.*.*/openapi.yaml")}


def published_before(contract: Path, folder: Path = FOLDER) -> Path | None:
    """Return the newest published contract that is older than a contract's version."""
    limit = _parsed(version(read_contract(contract)))
    older = [file for file in folder.glob("*.*.*/openapi.yaml") if _number(file) < limit]
    return max(older, key=_number, default=None)


def check(contract: Path, folder: Path = FOLDER) -> str:
    """Return a sentence on a contract whose version is right; raise `VersionError` otherwise.

    A contract is either the one that was published last, or has a version that has gone up
    enough: the first number for a breaking change, the second for an addition, the third for
    anything else.
    """
    published = last_published(folder)
    if published is None:
        return "No version is published yet."
    document, reference = read_contract(contract), read_contract(published)
    if digest(document) == digest(reference):
        return f"The contract is version {version(document)} as published."
    wanted = raised_version(version(reference), compare(reference, document))
    if _parsed(version(document)) < _parsed(wanted):
        raise VersionError(
            f"The contract differs from the published {version(reference)}, but its version is "
            f"{version(document)}. It has to be {wanted} at least: run `make publish-spec`."
        )
    return f"Version {version(document)} is ahead of the published {version(reference)}."


def publish(contract: Path, folder: Path = FOLDER) -> Path:
    """Raise a contract's version by rule where it has to go up, keep a copy, and return the copy.

    Raises `ContractError` where this content is published already.
    """
    published = last_published(folder)
    if published is not None:
        document, reference = read_contract(contract), read_contract(published)
        if digest(document) == digest(reference):
            raise ContractError(f"Version {version(reference)} is published and unchanged.")
        _raise_version(contract, version(reference), compare(reference, document))
    copy = folder / version(read_contract(contract)) / "openapi.yaml"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(contract.read_bytes())
    return copy


def _raise_version(contract: Path, published: str, changes: Sequence[Change]) -> None:
    present, wanted = version(read_contract(contract)), raised_version(published, changes)
    if _parsed(present) < _parsed(wanted):
        text = contract.read_text(encoding="utf-8")
        # In the text, as writing YAML anew would lose comments and anchors.
        line = re.compile(rf"^(\s+version:\s*){re.escape(present)}\s*$", re.MULTILINE)
        contract.write_text(line.sub(rf"\g<1>{wanted}", text, count=1), encoding="utf-8")


def _number(file: Path) -> tuple[int, ...]:
    return _parsed(file.parent.name)


def _parsed(number: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d+\.\d+\.\d+", number):
        raise ContractError(f"{number} is not a version of a contract: write it as 1.2.3.")
    return tuple(map(int, number.split(".")))
