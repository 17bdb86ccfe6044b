"""All edits, and the page of the documentation that lists them.

`make spec-edits` writes docs/contract-edits.md.
"""

from pathlib import Path

from sutro_contract.diff import Impact
from sutro_contract.diff.rules import RULES

from .document_edits import document_edits
from .editing import Edit
from .schema_edits import field_edits, schema_edits

PAGE = Path(__file__).parents[3] / "docs" / "contract-edits.md"
EDITS: list[Edit] = [*document_edits(), *field_edits(), *schema_edits()]


def page() -> str:
    """Return the documentation's page of rules and edits."""
    rules = [
        f"| `{rule.id}` | {rule.sentence} | {_word(rule.request)} | {_word(rule.answer)} |"
        for rule in RULES.values()
    ]
    edits = [
        f"| {number} | {edit.text} | {edit.where} | {_word(edit.impact)} | {_code(edit.rule)} |"
        for number, edit in enumerate(EDITS, start=1)
    ]
    return "\n".join((_HEAD, *rules, _BETWEEN, *edits, ""))


def _word(impact: Impact | None) -> str:
    return _WORDS[impact] if impact is not None else "n/a"


def _code(rule: str | None) -> str:
    return f"`{rule}`" if rule else "nothing changed"


_WORDS = {
    Impact.MAJOR: "**breaking**",
    Impact.MINOR: "addition",
    Impact.PATCH: "other",
}
_HEAD = """\
# Rules and edits of `spec diff`

`make spec-edits` writes this page from `tests/contract/diff/edits.py`, and a test makes each edit.

## Rules

A client of the older contract sends requests and receives answers, so the same change of a
schema may break it in one direction and not in the other. Breaking raises the first number of the
version, an addition the second, anything else the third.

| Rule | Change | In a request | In an answer |
|---|---|---|---|"""
_BETWEEN = """
## Edits

Edits of schemas name what was there → what is there now.

| | Edit | Part | Verdict | Rule |
|---|---|---|---|---|"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
