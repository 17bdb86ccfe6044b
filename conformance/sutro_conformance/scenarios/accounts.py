"""Whether two keys are of one account."""

from __future__ import annotations

from ..api.account import Account
from ..api.requests import results_path, status_path
from ..wire.exchange import Request

# The newest and the oldest job, and results, are enough to tell one account from a leaking list.
_JOBS = 2


def is_same_account(one: Account, other: Account, format_name: str) -> bool:
    """Return whether two keys list the same jobs and are both given what belongs to them.

    A list that shows all accounts' jobs to everyone is another matter where a status or results
    are still refused.
    """
    ids = one.ids()
    if not ids or {*ids} != {*other.ids()}:
        return False
    requests = [Request("GET", status_path(job)) for job in {*ids[:1], *ids[-1:]}]
    query = ((format_name, "json"),)
    requests += [Request("GET", results_path(job["job_id"]), query) for job in one.succeeded(_JOBS)]
    return all(
        account.send(request.with_key(account.authorization)).is_success
        for request in requests
        for account in (one, other)
    )
