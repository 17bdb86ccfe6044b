"""Texts about a contract: its change log, an overview for language models, an index of versions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from ..diff import Change, Impact, compare
from ..source import version
from .operations import calls

_HEADINGS = {
    Impact.MAJOR: "Breaking changes",
    Impact.MINOR: "Additions",
    Impact.PATCH: "Other changes",
}


def change_log(document: dict[str, Any], since: dict[str, Any] | None) -> str:
    """Return the changes since an earlier contract as Markdown, the breaking ones first."""
    title = f"# {document['info']['title']} {version(document)}\n"
    if since is None:
        return f"{title}\nFirst published version.\n"
    changes = compare(since, document)
    lines = [title, f"Changes since {version(since)}.\n"]
    for impact, heading in _HEADINGS.items():
        lines += _section(heading, [change for change in changes if change.impact is impact])
    return "\n".join(lines)


def _section(heading: str, changes: Sequence[Change]) -> list[str]:
    items = [f"- {change.text} (`{change.pointer}`)" for change in changes] or ["None."]
    return [f"## {heading}\n", *items, ""]


def llms_txt(contract: dict[str, Any], files: Sequence[str]) -> str:
    """Return an overview in the form of llmstxt.org.

    The references of `contract` are resolved.
    """
    info = contract["info"]
    lines = [f"# {info['title']}", "", f"> {info['summary']}", "", info["description"]]
    for tag in contract["tags"]:
        lines += [f"## {tag['name']}", "", tag["description"].strip(), ""]
        for call in calls(contract):
            if tag["name"] in call.operation["tags"]:
                about = call.operation["description"].strip().split("\n\n")[0].replace("\n", " ")
                lines.append(f"- `{call.method} {call.path}` ({call.id}): {about}")
        lines.append("")
    lines += ["## Files", "", *(f"- [{name}]({name})" for name in files), ""]
    return "\n".join(lines)


def index_page(title: str, versions: Sequence[str], with_page: Sequence[str]) -> str:
    """Return the page that leads to each version, the newest first."""
    rows = "".join(
        f'<li><a href="{number}/{"index.html" if number in with_page else "openapi.yaml"}">'
        f'{number}</a> <a href="{number}/CHANGELOG.md">changes</a></li>\n'
        for number in versions
    )
    return _INDEX.format(title=escape(title), newest=versions[0], rows=rows)


_INDEX = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #16181d; color: #e6e6e6; }}
  a {{ color: #8ab4f8; }}
}}
</style>
<h1>{title}</h1>
<p><a href="latest/index.html">Newest version, {newest}</a></p>
<h2>All versions</h2>
<ul>
{rows}</ul>
</html>
"""
