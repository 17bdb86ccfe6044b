"""Fixtures of the contract's tests."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

import sutro_contract

COMMAND = str(Path(sys.executable).with_name("sutro-jobs"))


class RunSpec(Protocol):
    """Runs `sutro-jobs spec` with arguments: `spec("diff", old, new).returncode`."""

    def __call__(
        self,
        *arguments: str | Path,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]: ...


class EditContract(Protocol):
    """Writes the contract after edits to a file: `edited(lambda contract: ...)`."""

    def __call__(self, *edits: Callable[[Any], object]) -> Path: ...


@pytest.fixture(scope="session")
def spec() -> RunSpec:
    """Run `sutro-jobs spec` with arguments: `spec("diff", old, new).returncode`."""

    def run(
        *arguments: str | Path, stdin: str | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        command = [COMMAND, "spec", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, input=stdin, env=env)

    return run


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> EditContract:
    """Write the contract after edits to a file: `edited(lambda contract: ...)`."""

    def write(*edits: Callable[[Any], object]) -> Path:
        contract = deepcopy(sutro_contract.load_contract())
        for edit in edits:
            edit(contract)
        file = tmp_path_factory.mktemp("contract") / "openapi.yaml"
        file.write_text(yaml.safe_dump(contract, sort_keys=False), encoding="utf-8")
        return file

    return write


@pytest.fixture
def shelf(spec: RunSpec, tmp_path: Path) -> tuple[Path, Path]:
    """A contract and the folder of its published versions, the present one among them."""
    contract, published = tmp_path / "openapi.yaml", tmp_path / "published"
    shutil.copy(sutro_contract.contract_path(), contract)
    set_version(contract, "1.4.2")
    done = spec("publish", "--contract", contract, "--published", published)
    assert done.returncode == 0, done.stderr
    return contract, published


def set_version(contract: Path, version: str) -> None:
    edit(
        contract,
        f"version: {sutro_contract.version(sutro_contract.load_contract())}",
        f"version: {version}",
    )


def edit(contract: Path, old: str, new: str) -> None:
    text = contract.read_text()
    assert old in text
    contract.write_text(text.replace(old, new, 1))
