from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.invalid_parameters_error import InvalidParametersError
from ...models.job_cancellation import JobCancellation
from ...types import Response


def _get_kwargs(
    job_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/job-cancel/{job_id}".format(
            job_id=quote(str(job_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | InvalidParametersError | JobCancellation | None:
    if response.status_code == 200:
        response_200 = JobCancellation.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 422:
        response_422 = InvalidParametersError.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Error.from_dict(response.json())

        return response_429

    if 400 <= response.status_code <= 499:
        response_4xx = Error.from_dict(response.json())

        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = Error.from_dict(response.json())

        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Error | InvalidParametersError | JobCancellation]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Error | InvalidParametersError | JobCancellation]:
    """Cancel a job

     Asks for the cancellation of a job and returns at once: an active job goes to `CANCELLING` and later
    to
    `CANCELLED` or another final state. Any existing job is accepted, also one that has ended; what has
    ended stays as it is. Repeating the call changes nothing more.

    This operation changes state although its method is GET.

    Args:
        job_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | InvalidParametersError | JobCancellation]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Error | InvalidParametersError | JobCancellation | None:
    """Cancel a job

     Asks for the cancellation of a job and returns at once: an active job goes to `CANCELLING` and later
    to
    `CANCELLED` or another final state. Any existing job is accepted, also one that has ended; what has
    ended stays as it is. Repeating the call changes nothing more.

    This operation changes state although its method is GET.

    Args:
        job_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | InvalidParametersError | JobCancellation
    """

    return sync_detailed(
        job_id=job_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Error | InvalidParametersError | JobCancellation]:
    """Cancel a job

     Asks for the cancellation of a job and returns at once: an active job goes to `CANCELLING` and later
    to
    `CANCELLED` or another final state. Any existing job is accepted, also one that has ended; what has
    ended stays as it is. Repeating the call changes nothing more.

    This operation changes state although its method is GET.

    Args:
        job_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | InvalidParametersError | JobCancellation]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Error | InvalidParametersError | JobCancellation | None:
    """Cancel a job

     Asks for the cancellation of a job and returns at once: an active job goes to `CANCELLING` and later
    to
    `CANCELLED` or another final state. Any existing job is accepted, also one that has ended; what has
    ended stays as it is. Repeating the call changes nothing more.

    This operation changes state although its method is GET.

    Args:
        job_id (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | InvalidParametersError | JobCancellation
    """

    return (
        await asyncio_detailed(
            job_id=job_id,
            client=client,
        )
    ).parsed
