"""The command line, `sutro-jobs`: one group whose commands load when they are called."""

import click

from .lazy import LazyCommand, LazyGroup

# By name, so that the packages of a command load when it is called, and other rooms need no import.
_COMMANDS = {
    "list": LazyCommand("sutro_jobs.cli.jobs:list_", "List jobs, newest first."),
    "status": LazyCommand("sutro_jobs.cli.jobs:status", "Print the status of a job."),
    "wait": LazyCommand("sutro_jobs.cli.jobs:wait", "Wait until a job has ended."),
    "cancel": LazyCommand("sutro_jobs.cli.jobs:cancel", "Request the cancellation of a job."),
    "results": LazyCommand("sutro_jobs.cli.results:results", "Print the results of a job."),
    "download": LazyCommand(
        "sutro_jobs.cli.results:download", "Write the results of a job to a file."
    ),
    "cache": LazyCommand("sutro_jobs.cli.cache:cache", "Show or clear the cache of results."),
    "serve": LazyCommand(
        "sutro_server.cli:serve",
        "Serve jobs as the Sutro jobs API.",
        extra="server",
        folders={"documents": "sutro_contract:publication/prebuilt"},
    ),
    "import": LazyCommand(
        "sutro_server.cli:import_", "Make a job for the server out of a file.", extra="server"
    ),
    "keys": LazyCommand(
        "sutro_server.cli:keys", "Add, list and revoke API keys of the server.", extra="server"
    ),
    "verify": LazyCommand(
        "sutro_conformance.cli:verify", "Tell whether a server keeps the contract.", extra="verify"
    ),
    "spec": LazyCommand("sutro_contract.cli:spec", "Publish and compare contracts.", extra="spec"),
}


@click.group(cls=LazyGroup, lazy=_COMMANDS)
@click.version_option(package_name="sutro-jobs")
def main() -> None:
    """List, inspect, read and cancel Sutro batch-inference jobs; serve and verify their API.

    URL and key of the API come from --api-url and --api-key, SUTRO_API_URL and SUTRO_API_KEY, or
    ~/.sutro/config.json.
    """
