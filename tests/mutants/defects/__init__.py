"""The catalogue of wrong servers, one module for each thing that can be wrong."""

from . import (
    cancels,
    cursors,
    formats,
    http,
    jobs,
    keys,
    lists,
    races,
    results,
    status,
    tenants,
)

__all__ = [
    "cancels",
    "cursors",
    "formats",
    "http",
    "jobs",
    "keys",
    "lists",
    "races",
    "results",
    "status",
    "tenants",
]
