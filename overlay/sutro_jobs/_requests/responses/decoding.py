"""JSON bodies to typed values, with errors that say what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from ..._errors import DecodingError, SutroError, UnexpectedShapeError

if TYPE_CHECKING:
    from ..flow import Response

T = TypeVar("T")
# Bytes of a wrong body that an error carries: enough for the title of a proxy's page.
_SHORT_BODY = 500


def decode(
    decoder: msgspec.json.Decoder[T], response: Response, what: str, *, show_body: bool = True
) -> T:
    """Decode the body of a response; `what` names it in errors, which may show its start.

    Raises:
        UnexpectedShapeError: it is JSON, but fields are missing or have other types.
        DecodingError: it is not JSON.
    """
    try:
        return decoder.decode(response.content)
    except msgspec.ValidationError as error:
        raise _explained(UnexpectedShapeError, response, what, error, show_body) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _explained(DecodingError, response, what, error, show_body) from error


def _explained(
    kind: type[SutroError], response: Response, what: str, error: Exception, show_body: bool
) -> SutroError:
    shown = response.content[:_SHORT_BODY].decode("utf-8", "replace")

    return kind(
        f"The server sent a {what} that cannot be decoded: {error}. Check that api_url is a Sutro "
        "deployment; 'sutro-jobs verify' shows how it differs from the contract.",
        status_code=response.status_code,
        request_id=response.request_id,
        body=shown if show_body else None,
    )
