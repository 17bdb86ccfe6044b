"""Reference server of the Sutro jobs API; `create_app(Settings(data="jobs"))` is the ASGI app."""

from .http.app import create_app
from .settings import Settings

__all__ = ["Settings", "create_app"]
