"""The only door to the generated client: paths, query names and encoding come from here."""

from sutro_jobs_api.api.jobs import get_job_results as _get_job_results

__all__ = ["_get_job_results"]
