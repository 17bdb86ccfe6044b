"""A publication: the files that others build on."""

import hashlib
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .. import redocly
from ..diff import Change, Impact, compare
from ..source import ContractError, read_contract, to_json, version

_PAGE = """\
openapi:
  jsonSamplesExpandLevel: 3
  schemasExpansionLevel: 3
"""
_RENDERED = ("index.html",)
_HEADINGS = {
    Impact.MAJOR: "Breaking changes",
    Impact.MINOR: "Additions",
    Impact.PATCH: "Other changes",
}


def build(contract: Path, since: Path | None, out: Path) -> list[Path]:
    """Write a publication of `contract` into the folder `out` and return its files.

    `openapi.yaml`, `openapi.json`, `index.html` (the reference page, which needs no network),
    `CHANGELOG.md` (what changed since the contract `since`) and `SHA256SUMS`, whose line for
    `openapi.json` is the content hash. Each file is replaced at once or not at all, the sums last.

    Raises `ContractError` before anything is written where Redocly CLI fails. Where it cannot be
    had, everything but the page is written, and then it raises.
    """
    document = read_contract(contract)
    earlier = read_contract(since) if since else None
    files = {
        "openapi.yaml": contract.read_bytes(),
        "openapi.json": to_json(document).encode(),
        "CHANGELOG.md": change_log(document, earlier).encode(),
    }
    missing = None
    try:
        files["index.html"] = reference_page(document)
    except redocly.NoRedoclyError as error:
        missing = ContractError(f"{' and '.join(_RENDERED)} was left out of {out}. {error}")
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    ).encode()
    _write(files, out)
    if missing:
        raise missing
    return [out / name for name in files]


def _write(files: dict[str, bytes], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out, prefix=".build-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        for name in files:
            (Path(folder) / name).replace(out / name)
    for name in _RENDERED:
        if name not in files:
            (out / name).unlink(missing_ok=True)


def reference_page(document: dict[str, Any]) -> bytes:
    """Return the reference page: one HTML file with all that it needs inside."""
    with TemporaryDirectory() as folder:
        workspace = Path(folder)
        (workspace / "page.json").write_text(to_json(_without_tags(document)), encoding="utf-8")
        (workspace / "redocly.yaml").write_text(_PAGE, encoding="utf-8")
        output = redocly.run(
            "build-docs", "page.json", "--inlineBundle", "--output", "page.html", folder=workspace
        )
        try:
            return (workspace / "page.html").read_bytes()
        except FileNotFoundError as error:
            raise ContractError(f"Redocly CLI made no page: {output.strip()[-2000:]}") from error


def _without_tags(document: dict[str, Any]) -> dict[str, Any]:
    """Take the tags away: the page folds the operations of a tag, and there is only one tag."""
    untagged = deepcopy(document)
    untagged.pop("tags", None)
    for item in untagged["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("tags", None)
    return untagged


def change_log(document: dict[str, Any], since: dict[str, Any] | None) -> str:
    """Return the changes since an earlier contract as Markdown, the breaking ones first."""
    title = f"# {document['info']['title']} {version(document)}\n"
    if since is None:
        return f"{title}\nFirst published version.\n"
    changes = compare(since, document)
    lines = [title, f"Changes since {version(since)}.\n"]
    for impact, heading in _HEADINGS.items():
        lines += _section(heading, [change for change in changes if change.impact is impact])
    return "\n".join(lines)


def _section(heading: str, changes: Sequence[Change]) -> list[str]:
    items = [f"- {change.text} (`{change.pointer}`)" for change in changes] or ["None."]
    return [f"## {heading}\n", *items, ""]
