"""Reference server of the Sutro jobs API; `create_app(Settings(data="jobs"))` is the ASGI app."""

from ._app import create_app
from ._settings import Settings

__all__ = ["Settings", "create_app"]
