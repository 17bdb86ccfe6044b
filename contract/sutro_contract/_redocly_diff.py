"""Changes between two contracts as `redocly diff` reports them."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import _redocly
from ._changes import Change, Impact
from ._source import ContractError

_REPORT_VERSION = "1"


def changes(old: Path, new: Path) -> list[Change]:
    """Return what Redocly CLI finds between two files, in its order."""
    # A folder without redocly.yaml: only there all rules for breaking changes are on.
    with TemporaryDirectory() as folder:
        arguments = ("diff", old.resolve(), new.resolve(), "--format", "json")
        output = _redocly.run(*arguments, folder=Path(folder))
    try:
        report = json.loads(output)
    except ValueError as error:
        raise ContractError(f"Redocly CLI could not compare: {output.strip()[-2000:]}") from error
    if report.get("reportVersion") != _REPORT_VERSION:
        raise ContractError(
            f"Redocly CLI reports in version {report.get('reportVersion')} of its format, which is "
            f"unknown here. Install version {_redocly.VERSION} of it."
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
    before, after = (_short(entry.get(side, {})) for side in ("base", "revision"))
    return f"{subject}: `{entry['property']}` changed from {before} to {after}."


def _short(side: dict[str, Any]) -> str:
    if "value" not in side:
        return "nothing"
    text = json.dumps(side["value"], ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
