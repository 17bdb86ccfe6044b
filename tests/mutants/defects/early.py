"""Results of jobs that have not succeeded."""

from ..accounts import Job
from ..catalogue import defect
from ..messages import Response, answer, error
from ..server import Server


class NotReady(Server):
    """Answers otherwise for jobs that have not succeeded."""

    states: tuple[str, ...] = ("RUNNING",)

    def early(self, job: Job, form: str) -> Response:
        raise NotImplementedError

    def not_ready(self, job: Job, form: str) -> Response:
        if self.status_of(job) in self.states:
            return self.early(job, form)
        return super().not_ready(job, form)


@defect("RESULTS-11")
class PartialResults(NotReady):
    """A running job gives the rows that it has."""

    def early(self, job: Job, form: str) -> Response:
        columns = {name: values[:2] for name, values in self.columns(job, False, False).items()}
        response: Response = getattr(self, f"{form}_results")(job, columns)
        return response


@defect("RESULTS-11")
class EmptyResultsForRunning(NotReady):
    """A running job gives an empty array of outputs."""

    def early(self, job: Job, form: str) -> Response:
        return self.json_results(job, {"outputs": []})


@defect("RESULTS-11")
class EmptyResultsForQueued(NotReady):
    """A queued job gives 200 without any outputs."""

    states = ("QUEUED", "STARTING")

    def early(self, job: Job, form: str) -> Response:
        return answer({"outputs": []})


@defect("RESULTS-12")
class NullResultsForFailed(NotReady):
    """A failed job gives nulls as outputs."""

    states = ("FAILED",)

    def early(self, job: Job, form: str) -> Response:
        return self.json_results(job, {"outputs": [None] * len(job.table.outputs)})


@defect("RESULTS-12")
class ResultsOfCancelled(NotReady):
    """A cancelled job gives the rows that were done."""

    states = ("CANCELLED",)

    def early(self, job: Job, form: str) -> Response:
        return self.json_results(job, {"outputs": job.table.outputs[:2]})


@defect("RESULTS-11")
class ParquetTooEarly(NotReady):
    """A running job gives Parquet; JSON and CSV wait until it has succeeded."""

    def early(self, job: Job, form: str) -> Response:
        if form == "parquet":
            return self.parquet_results(job, self.columns(job, False, False))
        return error(409, "Results are not ready.")


@defect("RESULTS-11")
class NotReadyAs200(NotReady):
    """A running job gives 200 and an error in the body."""

    def early(self, job: Job, form: str) -> Response:
        return answer({"detail": "Results are not ready."})


@defect("HTTP-01", "RESULTS-11")
class NotReadyAs500(NotReady):
    """Results of a running job cause a 500, as there is no file yet."""

    def early(self, job: Job, form: str) -> Response:
        raise FileNotFoundError(f"/data/{job.job_id}.parquet")


@defect("HTTP-01", "RESULTS-12")
class FailedResultsCrash(NotReady):
    """Results of a failed job cause a 500."""

    states = ("FAILED", "CANCELLED")

    def early(self, job: Job, form: str) -> Response:
        raise TypeError("'NoneType' object is not iterable")


@defect("RESULTS-12")
class CsvOfFailed(NotReady):
    """A failed job gives an empty CSV file; JSON and Parquet are refused."""

    states = ("FAILED",)

    def early(self, job: Job, form: str) -> Response:
        if form == "csv":
            return self.csv_results(job, {"outputs": []})
        return error(409, "Results are not ready.")
