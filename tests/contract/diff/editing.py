"""What an edit of the contract is, and the steps that edits are made of."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import sutro_contract
from sutro_contract.diff import Impact
from sutro_contract.diff.rules import RULES, Direction

Document = Any
Step = Callable[[Document], object]

FIELD = "/components/schemas/Job/properties/probe"
ARGUMENT = "/components/schemas/JobResultsRequest/properties/probe"
LIST = "/paths/~1list-jobs/get"
STATUS = "/paths/~1job-status~1{job_id}/get"
RESULTS = "/paths/~1jobs~1{job_id}~1results/get"
CANCEL = "/paths/~1job-cancel~1{job_id}"
POSTED = "/paths/~1job-results/post"
JOB = "/components/schemas/Job"


@dataclass(frozen=True)
class Edit:
    """One edit: what it is, the rule that names it or None, and its two documents."""

    text: str
    where: str
    rule: str | None
    direction: Direction
    old: tuple[Step, ...] = field(repr=False)
    new: tuple[Step, ...] = field(repr=False)

    @property
    def impact(self) -> Impact | None:
        """The impact that `spec diff` has to report, None if there is nothing to report."""
        return None if self.rule is None else RULES[self.rule].impact(self.direction)

    def documents(self) -> tuple[Document, Document]:
        """Return the contract before and after the edit."""
        return made(*self.old), made(*self.new)


def made(*steps: Step) -> Document:
    document = deepcopy(sutro_contract.load_contract())
    for step in steps:
        step(document)
    return document


def at(document: Document, pointer: str) -> tuple[Any, Any]:
    """Return the holder of a pointer's node and the key of the node in it."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    holder = document
    for step in steps[:-1]:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    return holder, int(steps[-1]) if isinstance(holder, list) else steps[-1]


def put(pointer: str, value: Any) -> Step:
    def step(document: Document) -> None:
        holder, key = at(document, pointer)
        if isinstance(holder, list) and key == len(holder):
            holder.append(deepcopy(value))
        else:
            holder[key] = deepcopy(value)

    return step


def cut(pointer: str) -> Step:
    def step(document: Document) -> None:
        holder, key = at(document, pointer)
        del holder[key]

    return step


def move(source: str, target: str) -> Step:
    def step(document: Document) -> None:
        holder, key = at(document, source)
        put(target, holder.pop(key))(document)

    return step


def wrap(pointer: str, wrapped: Callable[[Any], Any]) -> Step:
    def step(document: Document) -> None:
        holder, key = at(document, pointer)
        holder[key] = wrapped(holder[key])

    return step


REQUEST, ANSWER = Direction.REQUEST, Direction.ANSWER


def edit(
    text: str, rule: str | None, *steps: Step, given: tuple[Step, ...] = (), sent: bool = True
) -> Edit:
    direction = REQUEST if sent else ANSWER
    return Edit(text, "sent" if sent else "received", rule, direction, given, (*given, *steps))


def got(text: str, rule: str | None, *steps: Step, given: tuple[Step, ...] = ()) -> Edit:
    return edit(text, rule, *steps, given=given, sent=False)


TEXT: Any = {"type": "string"}
NUMBER: Any = {"type": "number"}
WHOLE: Any = {"type": "integer"}
OBJECT: Any = {"type": "object", "properties": {"a": TEXT, "b": NUMBER}}
LIST_OF: Any = {"type": "array", "items": TEXT}
NULL: Any = {"type": "null"}
