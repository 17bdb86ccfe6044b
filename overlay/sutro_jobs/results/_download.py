"""The flow behind `download_job_results`, which documents what it does."""

from __future__ import annotations

import os
import secrets
import shutil
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import ArgumentError
from .._flow import run_blocking
from ._transfer import ResultsFormat, transfer

if TYPE_CHECKING:
    from .._flow import Flow
    from .._transport import Transport

_FORMATS = ("json", "csv", "parquet")


def download_job_results(
    transport: Transport,
    job_id: str,
    path: str | os.PathLike[str],
    *,
    format: ResultsFormat,  # noqa: A002
    include_inputs: bool,
    include_cumulative_logprobs: bool,
) -> Flow[Path]:
    """Write results to a file beside the target, and give it the target's name once it is whole."""
    target = _checked(Path(path), format)
    part = _beside(target)
    try:
        with part.open("x+b") as file:
            yield from transfer(
                transport,
                file,
                job_id,
                form=format,
                include_inputs=include_inputs,
                include_cumulative_logprobs=include_cumulative_logprobs,
            )
        is_csv = format == "csv" and target.suffix.lower() != ".zip"
        yield from run_blocking(partial(_finish, part, target, extract=is_csv))
    finally:
        part.unlink(missing_ok=True)
    return target


def _checked(target: Path, form: str) -> Path:
    if form not in _FORMATS:
        raise ArgumentError(f"format is {form!r}; it has to be one of {', '.join(_FORMATS)}.")
    if target.is_dir():
        raise ArgumentError(f"{target} is a folder; give the path of a file in it.")
    if not target.parent.is_dir():
        raise ArgumentError(f"There is no folder {target.parent}; make it first.")
    return target


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")


def _finish(part: Path, target: Path, *, extract: bool) -> None:
    if extract and zipfile.is_zipfile(part):
        unzipped = _beside(target)
        try:
            _unzip(part, unzipped)
            _publish(unzipped, target)
        finally:
            unzipped.unlink(missing_ok=True)
    else:
        _publish(part, target)


def _unzip(archive: Path, to: Path) -> None:
    with (
        zipfile.ZipFile(archive) as files,
        files.open(files.infolist()[0]) as member,
        to.open("xb") as file,
    ):
        shutil.copyfileobj(member, file, 1 << 20)


def _publish(part: Path, target: Path) -> None:
    """Give a file its final name, on disk before that: after a crash it is whole or not there."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
