"""JSON texts to columns at the speed of polars' NDJSON parser, or not at all.

Unlike `Series.str.json_decode` the parser uses all cores, and rejects values that do not fit a
column, which decoding changes: 1.5 or an integer of 65 bits in an `Int64` column. This module
handles what distinguishes NDJSON from one text a row: line ends inside a row, blank rows, and lone
surrogates.
"""

from __future__ import annotations

import io

import polars as pl

from .dtypes import Fields, fields_of, merge_fields

_SURROGATES = [r"\ud", r"\uD"]
_SURROGATE_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"


def parse(texts: pl.Series, fields: Fields) -> pl.DataFrame | None:
    """Return the columns `fields` of texts without nulls, each text a JSON object.

    None if any text is not an object, or has a value that does not fit its column. Properties
    outside of `fields` are omitted; of duplicate properties the first counts.
    """
    if texts.is_empty():
        return pl.DataFrame(schema=fields)
    if _has_lone_surrogate(texts):
        return None
    try:
        frame = pl.read_ndjson(_lines(texts), schema=fields)
    except pl.exceptions.PolarsError:
        return None
    # The parser skips blank rows.
    return frame.rechunk() if frame.height == len(texts) else None


def infer(texts: pl.Series) -> Fields | None:
    """Return names and types of all properties of texts without nulls, None if the parser fails."""
    if texts.is_empty():
        return {}
    try:
        schema = pl.scan_ndjson(_lines(texts), infer_schema_length=None).collect_schema()
    except pl.exceptions.PolarsError:
        return None
    return merge_fields({}, fields_of(pl.Struct(schema)))


def _lines(texts: pl.Series) -> io.BytesIO:
    """Return one line for each text. CSV without quotes is the fastest export of a column."""
    if texts.str.contains("\n", literal=True).any():
        # Both are white space between JSON tokens, and forbidden within strings.
        texts = texts.str.replace_all("\n", "\r", literal=True)
    lines = io.BytesIO()
    texts.to_frame().write_csv(lines, include_header=False, quote_style="never")
    lines.seek(0)
    return lines


def _has_lone_surrogate(texts: pl.Series) -> bool:
    """Tell whether a lone half of a UTF-16 pair is escaped, which polars would read as NUL."""
    suspects = texts.filter(texts.str.contains_any(_SURROGATES))
    without_pairs = suspects.str.replace_all(_SURROGATE_PAIR, "")
    return bool(without_pairs.str.contains_any(_SURROGATES).any())
