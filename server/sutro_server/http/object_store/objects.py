"""Names of the store's objects: which results, and which choice of columns of them."""

from itertools import product

from ...store.render import Selection

_SWITCHES = (False, True)


def object_key(results_id: str, selection: Selection) -> str:
    """Return the key of a Parquet file of results."""
    return f"{results_id}/{_name(selection)}"


def parse_key(key: str) -> tuple[str, Selection] | None:
    """Return the results and the choice that a key names, or None for any other text."""
    results_id, _, name = key.partition("/")
    selection = _SELECTIONS.get(name)
    return None if selection is None else (results_id, selection)


def _name(selection: Selection) -> str:
    columns = ["inputs"] * selection.inputs + ["outputs"] + ["logprobs"] * selection.logprobs
    return f"{'-'.join(columns)}.{selection.compression}.parquet"


_SELECTIONS = {
    _name(selection): selection
    for inputs, logprobs in product(_SWITCHES, repeat=2)
    for selection in (
        Selection("parquet", inputs, logprobs, "snappy"),
        Selection("parquet", inputs, logprobs, "zstd"),
    )
}
