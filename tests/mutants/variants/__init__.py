"""The catalogue of right servers, one module for each thing that may be otherwise."""

from importlib import import_module

TOPICS = (
    "accounts",
    "keys",
    "refusals",
    "requests",
    "jobs",
    "cursors",
    "results",
    "cancels",
    "network",
    "ids",
)

for topic in TOPICS:
    import_module(f".{topic}", __package__)
