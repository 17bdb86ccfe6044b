from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.invalid_parameters_error import InvalidParametersError
from ...models.job_results_url import JobResultsUrl
from ...models.results_file_format import ResultsFileFormat
from ...types import UNSET, Response, Unset


def _get_kwargs(
    job_id: str,
    *,
    format_: ResultsFileFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
    expires_in_seconds: int | Unset = 3600,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_format_: str | Unset = UNSET
    if not isinstance(format_, Unset):
        json_format_ = format_.value

    params["format"] = json_format_

    params["include_inputs"] = include_inputs

    params["include_cumulative_logprobs"] = include_cumulative_logprobs

    params["expires_in_seconds"] = expires_in_seconds

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/jobs/{job_id}/results-url".format(
            job_id=quote(str(job_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | InvalidParametersError | JobResultsUrl | None:
    if response.status_code == 200:
        response_200 = JobResultsUrl.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

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
) -> Response[Error | InvalidParametersError | JobResultsUrl]:
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
    format_: ResultsFileFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
    expires_in_seconds: int | Unset = 3600,
) -> Response[Error | InvalidParametersError | JobResultsUrl]:
    """Get URLs for the results of a job

     Presigned URLs of the results of a job that succeeded, at an object store on another host. It is the
    way
    for large results and for downloads that resume: `urls.get` takes `Range`, and `urls.head` answers
    HEAD
    with `Content-Length` and `ETag`. The file is made once and kept; an ID column is always in it.

    Send these URLs no `Authorization` header: object stores refuse a request with two kinds of
    credentials.
    Until they expire the URLs are secrets, like the key: keep them out of logs.

    Args:
        job_id (str):
        format_ (ResultsFileFormat | Unset): Form of a results file.
        include_inputs (bool | Unset):  Default: False.
        include_cumulative_logprobs (bool | Unset):  Default: False.
        expires_in_seconds (int | Unset):  Default: 3600.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | InvalidParametersError | JobResultsUrl]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
        format_=format_,
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
        expires_in_seconds=expires_in_seconds,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
    format_: ResultsFileFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
    expires_in_seconds: int | Unset = 3600,
) -> Error | InvalidParametersError | JobResultsUrl | None:
    """Get URLs for the results of a job

     Presigned URLs of the results of a job that succeeded, at an object store on another host. It is the
    way
    for large results and for downloads that resume: `urls.get` takes `Range`, and `urls.head` answers
    HEAD
    with `Content-Length` and `ETag`. The file is made once and kept; an ID column is always in it.

    Send these URLs no `Authorization` header: object stores refuse a request with two kinds of
    credentials.
    Until they expire the URLs are secrets, like the key: keep them out of logs.

    Args:
        job_id (str):
        format_ (ResultsFileFormat | Unset): Form of a results file.
        include_inputs (bool | Unset):  Default: False.
        include_cumulative_logprobs (bool | Unset):  Default: False.
        expires_in_seconds (int | Unset):  Default: 3600.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | InvalidParametersError | JobResultsUrl
    """

    return sync_detailed(
        job_id=job_id,
        client=client,
        format_=format_,
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
        expires_in_seconds=expires_in_seconds,
    ).parsed


async def asyncio_detailed(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
    format_: ResultsFileFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
    expires_in_seconds: int | Unset = 3600,
) -> Response[Error | InvalidParametersError | JobResultsUrl]:
    """Get URLs for the results of a job

     Presigned URLs of the results of a job that succeeded, at an object store on another host. It is the
    way
    for large results and for downloads that resume: `urls.get` takes `Range`, and `urls.head` answers
    HEAD
    with `Content-Length` and `ETag`. The file is made once and kept; an ID column is always in it.

    Send these URLs no `Authorization` header: object stores refuse a request with two kinds of
    credentials.
    Until they expire the URLs are secrets, like the key: keep them out of logs.

    Args:
        job_id (str):
        format_ (ResultsFileFormat | Unset): Form of a results file.
        include_inputs (bool | Unset):  Default: False.
        include_cumulative_logprobs (bool | Unset):  Default: False.
        expires_in_seconds (int | Unset):  Default: 3600.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | InvalidParametersError | JobResultsUrl]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
        format_=format_,
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
        expires_in_seconds=expires_in_seconds,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
    format_: ResultsFileFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
    expires_in_seconds: int | Unset = 3600,
) -> Error | InvalidParametersError | JobResultsUrl | None:
    """Get URLs for the results of a job

     Presigned URLs of the results of a job that succeeded, at an object store on another host. It is the
    way
    for large results and for downloads that resume: `urls.get` takes `Range`, and `urls.head` answers
    HEAD
    with `Content-Length` and `ETag`. The file is made once and kept; an ID column is always in it.

    Send these URLs no `Authorization` header: object stores refuse a request with two kinds of
    credentials.
    Until they expire the URLs are secrets, like the key: keep them out of logs.

    Args:
        job_id (str):
        format_ (ResultsFileFormat | Unset): Form of a results file.
        include_inputs (bool | Unset):  Default: False.
        include_cumulative_logprobs (bool | Unset):  Default: False.
        expires_in_seconds (int | Unset):  Default: 3600.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | InvalidParametersError | JobResultsUrl
    """

    return (
        await asyncio_detailed(
            job_id=job_id,
            client=client,
            format_=format_,
            include_inputs=include_inputs,
            include_cumulative_logprobs=include_cumulative_logprobs,
            expires_in_seconds=expires_in_seconds,
        )
    ).parsed
