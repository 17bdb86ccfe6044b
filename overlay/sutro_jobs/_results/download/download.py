"""The flow of `download_job_results`, which documents what it does."""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import astuple

from ..._configuration.validators import check
from ..._errors import ArgumentError, DecodingError, SutroError
from ..._requests.flow import run_blocking
from ..options import DownloadOptions
from .partial import PartialFile
from .resumable_part import ResumablePart
from .transfer import transfer

if TYPE_CHECKING:
    from ..._requests.flow import Flow
    from ..._requests.requester import Requester

_COPY_BYTES = 1 << 20


def download_job_results(
    requester: Requester,
    job_id: str,
    path: str | os.PathLike[str],
    options: DownloadOptions,
) -> Flow[Path]:
    """Write results to a file beside the target, and rename it once it is complete."""
    target = _validate_target(path)
    identity = (requester.account.base_url, job_id, *astuple(options))
    resumable = ResumablePart(target, identity)
    part, representation = resumable.claim()
    with part.open("r+b" if representation else "w+b") as file:
        file.seek(0, os.SEEK_END)
        growing = PartialFile(file, representation)
        try:
            yield from transfer(requester, growing, job_id, options)
        except BaseException as error:
            if not growing.is_inherited:
                _leave(resumable, part, growing, error)
            elif isinstance(error, SutroError):
                # A fork came in the middle: the part is that of the parent process.
                return (yield from download_job_results(requester, job_id, path, options))
            raise
    is_unzipped = options.format == "csv" and target.suffix.lower() != ".zip"
    finish = _unzip if is_unzipped else _publish
    yield from run_blocking(partial(finish, part, target))
    return target


def _leave(
    resumable: ResumablePart, part: Path, growing: PartialFile, error: BaseException
) -> None:
    """Keep a part for a later call; a body of another format is not worth resuming."""
    if isinstance(error, DecodingError):
        part.unlink()
        return
    # A later call compares the size on disk with that in the note.
    growing.file.flush()
    resumable.leave(part, growing.representation)


def _validate_target(path: str | os.PathLike[str]) -> Path:
    check("path", path, lambda value: isinstance(value, str | os.PathLike), "a path")
    target = Path(path)
    if target.is_dir():
        raise ArgumentError(f"{target} is a folder; pass the path of a file in it.")
    if not target.parent.is_dir():
        raise ArgumentError(f"The folder {target.parent} does not exist; create it first.")
    return target


def _unzip(archive: Path, target: Path) -> None:
    """Extract the only file of an archive, and give it its final name."""
    member = archive.with_suffix(".unzipped")
    try:
        with (
            zipfile.ZipFile(archive) as files,
            files.open(files.infolist()[0]) as compressed,
            member.open("xb") as file,
        ):
            shutil.copyfileobj(compressed, file, _COPY_BYTES)
        _publish(member, target)
    except (zipfile.BadZipFile, zlib.error, IndexError) as error:
        raise DecodingError(f"The archive of results is damaged: {error}. Try again.") from error
    finally:
        archive.unlink(missing_ok=True)
        member.unlink(missing_ok=True)


def _publish(part: Path, target: Path) -> None:
    """Give a file its final name once it is on disk: after a crash it is complete or absent."""
    try:
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
