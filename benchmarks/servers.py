"""Starts and stops the servers that the cases talk to."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import certifi
import trustme


@contextmanager
def running(command: list[str]) -> Iterator[tuple[str, int]]:
    """Run a server that prints its URL once it answers; give the URL and the process's id."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"{command[0]} ended before it answered")
            yield line.split()[-1], process.pid
        finally:
            process.terminate()


@contextmanager
def static(root: Path, *, tls: bool = False) -> Iterator[str]:
    """Run the static server, over TLS with a certificate of its own authority where asked."""
    command = [sys.executable, "-m", "benchmarks.static_server", str(root)]
    if tls:
        command += ["--certificate", str(write_certificate(root))]
    with running(command) as (url, _):
        yield url


def write_certificate(root: Path) -> Path:
    """Write a certificate for the loopback address, and those to trust into `authority.pem`.

    Its authority is one of many there, as clients load all that they trust.
    """
    authority, path = trustme.CA(), root / "server.pem"
    (root / "authority.pem").write_bytes(
        Path(certifi.where()).read_bytes() + authority.cert_pem.bytes()
    )
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(path))
    return path
