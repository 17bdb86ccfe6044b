"""Job IDs that no job has: in the form of real ones, near real ones, or in no form at all."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Sequence

# None of these leads to the cancel endpoint, however a proxy decodes or normalizes paths.
MALFORMED = (
    "x" * 5000,
    "Ünïcödé-光-🦆",
    "a\x00b",
    "a\r\nX-Injected: 1",
    " ",
    "%",
    "%2e%2e%2f",
    "../no-such-path",
    "..\\..\\etc\\passwd",
    "/etc/passwd",
    "' OR '1'='1",
    "*",
    "null",
    "{job_id}",
)
_MODEL = "batch_job_00000000"
_UUID = re.compile(r"(?i)(.*?)([0-9a-f]{8})-?([0-9a-f]{4})-?([1-8])([0-9a-f]{3})-?[89ab].*")
# Where a clock stands in a UUID of these versions, the field that it may change without harm.
_UUID_OF_A_CLOCK = {"1": 2, "6": 5}
# Letters that stand for one another in every alphabet that IDs are written in: base 32 of RFC 4648
# has no 0, 1, 8 and 9, that of Crockford no I, L, O and U, base 58 no 0, I, O and l.
_ALPHABETS = (
    "234567",
    "189",
    "abcdef",
    "ABCDEF",
    "ghjkmnpqrstvwxyz",
    "GHJKMNPQRSTVWXYZ",
    "iou",
    "IO",
    "LU",
)
# Random letters at the end of UUIDs, ULIDs and TypeIDs; before them stand versions, variants and
# clocks, which a server may check.
_LETTERS_CHANGED = 12
# IDs that have a letter in common by chance are not that many.
_ENOUGH_TO_COMPARE = 8
_ATTEMPTS = 100


def make_up(models: Sequence[str], taken: Collection[str], rng: random.Random) -> str:
    """Return an ID in the form of real ones that is not taken.

    Versions, variants, clocks, prefixes and separators stay as they are. What cannot be kept is a
    checksum, so a server may call such an ID malformed.
    """
    models = models or (_MODEL,)
    for _ in range(_ATTEMPTS):
        model = rng.choice(models)
        free = _free_indexes(model, models)
        letters = [_other(each, rng) if i in free else each for i, each in enumerate(model)]
        made_up = "".join(letters)
        if made_up not in taken:
            return made_up
    # All short numbers may be taken.
    return models[0] + "".join(rng.choices("23456789", k=4))


def _free_indexes(model: str, models: Sequence[str]) -> set[int]:
    """Return where letters may change without changing the form."""
    clock = _clock_field(model)
    if clock:
        return set(range(*clock))
    prefix = re.match(r".*?[-_:.]", model, re.DOTALL)
    start = prefix.end() if prefix and prefix.end() < len(model) else 0
    # No number begins with a zero, and none of 64 bits has another first digit than others.
    start += model.isdigit() and len(model) > 1
    last = [i for i in range(start, len(model)) if model[i].isalnum() and model[i].isascii()]
    free = set(last[-_LETTERS_CHANGED:])
    same_length = [each for each in models if len(each) == len(model)]
    if len(same_length) >= _ENOUGH_TO_COMPARE:
        free = {i for i in free if len({each[i] for each in same_length}) > 1} or free
    return free


def _clock_field(model: str) -> tuple[int, int] | None:
    """Return where a UUID that ends in an address has a field of its clock."""
    found = _UUID.fullmatch(model)
    field = _UUID_OF_A_CLOCK.get(found[4]) if found else None
    return found.span(field) if found and field else None


def _other(letter: str, rng: random.Random) -> str:
    alphabet = next((each for each in _ALPHABETS if letter in each), letter)
    return rng.choice(alphabet)


def near_misses(job_id: str, known: Collection[str]) -> list[str]:
    """Return IDs that begin with, end in, or are cut from a real one, and that no job has."""
    cut = [job_id[:-1], job_id[1:], job_id[: -(len(job_id) // 4) or None]]
    candidates = [job_id + "x", "x" + job_id, "x/" + job_id, *cut, job_id + "%", job_id + "\x00x"]
    return [each for each in dict.fromkeys(candidates) if each and each not in {*known, job_id}]


def misspellings(job_id: str) -> list[str]:
    """Return IDs that mean a real one to those who decode, trim or route them loosely."""
    escaped = f"%{ord(job_id[0]) % 256:02X}{job_id[1:]}"
    others = [f" {job_id}", f"{job_id} ", f"{job_id}\n", f"{job_id}.json", f"{job_id};x=1", escaped]
    if not _has_free_case(job_id):
        others += [job_id.upper(), job_id.swapcase()]
    return [each for each in dict.fromkeys(others) if each != job_id]


def _has_free_case(job_id: str) -> bool:
    """Return whether case has no meaning in an ID: in UUIDs, and in Crockford's base 32."""
    return bool(re.fullmatch(r"(?i)[0-9a-f-]+|(.*_)?[0-9a-hjkmnp-tv-z]{26}", job_id))
