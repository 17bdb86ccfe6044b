"""Comparison of how a server is reached and whom it lets in: servers and security."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..source import ContractError
from .findings import Finding, Scope
from .located import Located, canonical

_Requirement = dict[str, frozenset[str]]


def compare_security(old: Located, new: Located, scope: Scope) -> Iterator[Finding]:
    """Yield the differences of the ways to authenticate, each a set of schemes.

    A way that demands less than an older one is a loosening: what the older way protected is no
    longer protected. A way beside the older ones is an addition.
    """
    before, after = _ways(old), _ways(new)
    if any(not _is_among(way, after) for way in before):
        what = "a way to authenticate no longer suffices."
        yield scope.finding("security-tightened", what, new)
    for way in (way for way in after if way not in before):
        if not way or any(_demands_less(way, other) for other in before):
            what = "security requirement removed or loosened."
            yield scope.finding("security-loosened", what, new)
        elif not any(_demands_less(other, way) for other in before):
            yield scope.finding("security-added", "a further way to authenticate was added.", new)


def _ways(security: Located) -> list[_Requirement]:
    """Return each way as schemes with scopes; a scheme is what it says, not what it is called."""
    ways: list[_Requirement] = [
        {_scheme(each, name): frozenset(scopes) for name, scopes in each.node.items()}
        for each in security.elements()
    ]
    # No requirement is the same as one that demands nothing.
    return ways or [{}]


def _scheme(way: Located, name: str) -> str:
    holder = Located(way.root, "#", way.root).child("components", "securitySchemes", name)
    if holder.node is None:
        raise ContractError(f"The security scheme {name} is nowhere in the contract.")
    scheme = holder.resolved().node
    return canonical({key: value for key, value in scheme.items() if key != "description"})


def _is_among(way: _Requirement, ways: list[_Requirement]) -> bool:
    """Whether credentials for a way satisfy one of others."""
    return any(
        all(name in way and scopes <= way[name] for name, scopes in other.items()) for other in ways
    )


def _demands_less(way: _Requirement, other: _Requirement) -> bool:
    return way != other and _is_among(other, [way])


def compare_servers(old: Located, new: Located, scope: Scope) -> Iterator[Finding]:
    """Yield the differences of the servers that an operation is at; the first is the default."""
    before, after = (_by_address(servers) for servers in (old, new))
    if next(iter(before)) != next(iter(after)):
        what = f"callers that choose no server reach {_default(new)}, and not {_default(old)}."
        yield scope.finding("default-server", what, new)
    for address, server in before.items():
        if address in after:
            yield from _variables(server, after[address], scope)
        else:
            yield scope.finding("server-removed", f"server {address} was removed.", server)
    for address in (address for address in after if address not in before):
        yield scope.finding("server-added", f"server {address} was added.", after[address])


def _by_address(servers: Located) -> dict[str, Located]:
    found = {str(each.node["url"]): each for each in servers.elements()}
    # OpenAPI takes the address of the document where it names no server.
    return found or {"/": servers}


def _default(servers: Located) -> str:
    first = next(servers.elements(), None)
    if first is None:
        return "/"
    url = str(first.node["url"])
    for name, variable in first.child("variables").items():
        url = url.replace(f"{{{name}}}", str(variable.node["default"]))
    return url


def _variables(old: Located, new: Located, scope: Scope) -> Iterator[Finding]:
    before, after = (dict(each.child("variables").items()) for each in (old, new))
    for name in (name for name in before if name in after):
        variable = scope.within(f"variable `{name}`")
        at = after[name]
        was, now = (each.node.get("enum") for each in (before[name], at))
        if _misses(now, was):
            what = f"it may no longer be {_told(was, now)}."
            yield variable.finding("variable-narrower", what, at)
        if _misses(was, now):
            yield variable.finding("variable-wider", f"it may be {_told(now, was)} too.", at)
        if before[name].node["default"] != at.node["default"]:
            what = (
                f"its default changed from {before[name].node['default']} to {at.node['default']}."
            )
            yield variable.finding("default-server", what, at.child("default"))


def _misses(values: list[Any] | None, others: list[Any] | None) -> bool:
    """Whether a list of values, None for any, lacks one of others."""
    return values is not None and (others is None or not set(others) <= set(values))


def _told(values: list[Any] | None, others: list[Any] | None) -> str:
    if values is None:
        return "any other value"
    return ", ".join(f"`{value}`" for value in values if value not in (others or []))
