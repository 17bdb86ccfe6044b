"""The report as JSON, in the format_ that `report.schema.json` describes."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import attrs

from ..judging.clause import Level
from ..judging.report import ClauseResult, Report, Verdict
from .files import write_atomically

FORMAT = 2
READABLE = (1, 2)


def as_document(report: Report) -> dict[str, Any]:
    """Return a report as JSON values."""
    return {
        "format": FORMAT,
        "generator": f"sutro-jobs {_version()}",
        "target": report.target,
        "started": report.started,
        "seconds": report.seconds,
        "profile": report.profile,
        "seed": report.seed,
        "cancel": report.may_cancel,
        "requests": report.requests,
        "disturbances": report.disturbances,
        "edition": {
            "judged_by": report.edition,
            "points": [attrs.asdict(point) for point in report.edition_points],
        },
        "remarks": list(report.remarks),
        "summary": summary(report),
        "clauses": [_clause(result) for result in report.results],
    }


def summary(report: Report) -> dict[str, Any]:
    """Return the counts of a report."""
    return {
        "outcome": str(report.outcome),
        "exit_status": report.exit_status,
        "judged_share": round(report.judged_share, 3),
        "clauses": len(report.results),
        "kept": len(report.with_verdict(Verdict.KEPT)),
        "broken": len(report.broken),
        "not_exercised": len(report.with_verdict(Verdict.NOT_EXERCISED)),
        "not_offered": len(report.with_verdict(Verdict.NOT_OFFERED)),
        "unstable": len(report.with_verdict(Verdict.UNSTABLE)),
        "errors": len(report.with_verdict(Verdict.ERROR)),
        "broken_by_level": {
            str(level): len(report.with_verdict(Verdict.BROKEN, level)) for level in Level
        },
        "first_broken": next((result.id for result in report.broken), None),
    }


def write_json(report: Report, file: Path) -> None:
    """Write a report to a file as JSON."""
    text = json.dumps(as_document(report), indent=2, ensure_ascii=False)
    write_atomically(file, f"{text}\n".encode("utf-8", "backslashreplace"))


def _clause(result: ClauseResult) -> dict[str, Any]:
    clause = result.clause
    decided = result.verdict in (Verdict.KEPT, Verdict.BROKEN)
    return {
        "id": clause.id,
        "level": str(clause.level),
        "sentence": clause.sentence,
        "verdict": str(result.verdict),
        "checks": result.checks,
        "seconds": round(result.seconds, 3),
        "source": clause.source,
        "why": clause.why,
        "needs": clause.needs,
        "seen": list(result.seen),
        "reason": "" if decided else result.reason,
        "consequence_of": list(result.consequence_of),
        "failures": [
            {
                "message": failure.message,
                "reproduction": failure.reproduction,
                "exchanges": list(failure.exchanges),
            }
            for failure in result.failures
        ],
    }


def _version() -> str:
    try:
        return version("sutro-jobs")
    except PackageNotFoundError:
        return "(not installed)"
