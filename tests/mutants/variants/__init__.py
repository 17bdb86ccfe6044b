"""The catalogue of right servers, one module for each thing that may be otherwise."""

from importlib import import_module

ROOMS = (
    "accounts",
    "keys",
    "refusals",
    "requests",
    "jobs",
    "cursors",
    "results",
    "cancels",
    "network",
)

for room in ROOMS:
    import_module(f".{room}", __package__)
