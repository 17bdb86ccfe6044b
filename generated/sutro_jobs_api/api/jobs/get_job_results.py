from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.invalid_parameters_error import InvalidParametersError
from ...models.job_results import JobResults
from ...models.results_format import ResultsFormat
from ...types import UNSET, Response, Unset


def _get_kwargs(
    job_id: str,
    *,
    format_: ResultsFormat,
    result_format: ResultsFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_format_ = format_.value
    params["format"] = json_format_

    json_result_format: str | Unset = UNSET
    if not isinstance(result_format, Unset):
        json_result_format = result_format.value

    params["result_format"] = json_result_format

    params["include_inputs"] = include_inputs

    params["include_cumulative_logprobs"] = include_cumulative_logprobs

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/jobs/{job_id}/results".format(
            job_id=quote(str(job_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Error | InvalidParametersError | JobResults | None:
    if response.status_code == 200:
        response_200 = JobResults.from_dict(response.json())

        return response_200

    if response.status_code == 206:
        response_206 = cast(Any, None)
        return response_206

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Error.from_dict(response.json())

        return response_409

    if response.status_code == 416:
        response_416 = Error.from_dict(response.json())

        return response_416

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
) -> Response[Any | Error | InvalidParametersError | JobResults]:
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
    format_: ResultsFormat,
    result_format: ResultsFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
) -> Response[Any | Error | InvalidParametersError | JobResults]:
    """Get the results of a job

     The results of a job that succeeded, one row for each input row and in the order of the input rows.

    A job that was made with an `id_column_name` carries that column in its results always, also without
    inputs. With a `json_schema` each output is a JSON string that follows it. For reasoning models each
    output is a JSON string with `content` and `reasoning_content`.

    A server may offer ranges and entity tags (RFC 9110): 206, 304 and 416 answer requests with the
    headers
    `Range`, `If-None-Match` or `If-Range` only. For large results `getJobResultsUrl` is made.

    Args:
        job_id (str):
        format_ (ResultsFormat): Form of a results answer.
        result_format (ResultsFormat | Unset): Form of a results answer.
        include_inputs (bool | Unset):  Default: False.
        include_cumulative_logprobs (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Error | InvalidParametersError | JobResults]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
        format_=format_,
        result_format=result_format,
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
    format_: ResultsFormat,
    result_format: ResultsFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
) -> Any | Error | InvalidParametersError | JobResults | None:
    """Get the results of a job

     The results of a job that succeeded, one row for each input row and in the order of the input rows.

    A job that was made with an `id_column_name` carries that column in its results always, also without
    inputs. With a `json_schema` each output is a JSON string that follows it. For reasoning models each
    output is a JSON string with `content` and `reasoning_content`.

    A server may offer ranges and entity tags (RFC 9110): 206, 304 and 416 answer requests with the
    headers
    `Range`, `If-None-Match` or `If-Range` only. For large results `getJobResultsUrl` is made.

    Args:
        job_id (str):
        format_ (ResultsFormat): Form of a results answer.
        result_format (ResultsFormat | Unset): Form of a results answer.
        include_inputs (bool | Unset):  Default: False.
        include_cumulative_logprobs (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Error | InvalidParametersError | JobResults
    """

    return sync_detailed(
        job_id=job_id,
        client=client,
        format_=format_,
        result_format=result_format,
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
    ).parsed


async def asyncio_detailed(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
    format_: ResultsFormat,
    result_format: ResultsFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
) -> Response[Any | Error | InvalidParametersError | JobResults]:
    """Get the results of a job

     The results of a job that succeeded, one row for each input row and in the order of the input rows.

    A job that was made with an `id_column_name` carries that column in its results always, also without
    inputs. With a `json_schema` each output is a JSON string that follows it. For reasoning models each
    output is a JSON string with `content` and `reasoning_content`.

    A server may offer ranges and entity tags (RFC 9110): 206, 304 and 416 answer requests with the
    headers
    `Range`, `If-None-Match` or `If-Range` only. For large results `getJobResultsUrl` is made.

    Args:
        job_id (str):
        format_ (ResultsFormat): Form of a results answer.
        result_format (ResultsFormat | Unset): Form of a results answer.
        include_inputs (bool | Unset):  Default: False.
        include_cumulative_logprobs (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Error | InvalidParametersError | JobResults]
    """

    kwargs = _get_kwargs(
        job_id=job_id,
        format_=format_,
        result_format=result_format,
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    job_id: str,
    *,
    client: AuthenticatedClient | Client,
    format_: ResultsFormat,
    result_format: ResultsFormat | Unset = UNSET,
    include_inputs: bool | Unset = False,
    include_cumulative_logprobs: bool | Unset = False,
) -> Any | Error | InvalidParametersError | JobResults | None:
    """Get the results of a job

     The results of a job that succeeded, one row for each input row and in the order of the input rows.

    A job that was made with an `id_column_name` carries that column in its results always, also without
    inputs. With a `json_schema` each output is a JSON string that follows it. For reasoning models each
    output is a JSON string with `content` and `reasoning_content`.

    A server may offer ranges and entity tags (RFC 9110): 206, 304 and 416 answer requests with the
    headers
    `Range`, `If-None-Match` or `If-Range` only. For large results `getJobResultsUrl` is made.

    Args:
        job_id (str):
        format_ (ResultsFormat): Form of a results answer.
        result_format (ResultsFormat | Unset): Form of a results answer.
        include_inputs (bool | Unset):  Default: False.
        include_cumulative_logprobs (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Error | InvalidParametersError | JobResults
    """

    return (
        await asyncio_detailed(
            job_id=job_id,
            client=client,
            format_=format_,
            result_format=result_format,
            include_inputs=include_inputs,
            include_cumulative_logprobs=include_cumulative_logprobs,
        )
    ).parsed
