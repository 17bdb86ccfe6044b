"""What a mutant is, and the two catalogues: wrong servers and right ones that differ."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from .server import Server


@dataclass(frozen=True)
class Mutant:
    """A server with one defect; or a right one with a peculiarity, and then without clauses."""

    name: str
    topic: str
    sentence: str
    clauses: tuple[str, ...]
    server: type[Server]


S = TypeVar("S", bound=type[Server])

WRONG: dict[str, Mutant] = {}
RIGHT: dict[str, Mutant] = {}


def name_of(server: type[Server]) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", server.__name__).lower()


def add(catalogue: dict[str, Mutant], server: type[Server], clauses: tuple[str, ...]) -> None:
    name = name_of(server)
    if name in catalogue:
        raise ValueError(f"Two servers are named {name}: rename one.")
    sentence = " ".join((server.__doc__ or "").split())
    topic = server.__module__.rpartition(".")[2]
    catalogue[name] = Mutant(name, topic, sentence, clauses, server)


def defect(*clauses: str) -> Callable[[S], S]:
    """Enter a wrong server; any of the clauses may be the first to catch it."""

    def enter(server: S) -> S:
        add(WRONG, server, clauses)
        return server

    return enter


def right(server: S) -> S:
    """Enter a right server that differs from the others."""
    add(RIGHT, server, ())
    return server
