"""The jobs that a server starts with: one account that has everything, and special ones."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

KEY = "sk_live_Kf7qLw29ZtXbR4mN8vHd"
SECOND_KEY = "sk_live_Pz3sGy61CuYeJ5aT0wQi"
KEYS = {KEY: "first", SECOND_KEY: "second"}

START = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
TERMINAL = {"SUCCEEDED", "FAILED", "CANCELLED"}
SENTIMENT = {
    "type": "object",
    "properties": {"label": {"enum": ["good", "bad"]}, "score": {"type": "integer"}},
    "required": ["label", "score"],
    "additionalProperties": False,
}
TEXTS = [
    "zebra, black",
    'say "no"',
    "two\nlines",
    "007",
    "Ärger im Büro",
    "apple",
    "mango",
    "apple",
]


@dataclass
class Table:
    """Results of a job: columns of equal length, in the order of the input rows."""

    outputs: list[Any]
    inputs: list[str]
    logprobs: list[float | None]
    ids: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Job:
    job_id: str
    tenant: str
    created: datetime
    course: list[tuple[float, str]]  # (seconds after the server's start, status from then on)
    table: Table
    values: dict[str, Any] = field(default_factory=dict)
    cancel_time: float | None = None


def table(rows: int, outputs: list[Any] | None = None, **ids: list[Any]) -> Table:
    outputs = outputs or [TEXTS[row % len(TEXTS)] for row in range(rows)]
    return Table(
        outputs=outputs,
        inputs=[f"Review no. {row}: was it good?" for row in range(rows)],
        logprobs=[None if row % 5 == 3 else -0.125 * (row * 7 % 11 + 1) for row in range(rows)],
        ids=ids,
    )


def structured(rows: int) -> Table:
    labels = ["good", "bad"]
    return table(rows, [json.dumps({"label": labels[r % 2], "score": r}) for r in range(rows)])


def reasoning(rows: int) -> Table:
    texts = [{"content": f"Answer {r}", "reasoning_content": f"Because {r}"} for r in range(rows)]
    return table(rows, [json.dumps(text) for text in texts])


def make(
    number: int, status: str, *, tenant: str = "first", minutes: int | None = None, **more: Any
) -> Job:
    """A job whose age follows from its number: a higher one is newer."""
    job_id = f"job-{tenant[0]}{number * 7919 % 65536:04x}-{number:04d}"
    results = more.pop("table", None) or table(5)
    course = more.pop("course", [(0.0, status)])
    created = START + timedelta(minutes=number if minutes is None else minutes)
    return Job(job_id, tenant, created, course, results, more)


def mixed(tenant: str = "first") -> list[Job]:
    """Jobs in every state; some share their time of creation, so pages end between equal ones."""
    failure = {"message": "The model could not be loaded."}
    ids = {"review_id": [907, 101, 555, 240, 333, 18]}
    letters = {"review_id": list("ihgfedcba")}
    first = [
        make(1, "SUCCEEDED", tenant=tenant, table=table(8), name="First"),
        make(2, "FAILED", tenant=tenant, failure_reason=failure),
        make(3, "SUCCEEDED", tenant=tenant, table=structured(6), json_schema=SENTIMENT),
        make(4, "CANCELLED", tenant=tenant),
        make(5, "SUCCEEDED", tenant=tenant, table=reasoning(4)),
    ]
    ties = [make(n, "SUCCEEDED", tenant=tenant, minutes=6, table=table(3)) for n in range(6, 11)]
    return [
        *first,
        *ties,
        make(12, "SUCCEEDED", tenant=tenant, table=table(6, **ids), description="Has an ID column"),
        make(13, "QUEUED", tenant=tenant, minutes=13),
        make(14, "STARTING", tenant=tenant, minutes=13),
        make(15, "RUNNING", tenant=tenant, minutes=13),
        make(16, "RUNNING", tenant=tenant, minutes=16, table=table(7)),
        make(17, "SUCCEEDED", tenant=tenant, table=table(11), dataset_id="dataset_17"),
        make(18, "QUEUED", tenant=tenant),
        make(19, "RUNNING", tenant=tenant),
        make(20, "FAILED", tenant=tenant, failure_reason=failure),
        make(21, "SUCCEEDED", tenant=tenant, table=table(9, **letters)),
    ]


def everything() -> list[Job]:
    """Two tenants with jobs in every state."""
    return mixed("first") + mixed("second")


def large() -> list[Job]:
    """More jobs than fit on the largest page."""
    older = [make(n, "SUCCEEDED", minutes=-(n // 2), table=table(3)) for n in range(1000, 1115)]
    return everything() + older


def finishing() -> list[Job]:
    """Jobs that go through their life while they are watched."""
    ends = ["SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED", "CANCELLED", "SUCCEEDED"]
    return everything() + [moving(30 + n, n / 3, end) for n, end in enumerate(ends)]


def moving(number: int, delay: float, end: str) -> Job:
    """A job that is queued, started, run and ended within a second, after a delay."""
    course = [(0.0, "QUEUED"), (0.3, "STARTING"), (0.6, "RUNNING"), (1.0, end)]
    late = [(start and start + delay, status) for start, status in course]
    reason = {"message": "Out of memory."} if end == "FAILED" else None
    return make(number, "QUEUED", course=late, failure_reason=reason)


def one() -> list[Job]:
    return [make(1, "SUCCEEDED", table=table(8))]


def failed_only() -> list[Job]:
    reason = {"message": "The model could not be loaded."}
    return [make(n, "FAILED", failure_reason=reason) for n in range(1, 6)]


def simultaneous() -> list[Job]:
    """Every job was made at the same instant."""
    return [replace(job, created=START) for job in everything()]


def nothing() -> list[Job]:
    return []
