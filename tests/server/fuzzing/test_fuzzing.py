"""What the server decodes stands bytes of any kind: a kept corpus, and mutants of it.

`make fuzz-server` makes many more mutants, and adds what fails to the corpus.
"""

import os
import socket
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.fuzzing.targets import TARGETS, Target
from tests.support.reference_server import Server
from tests.support.waiting import PATIENCE

CORPUS = Path(__file__).with_name("corpus")
KEPT = [path for path in sorted(CORPUS.rglob("*")) if path.is_file()]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
# What decoders treat apart: ends, quotes, signs, and numbers of their own meaning.
PIECES = [b"", b"\0", b"\n", b"\r\n", b'"', b"\\", b",", b";", b"[", b"{", b"]", b"}", b"=", b"-"]
PIECES += [b"0", b"9" * 30, b"1e999", b"NaN", b"null", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"%0A"]


# Longer ones say nothing new, and Hypothesis shows those that fail.
_LONGEST = 64 << 10


def corpus_of(target: str) -> list[bytes]:
    return [path.read_bytes() for path in KEPT if path.parent.name == target]


@st.composite
def mutants(draw: st.DrawFn, corpus: list[bytes]) -> bytes:
    """Bytes of the corpus with some changes, or two of its files joined."""
    data = draw(st.sampled_from(corpus))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 16)))
        new = draw(
            st.sampled_from(PIECES) | st.binary(max_size=4) | st.sampled_from(corpus).map(half_of)
        )
        data = data[:start] + new * draw(st.sampled_from([1, 1, 1, 3, 1000])) + data[end:]
    return data[:_LONGEST]


def half_of(data: bytes) -> bytes:
    return data[len(data) // 2 :]


def fuzz(name: str, target: Target, examples: int) -> None:
    """Try a target with mutants of its corpus; add the smallest one that fails to the corpus."""
    failed: list[bytes] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(mutants(corpus_of(name)))
    def attempt(data: bytes) -> None:
        try:
            target(data)
        except BaseException:
            failed.append(data)
            raise

    try:
        attempt()
    finally:
        if failed and "FUZZ_EXAMPLES" in os.environ:
            found = CORPUS / name / f"found-{sha256(failed[-1]).hexdigest()[:12]}"
            found.write_bytes(failed[-1])


@pytest.mark.parametrize(
    "path",
    [path for path in KEPT if path.parent.name in TARGETS],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_the_corpus_is_decoded_or_refused(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_mutants_of_the_corpus_are_decoded_or_refused(name: str) -> None:
    fuzz(name, TARGETS[name], EXAMPLES)


def send(server: Server, data: bytes) -> bytes:
    address = urlsplit(server.url)
    received = bytearray()
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except TimeoutError:
            raise
        except OSError:
            # The server had heard enough.
            pass
    return bytes(received)


def test_requests_of_any_bytes_are_answered_or_refused(server: Server) -> None:
    def target(data: bytes) -> None:
        answer = send(server, data)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
        assert not answer.startswith(b"HTTP/1.1 5")
        assert answer == b"" or b"\r\nx-request-id: " in answer

    for kept in corpus_of("http"):
        target(kept.replace(b"KEY", server.key.encode()))
    fuzz("http", lambda data: target(data.replace(b"KEY", server.key.encode())), EXAMPLES)
    assert httpx.get(f"{server.url}/health").status_code == 200
    assert "Traceback" not in server.log.read_text()
