"""A publication: a folder for a static host, with one folder for each version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from .. import redocly
from ..source import ContractError, read_contract, to_json, version
from .derived import dereferenced, json_schemas
from .overlays import EDITIONS, apply_overlay, overlay
from .page import reference_page
from .postman import collection
from .samples import samples
from .texts import change_log, index_page, llms_txt

_FILES = Path(__file__).parent / "files"
_AS_THEY_ARE = ("arazzo.yaml", "catalog-info.yaml", "schemathesis.toml")
PAGE = "index.html"


def build(contract: Path, published: Mapping[str, Path], since: Path | None, out: Path) -> Path:
    """Write a publication of `contract` into the folder `out` and return its version's folder.

    Beside that folder stand those of the versions published before, `latest`, which is a copy of
    the newest one, and an index page. A folder is replaced as a whole.

    Raises:
        ContractError: the contract is not one, or Redocly CLI failed; nothing was written then. Or
            there is no Redocly CLI to make the page, and everything but the page was written.
    """
    document = read_contract(contract)
    number = version(document)
    earlier = read_contract(since) if since else None
    try:
        files, missing = version_files(contract, document, earlier), None
    except redocly.NoRedoclyError as error:
        files, missing = files_without_page(contract, document, earlier), error
    out.mkdir(parents=True, exist_ok=True)
    folders = {number: files} | _of_published(
        {name: file for name, file in published.items() if name != number}
    )
    for name, content in folders.items():
        _write(content, out / name)
    newest_first = sorted(folders, key=_parts, reverse=True)
    _write(folders[newest_first[0]], out / "latest")
    with_page = [name for name in folders if PAGE in folders[name]]
    index = index_page(document["info"]["title"], newest_first, with_page)
    (out / PAGE).write_text(index, encoding="utf-8")
    if missing:
        raise ContractError(f"{PAGE} was left out of {out / number}. {missing}")
    return out / number


def _parts(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))


def version_files(
    contract: Path, document: dict[str, Any], since: dict[str, Any] | None
) -> dict[str, bytes]:
    """Return what is published of a version, by the name of the file.

    Raises:
        NoRedoclyError: there is no Redocly CLI to make the page.
    """
    page = reference_page(document)
    return {PAGE: page, **files_without_page(contract, document, since)}


def files_without_page(
    contract: Path, document: dict[str, Any], since: dict[str, Any] | None
) -> dict[str, bytes]:
    """Return what is published of a version and needs no Node.js."""
    plain = dereferenced(document)
    texts = {
        "openapi.json": to_json(document),
        "openapi.dereferenced.json": to_json(plain),
        "postman.json": to_json(collection(plain)),
        "CHANGELOG.md": change_log(document, since),
        **{f"schemas/{name}": to_json(each) for name, each in json_schemas(document).items()},
        **{f"samples/{name}": code for name, code in samples(plain).items()},
        **_editions(document),
    }
    for name in _AS_THEY_ARE:
        text = (_FILES / name).read_text(encoding="utf-8")
        texts[name] = text.replace("{version}", version(document))
    texts["llms.txt"] = llms_txt(plain, ["openapi.yaml", *sorted(texts)])
    files = {name: text.encode() for name, text in texts.items()}
    return {"openapi.yaml": contract.read_bytes(), **files}


def _editions(document: dict[str, Any]) -> dict[str, str]:
    """Return the overlays of older editions, and the contracts that they make."""
    found = {}
    for edition in EDITIONS:
        actions = overlay(edition, version(document))
        changed = apply_overlay(document, actions)
        found[f"{edition}.overlay.yaml"] = _yaml(actions)
        found[f"openapi-{edition}.yaml"] = _yaml(changed)
        found[f"openapi-{edition}.json"] = to_json(changed)
    return found


def _yaml(document: dict[str, Any]) -> str:
    # Through JSON, as YAML would write one node that stands in two places as an anchor.
    plain = yaml.safe_load(to_json(document))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)


def _of_published(published: Mapping[str, Path]) -> dict[str, dict[str, bytes]]:
    """Return what is published of earlier versions: the contracts and their change logs."""
    folders, earlier = {}, None
    for number in sorted(published, key=_parts):
        document = read_contract(published[number])
        folders[number] = {
            "openapi.yaml": published[number].read_bytes(),
            "openapi.json": to_json(document).encode(),
            "CHANGELOG.md": change_log(document, earlier).encode(),
        }
        earlier = document
    return folders


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    sums = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    )
    # Beside its target, as a rename is at once only within one file system.
    with TemporaryDirectory(dir=folder.parent, prefix=".build-") as temporary:
        made = Path(temporary) / "made"
        for name, content in {**files, "SHA256SUMS": sums.encode()}.items():
            file = made / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        if folder.exists():
            folder.replace(Path(temporary) / "old")
        made.replace(folder)
