"""Changes of servers and links, which `redocly diff` rates as harmless though they break.

- The default of a server's variable changed: callers that leave it out reach another host.
- A link is gone: tools that walk from an answer to the next operation stop there.
"""

from collections.abc import Iterator
from typing import Any

from .changes import Change, Impact

_Document = dict[str, Any]


def changes(old: _Document, new: _Document) -> Iterator[Change]:
    """Yield the breaking changes of servers and links from one document to another."""
    yield from _changed_servers(old, new)
    yield from _removed_links(old, new, "#")


def _changed_servers(old: _Document, new: _Document) -> Iterator[Change]:
    before = {server["url"]: server.get("variables", {}) for server in old.get("servers", [])}
    for index, server in enumerate(new.get("servers", [])):
        for name, variable in server.get("variables", {}).items():
            was = before.get(server["url"], {}).get(name, variable)["default"]
            now = variable["default"]
            if was != now:
                text = f"Default of `{name}` of server {server['url']} changed from {was} to {now}."
                pointer = f"#/servers/{index}/variables/{name}/default"
                yield Change(Impact.MAJOR, text, pointer)


def _removed_links(old: Any, new: Any, pointer: str) -> Iterator[Change]:
    """Walk what both documents have, to the links of responses."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return
    for key, value in old.items():
        here = f"{pointer}/{_escape(str(key))}"
        if key == "links" and "description" in old:
            for name in (name for name in value if name not in new.get("links", {})):
                text = f"Link `{name}` was removed."
                yield Change(Impact.MAJOR, text, f"{here}/{_escape(name)}")
        elif key in new:
            yield from _removed_links(value, new[key], here)


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
