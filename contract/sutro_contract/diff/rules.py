"""The rules of `sutro-jobs spec diff`: what each kind of change does to a client.

Direction counts. What a client sends may be judged otherwise than what it receives, so a rule on
schemas has two impacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .changes import Impact


class Direction(Enum):
    """Who reads what a schema describes."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass(frozen=True)
class Rule:
    """A kind of change: its ID, what it is, and its impact in a request and in an answer.

    An impact is None where the kind cannot occur in that direction.
    """

    id: str
    sentence: str
    request: Impact | None
    answer: Impact | None

    def impact(self, direction: Direction) -> Impact:
        """Return the impact in a direction.

        Raises:
            ValueError: the kind of change cannot occur there.
        """
        impact = self.request if direction is Direction.REQUEST else self.answer
        if impact is None:
            raise ValueError(f"{self.id} has no impact in a {direction.value}")
        return impact


_BREAKING, _ADDITION, _OTHER = Impact.MAJOR, Impact.MINOR, Impact.PATCH


def _schema(name: str, *, narrower: str, wider: str) -> tuple[Rule, Rule]:
    """Two opposite changes of a set of values: a client breaks if it sends what became refused,
    or receives what it was promised not to."""
    return (
        Rule(f"{name}-narrower", narrower, _BREAKING, _ADDITION),
        Rule(f"{name}-wider", wider, _ADDITION, _BREAKING),
    )


def _both(name: str, sentence: str, impact: Impact) -> Rule:
    return Rule(name, sentence, impact, impact)


def _request(name: str, sentence: str, impact: Impact) -> Rule:
    return Rule(name, sentence, impact, None)


def _answer(name: str, sentence: str, impact: Impact) -> Rule:
    return Rule(name, sentence, None, impact)


SCHEMA_RULES = (
    *_schema("type", narrower="A type is no longer allowed.", wider="A further type is allowed."),
    *_schema("enum", narrower="A value is no longer allowed.", wider="A further value is allowed."),
    *_schema("bound", narrower="A bound is tighter.", wider="A bound is looser."),
    *_schema(
        "constraint",
        narrower="A format, pattern or other constraint was added.",
        wider="A format, pattern or other constraint was removed.",
    ),
    _both("constraint-changed", "A constraint was replaced by another.", _BREAKING),
    *_schema(
        "alternative",
        narrower="One of several schemas is no longer allowed.",
        wider="A further schema is allowed.",
    ),
    *_schema(
        "required", narrower="A field became required.", wider="A field is no longer required."
    ),
    _both("property-removed", "A field is no longer described.", _BREAKING),
    _both("property-added", "An optional field was added.", _ADDITION),
    Rule("required-property-added", "A required field was added.", _BREAKING, _ADDITION),
    *_schema(
        "extra",
        narrower="Fields that are not described are no longer allowed.",
        wider="Fields that are not described are allowed.",
    ),
    _both("known-value-removed", "A value of `x-extensible-enum` is no longer named.", _BREAKING),
    _both("known-value-added", "A value of `x-extensible-enum` was added.", _ADDITION),
    Rule("default-changed", "The default of a field or parameter changed.", _BREAKING, _OTHER),
    _both("deprecated", "Something was marked as deprecated, or is no longer.", _ADDITION),
    _both("note-changed", "A description, example or extension changed.", _OTHER),
)
REQUEST_RULES = (
    _request("path-removed", "An operation was removed.", _BREAKING),
    _request("operation-added", "An operation was added.", _ADDITION),
    _request("operation-renamed", "An `operationId` changed.", _BREAKING),
    _request("operation-optional", "Servers may lack an operation from now on.", _BREAKING),
    _request("operation-assured", "Servers may no longer lack an operation.", _ADDITION),
    _request("tags-changed", "The tags of an operation changed.", _OTHER),
    _request("path-parameter-renamed", "A parameter of a path has another name.", _BREAKING),
    _request("parameter-removed", "A parameter was removed.", _BREAKING),
    _request("parameter-added", "An optional parameter was added.", _ADDITION),
    _request("required-parameter-added", "A required parameter was added.", _BREAKING),
    _request("parameter-required", "A parameter became required.", _BREAKING),
    _request("parameter-optional", "A parameter is no longer required.", _ADDITION),
    _request("parameter-encoding", "A parameter is written in another way.", _BREAKING),
    _request("body-removed", "A request has no body any more.", _BREAKING),
    _request("body-added", "A request may have a body.", _ADDITION),
    _request("required-body-added", "A request needs a body.", _BREAKING),
    _request("body-required", "The body of a request became required.", _BREAKING),
    _request("body-optional", "The body of a request is no longer required.", _ADDITION),
    _request("encoding-changed", "The parts of a body are encoded in another way.", _BREAKING),
    _request("security-tightened", "A way to authenticate no longer suffices.", _BREAKING),
    _request("security-loosened", "Less authentication suffices, or none.", _BREAKING),
    _request("security-added", "There is a further way to authenticate.", _ADDITION),
    _request("callback-removed", "A callback or webhook was removed.", _BREAKING),
    _request("callback-changed", "A callback or webhook changed.", _BREAKING),
    _request("callback-added", "A callback or webhook was added.", _ADDITION),
    _request("default-server", "Callers that choose no server reach another one.", _BREAKING),
    _request("server-removed", "A server was removed.", _BREAKING),
    _request("server-added", "A server was added.", _ADDITION),
    _request("variable-narrower", "A server's variable allows fewer values.", _BREAKING),
    _request("variable-wider", "A server's variable allows more values.", _ADDITION),
)
ANSWER_RULES = (
    _answer("answer-removed", "A status is no longer described.", _BREAKING),
    _answer("answer-added", "A status was added.", _ADDITION),
    _answer("header-removed", "A header of an answer was removed.", _BREAKING),
    _answer("header-added", "A header of an answer was added.", _ADDITION),
    _answer("header-optional", "A header of an answer is no longer required.", _BREAKING),
    _answer("header-required", "A header of an answer is always there now.", _ADDITION),
    _answer("link-removed", "A link was removed.", _BREAKING),
    _answer("link-added", "A link was added.", _ADDITION),
    _answer("link-changed", "A link leads elsewhere, or with other parameters.", _BREAKING),
)
BODY_RULES = (
    _both("media-type-removed", "A media type of a body was removed.", _BREAKING),
    _both("media-type-added", "A media type of a body was added.", _ADDITION),
)
RULES = {rule.id: rule for rule in SCHEMA_RULES + REQUEST_RULES + ANSWER_RULES + BODY_RULES}
