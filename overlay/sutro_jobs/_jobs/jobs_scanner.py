"""Taking the body of a list of jobs apart while it arrives."""

from __future__ import annotations

import codecs
from collections.abc import Generator
from json import JSONDecoder
from typing import Any

# Numbers stay as they are written: only where a value ends is wanted, and Python refuses to read an
# integer of more than 4,300 digits.
_SCAN = JSONDecoder(parse_int=str, parse_float=str).raw_decode
_BLANKS = " \t\n\r"
# A job is looked at again only after its text has grown by half, so that one of megabytes, which
# arrives in many pieces, does not cost their number times its size.
_GROWTH = 1.5
# Far above any job: a value that does not end by then would fill the memory.
_LONGEST_VALUE = 64 * 1024 * 1024

_Steps = Generator[None, None, Any]


class NotAListError(ValueError):
    """The body is not the JSON object that a list of jobs is."""


class JobsScanner:
    """Finds where each job begins and ends, in pieces of any size, in either shape of a list.

    `has_next_page` tells, once the body has ended, whether it is a page that others follow.
    """

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text = ""
        self._at = 0
        self._is_over = False
        self._jobs: list[str] = []
        self._steps = self._object()
        self._complete = False
        self.has_next_page = False

    def feed(self, piece: bytes) -> list[str]:
        """Take a piece, the last one with no bytes, and return the JSON of each job found in it.

        Raises:
            NotAListError: the body is not JSON, not a list of jobs, or ends too early.
        """
        self._is_over = not piece
        try:
            self._text = self._text[self._at :] + self._decode(piece, self._is_over)
            self._at = 0
            self._advance()
        except (ValueError, RecursionError) as error:
            raise NotAListError(str(error)) from error
        jobs, self._jobs = self._jobs, []
        return jobs

    def _advance(self) -> None:
        if not self._complete:
            try:
                next(self._steps)
            except StopIteration:
                self._complete = True
        if self._complete and self._text[self._at :].strip(_BLANKS):
            raise NotAListError("there is something after its end")
        if self._is_over and not self._complete:
            raise NotAListError("it ends before its closing brace")

    def _object(self) -> _Steps:
        yield from self._take("{")
        if (yield from self._peek()) == "}":
            raise NotAListError("it has no jobs")
        names: set[str] = set()
        while True:
            name = yield from self._value()
            yield from self._take(":")
            if name == "jobs":
                yield from self._array()
            else:
                value = yield from self._value()
                self.has_next_page = self.has_next_page or (name == "next_cursor" and bool(value))
            names.add(str(name))
            if (yield from self._take(",}")) == "}":
                break
        if "jobs" not in names:
            raise NotAListError("it has no jobs")

    def _array(self) -> _Steps:
        yield from self._take("[")
        if (yield from self._peek()) == "]":
            self._at += 1
            return
        while True:
            yield from self._peek()
            end = yield from self._end_of_value()
            self._jobs.append(self._text[self._at : end])
            self._at = end
            if (yield from self._take(",]")) == "]":
                return

    def _value(self) -> _Steps:
        yield from self._peek()
        end = yield from self._end_of_value()
        value = _SCAN(self._text, self._at)[0]
        self._at = end
        return value

    def _end_of_value(self) -> _Steps:
        """Wait until the value that begins here has ended, and return where."""
        enough = 0.0
        while True:
            length = len(self._text) - self._at
            if length >= enough or self._is_over:
                try:
                    end = _SCAN(self._text, self._at)[1]
                except ValueError:
                    if self._is_over:
                        raise
                else:
                    # A number goes on if digits follow.
                    if end < len(self._text) or self._is_over:
                        return end
                enough = length * _GROWTH
            if length > _LONGEST_VALUE:
                raise NotAListError("a value in it never ends")
            yield

    def _peek(self) -> _Steps:
        while True:
            while self._at < len(self._text):
                if (character := self._text[self._at]) not in _BLANKS:
                    return character
                self._at += 1
            if self._is_over:
                raise NotAListError("it ends before its closing brace")
            yield

    def _take(self, expected: str) -> _Steps:
        character = yield from self._peek()
        if character not in expected:
            raise NotAListError(f"{character!r} is where one of {expected!r} is due")
        self._at += 1
        return character
