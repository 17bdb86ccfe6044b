"""The status page at `/`. It holds no data: the browser asks for jobs with the reader's key."""

import secrets
from functools import cache
from importlib.resources import files
from string import Template

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from .service import service


async def status_page(request: Request) -> Response:
    """Answer with the page, which may run its own script and load nothing from elsewhere."""
    nonce = secrets.token_urlsafe(16)
    html = _template().substitute(nonce=nonce, edition=service(request).settings.edition.upper())
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


@cache
def _template() -> Template:
    page = files(__package__) / "status.html"
    return Template(page.read_text(encoding="utf-8"))
