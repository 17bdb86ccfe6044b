"""Redocly CLI, the npm tool that renders contracts."""

import os
import shutil
import subprocess
from pathlib import Path

from .source import ContractError

VERSION = "2.77.0"
"""The version that was tried, which a checkout installs from npm's lock file."""

_CHECKOUT = Path(__file__).parents[1] / "node_modules" / ".bin" / "redocly"
_QUIET = {"REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "REDOCLY_TELEMETRY": "off"}


class NoRedoclyError(ContractError):
    """Redocly CLI is not installed. It is never fetched without being asked for."""


def run(*arguments: str | Path, folder: Path) -> str:
    """Run Redocly CLI in `folder` and return its standard output.

    Raises `NoRedoclyError` where the tool cannot be had and `ContractError` where it fails. Its
    exit status is left to the caller's reading of the output, since 1 means a failure as well as a
    finding.
    """
    command = [*_command(), *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - the command is fixed, its arguments are file names
        command, cwd=folder, env=os.environ | _QUIET, capture_output=True, text=True
    )
    # It says what is wrong on either stream, and ends with 1 for findings too.
    if not done.stdout.strip() and done.returncode:
        raise ContractError(f"Redocly CLI failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _command() -> list[str]:
    if _CHECKOUT.exists() and shutil.which("node"):
        return [str(_CHECKOUT)]
    if installed := shutil.which("redocly"):
        return [installed]
    raise NoRedoclyError(
        f"This needs Redocly CLI {VERSION}, which runs on Node.js 20.19 or later: run make spec in "
        f"a checkout, or npm install --global @redocly/cli@{VERSION}, and try again."
    )
