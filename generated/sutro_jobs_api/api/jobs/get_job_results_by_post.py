from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.invalid_parameters_error import InvalidParametersError
from ...models.job_results_request import JobResultsRequest
from ...models.job_results_response import JobResultsResponse
from ...types import Response


def _get_kwargs(
    *,
    body: JobResultsRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/job-results",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | InvalidParametersError | JobResultsResponse | None:
    if response.status_code == 200:
        response_200 = JobResultsResponse.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Error.from_dict(response.json())

        return response_409

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
) -> Response[Error | InvalidParametersError | JobResultsResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: JobResultsRequest,
) -> Response[Error | InvalidParametersError | JobResultsResponse]:
    """Get the results of a job (older form)

     The form of results that the edition of 2025 documents and the vendor's SDK still sends. It answers
    with
    the same columns as JSON, inside an object.

    Args:
        body (JobResultsRequest): Which results are asked for.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | InvalidParametersError | JobResultsResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: JobResultsRequest,
) -> Error | InvalidParametersError | JobResultsResponse | None:
    """Get the results of a job (older form)

     The form of results that the edition of 2025 documents and the vendor's SDK still sends. It answers
    with
    the same columns as JSON, inside an object.

    Args:
        body (JobResultsRequest): Which results are asked for.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | InvalidParametersError | JobResultsResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: JobResultsRequest,
) -> Response[Error | InvalidParametersError | JobResultsResponse]:
    """Get the results of a job (older form)

     The form of results that the edition of 2025 documents and the vendor's SDK still sends. It answers
    with
    the same columns as JSON, inside an object.

    Args:
        body (JobResultsRequest): Which results are asked for.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | InvalidParametersError | JobResultsResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: JobResultsRequest,
) -> Error | InvalidParametersError | JobResultsResponse | None:
    """Get the results of a job (older form)

     The form of results that the edition of 2025 documents and the vendor's SDK still sends. It answers
    with
    the same columns as JSON, inside an object.

    Args:
        body (JobResultsRequest): Which results are asked for.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | InvalidParametersError | JobResultsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
