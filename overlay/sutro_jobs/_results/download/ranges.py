"""A stored file in several ranges at a time, written in place."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import define, field

from ..._errors import ConnectionFailedError, StatusError, SutroError, TruncatedError
from ..._requests.flow import Running, run_blocking, sleep, start, stop, wait_for_any
from ..._requests.object_store import read_range
from ..._requests.retry import Retries

if TYPE_CHECKING:
    from ..._requests.flow import Flow, Response
    from ..._requests.requester import Requester
    from .presigned import StoredFile

# With 100 Mbit/s a connection and 80 ms of round trip, more than six gain little, and fewer lose
# much. Each part costs a round trip in which its connection is idle: 16 MiB make that 6%.
_MOST_AT_ONCE = 6
_SMALLEST_PART = 1 << 20
_LARGEST_PART = 16 << 20
# Each connection gets several parts of a large file, so that a slow one does not end last.
_PARTS_EACH = 4
_SLOW_DOWN = frozenset({429, 503})
_EXPIRED = 403
_MOST_RENEWALS = 2  # Without a byte in between.
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


class ChangedFileError(TruncatedError):
    """The stored file is not the one that other parts came from."""


@define
class Part:
    """The bytes from `position` up to `end`, which go to their place in a file as they arrive."""

    descriptor: int
    size: int
    position: int
    end: int
    etag: str | None = None

    def begin(self, response: Response) -> None:
        """Check that what comes is what was asked for, of the same file.

        Raises:
            ChangedFileError: it is of a file of another size or tag.
            TruncatedError: it is another range.
        """
        found = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
        if found is None or (int(found[1]), int(found[2]) + 1) != (self.position, self.end):
            raise TruncatedError("The object store sent another range than was asked for.")
        etag = response.headers.get("etag")
        if int(found[3]) != self.size or (self.etag and etag != self.etag):
            raise ChangedFileError("The stored results changed during the download. Try again.")
        self.etag = etag

    def write(self, chunk: bytes) -> None:
        """Write a piece where it belongs."""
        if self.position + len(chunk) > self.end:
            raise TruncatedError("The object store sent more bytes than were asked for.")
        # Only the driver that runs this part moves its position, so threads need no lock.
        left = memoryview(chunk)
        while left:
            written = os.pwrite(self.descriptor, left, self.position)
            self.position += written
            left = left[written:]


@define
class RangedDownload:
    """Downloads the missing parts of one stored file; `missing` is what a later call needs.

    `renew` asks for the file again where its URL has expired.
    """

    requester: Requester
    stored: StoredFile
    renew: Callable[[], Flow[StoredFile]]
    missing: list[Part]
    progress: Callable[[int], None]
    etag: str | None = None
    _renewed: int = 0
    _at_once: int = _MOST_AT_ONCE
    _waiting: deque[Part] = field(factory=deque["Part"])
    _running: dict[Running[None], tuple[Part, StoredFile]] = field(
        factory=dict["Running[None]", "tuple[Part, StoredFile]"]
    )

    def run(self) -> Flow[None]:
        """Download all that is missing.

        Raises:
            SutroError: a part failed too often, or the file changed.
        """
        try:
            yield from self._run()
        except GeneratorExit:
            raise  # The driver has stopped all parts, and performs no more effects.
        except BaseException:
            # Whoever goes on in another way must not find them still writing.
            for running in self._running:
                yield from stop(running)
            raise

    def _run(self) -> Flow[None]:
        retries = Retries(self.requester.options.max_retries, self.requester.options.total_timeout)
        self._waiting.extend(self.missing)
        received = self._received()
        while self._waiting or self._running:
            yield from self._start_parts()
            yield from wait_for_any(list(self._running))
            error = yield from self._settle()
            if self._received() > received:
                received = self._received()
                self.progress(received)
                retries.restart()
                self._renewed = 0
            if error is not None:
                pause = retries.wait_after(error)
                if pause is None:
                    raise error
                yield from sleep(pause)

    def _start_parts(self) -> Flow[None]:
        while self._waiting and len(self._running) < self._at_once:
            part = self._waiting.popleft()
            running = yield from start(self._read(part, self.stored))
            self._running[running] = part, self.stored

    def _read(self, part: Part, stored: StoredFile) -> Flow[None]:
        yield from read_range(self.requester, stored.url, part.position, part.end, part)
        if part.position < part.end:
            raise ConnectionFailedError("The object store ended a range early. Try again.")

    def _settle(self) -> Flow[SutroError | None]:
        """Take the parts that have ended; return an error after which to pause."""
        failure: SutroError | None = None
        for running in [each for each in self._running if each.done()]:
            part, stored = self._running.pop(running)
            self._check_tag(part)
            try:
                running.result()
            except ChangedFileError:
                raise
            except SutroError as error:
                self._waiting.append(part)
                if isinstance(error, StatusError) and error.status_code == _EXPIRED:
                    yield from self._renew(stored, error)
                else:
                    failure = self._slow_down(error)
        return failure

    def _check_tag(self, part: Part) -> None:
        """Compare the tags of parts, as stores differ in what they make of `If-Match`."""
        if part.etag is None:
            return
        if self.etag is not None and part.etag != self.etag:
            raise ChangedFileError("The stored results changed during the download. Try again.")
        self.etag = part.etag

    def _renew(self, stored: StoredFile, error: StatusError) -> Flow[None]:
        if stored is not self.stored:
            return
        self._renewed += 1
        # A URL that has never been of use is not refused for its age.
        if self._renewed > _MOST_RENEWALS:
            raise error
        renewed = yield from self.renew()
        if renewed.size != stored.size:
            raise ChangedFileError("The stored results changed during the download. Try again.")
        self.stored = renewed

    def _slow_down(self, error: SutroError) -> SutroError:
        if isinstance(error, StatusError) and error.status_code in _SLOW_DOWN:
            self._at_once = max(1, self._at_once // 2)
        return error

    def _received(self) -> int:
        size = self.stored.size
        return size - sum(part.end - part.position for part in self.missing)


def split(descriptor: int, size: int, begin: int = 0) -> list[Part]:
    """Return the parts of a file from `begin` on."""
    length = size - begin
    each = -(-length // (_MOST_AT_ONCE * _PARTS_EACH))
    each = min(max(each, _SMALLEST_PART), _LARGEST_PART)
    # A file that few large parts would make has one part a connection.
    if length <= _MOST_AT_ONCE * _LARGEST_PART:
        each = max(-(-length // _MOST_AT_ONCE), _SMALLEST_PART)
    return [Part(descriptor, size, at, min(at + each, size)) for at in range(begin, size, each)]


def allocate(descriptor: int, size: int) -> Flow[None]:
    """Take the disk space of the whole file, so that it cannot run out half-way.

    Raises:
        OSError: there is not enough.
    """

    def take() -> None:
        os.ftruncate(descriptor, 0)
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)
        else:
            os.ftruncate(descriptor, size)

    yield from run_blocking(take)
