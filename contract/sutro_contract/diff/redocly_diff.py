"""Changes between two contracts as `redocly diff` reports them."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .. import redocly
from ..source import ContractError, to_json
from .changes import Change, Impact

_REPORT_VERSION = "1"
_READABLE = 120


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return what Redocly CLI finds between two contracts, in its order."""
    # A folder without redocly.yaml: only there all rules for breaking changes are on.
    with TemporaryDirectory() as folder:
        for name, contract in (("old.json", old), ("new.json", new)):
            (Path(folder) / name).write_text(to_json(contract), encoding="utf-8")
        output = redocly.run("diff", "old.json", "new.json", "--format=json", folder=Path(folder))
    try:
        report = json.loads(output)
    except ValueError as error:
        raise ContractError(f"Redocly CLI could not compare: {output.strip()[-2000:]}") from error
    if report.get("reportVersion") != _REPORT_VERSION:
        raise ContractError(
            f"Redocly CLI reports in version {report.get('reportVersion')} of its format, which is "
            f"unknown here. Install version {redocly.VERSION} of it."
        )
    return [_change(entry) for entry in report["changes"]]


def _change(entry: dict[str, Any]) -> Change:
    side = entry.get("revision") or entry["base"]
    messages = [verdict["message"] for verdict in entry["verdicts"]]
    text = " ".join(messages) or _describe(entry)
    return Change(Impact[entry["impact"].upper()], text, side["pointer"])


def _describe(entry: dict[str, Any]) -> str:
    subject = f"{entry['typeName']} {entry['kind']}"
    if "property" not in entry:
        return f"{subject}."
    before, after = (_text(entry.get(side, {})) for side in ("base", "revision"))
    if len(before + after) > _READABLE:
        return f"{subject}: `{entry['property']}` changed."
    return f"{subject}: `{entry['property']}` changed from {before} to {after}."


def _text(side: dict[str, Any]) -> str:
    return json.dumps(side["value"], ensure_ascii=False) if "value" in side else "nothing"
