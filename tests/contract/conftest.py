"""Fixtures of the contract's tests."""

import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock

import sutro_contract

COMMAND = str(Path(sys.executable).with_name("sutro-jobs"))
Spec = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Spec:
    """Run `sutro-jobs spec` with arguments: `spec("diff", old, new).returncode`."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        command = [COMMAND, "spec", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, **options)

    # Where npx has to fetch Redocly CLI, it does so once: two at a time spoil npx's own cache.
    with FileLock(tmp_path_factory.getbasetemp().parent / "redocly.lock"):
        first = run("diff", sutro_contract.contract_path(), sutro_contract.contract_path())
    assert first.returncode == 0, first.stderr
    return run


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write the contract after edits to a file: `edited(lambda contract: ...)`."""

    def write(*edits: Callable[[Any], object]) -> Path:
        contract = deepcopy(sutro_contract.load_contract())
        for edit in edits:
            edit(contract)
        file = tmp_path_factory.mktemp("contract") / "openapi.yaml"
        file.write_text(yaml.safe_dump(contract, sort_keys=False), encoding="utf-8")
        return file

    return write
