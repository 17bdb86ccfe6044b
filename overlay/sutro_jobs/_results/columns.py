"""From the columns of a results file to those of a frame: which, their names and their order."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from .._errors import ColumnClashError, UnexpectedShapeError
from .options import ResultsOptions

INPUTS = "inputs"
OUTPUTS = "outputs"
LOGPROBS = "cumulative_logprobs"
CONFIDENCE = "confidence_score"


@frozen
class Columns:
    """Columns of a results file by role; `carried` are those carried along from the inputs."""

    outputs: str
    carried: tuple[str, ...]
    has_inputs: bool
    has_logprobs: bool
    has_confidence: bool

    def named(self, options: ResultsOptions) -> dict[str, str]:
        """Map the requested columns, in order, to their names in a frame.

        Raises:
            UnexpectedShapeError: the file lacks a requested column.
            ColumnClashError: two columns would have the same name.
        """
        wanted = [INPUTS] if _present(INPUTS, options.include_inputs, self.has_inputs) else []
        wanted += [*self.carried, self.outputs]
        if _present(LOGPROBS, options.include_cumulative_logprobs, self.has_logprobs):
            wanted.append(LOGPROBS)
        wanted += [CONFIDENCE] if self.has_confidence else []
        names = {name: name for name in wanted} | {self.outputs: options.output_column}
        refuse_clash(
            [name for wire, name in names.items() if wire != self.outputs],
            [options.output_column],
            "Choose another output_column.",
        )
        return names


def recognize(names: Iterable[str], job_id: str) -> Columns:
    """Identify the columns of a results file.

    Outputs are in `outputs`, or in a column named after the job; else in the only column with an
    unknown name. All other unknown columns were carried along from the job's inputs.

    Raises:
        UnexpectedShapeError: no column has outputs.
    """
    present = list(names)
    unknown = [name for name in present if name not in {INPUTS, LOGPROBS, CONFIDENCE}]
    # The job's own name first, as a carried column may be called `outputs`.
    outputs = next((name for name in (job_id, OUTPUTS) if name in unknown), None)
    if outputs is None and len(unknown) == 1:
        outputs = unknown[0]
    if outputs is None:
        raise UnexpectedShapeError(
            f"The results of {job_id} lack a column of outputs; their columns are {present}. "
            "'sutro-jobs verify' shows how the server differs from the contract."
        )
    return Columns(
        outputs,
        tuple(name for name in unknown if name != outputs),
        INPUTS in present,
        LOGPROBS in present,
        CONFIDENCE in present,
    )


def refuse_clash(names: Iterable[str], others: Iterable[str], what_to_do: str) -> None:
    """Raise if a name is among the others; `what_to_do` ends the message.

    Raises:
        ColumnClashError: names each such column.
    """
    taken = set(others)
    if clash := [name for name in names if name in taken]:
        listed = ", ".join(map(repr, clash))
        raise ColumnClashError(f"More than one column would be called {listed}. {what_to_do}")


def _present(name: str, wanted: bool, present: bool) -> bool:
    if wanted and not present:
        raise UnexpectedShapeError(
            f"The server sent results without the requested column {name!r}. "
            f"Ask again with include_{name}=False."
        )
    return wanted
