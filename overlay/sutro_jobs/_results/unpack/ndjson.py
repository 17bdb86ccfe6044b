"""JSON texts to columns at the speed of polars' NDJSON parser, or not at all.

Against `Series.str.json_decode` the parser works on all cores, and refuses what it cannot hold
where decoding changes it: 1.5 or an integer of 65 bits in an `Int64` column. Where it differs from
JSON of one text a row (line ends inside a row, blank rows, lone surrogates) this module sees to it.
"""

from __future__ import annotations

import io

import polars as pl

from .dtypes import Fields, fields_of, merge_fields

_SURROGATES = [r"\ud", r"\uD"]
_SURROGATE_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"


def parse(texts: pl.Series, fields: Fields) -> pl.DataFrame | None:
    """Return the columns `fields` of texts without nulls, each text a JSON object.

    None where any text is something else or holds a value that its column cannot hold. Properties
    outside of `fields` are left out; of properties with one name the first counts.
    """
    if texts.is_empty():
        return pl.DataFrame(schema=fields)
    if _has_lone_surrogate(texts):
        return None
    try:
        frame = pl.read_ndjson(_lines(texts), schema=fields)
    except pl.exceptions.PolarsError:
        return None
    return frame.rechunk() if frame.height == len(texts) else None


def infer(texts: pl.Series) -> Fields | None:
    """Return names and types of all properties of texts without nulls, None where it cannot."""
    if texts.is_empty():
        return {}
    try:
        schema = pl.scan_ndjson(_lines(texts), infer_schema_length=None).collect_schema()
    except pl.exceptions.PolarsError:
        return None
    return merge_fields({}, fields_of(pl.Struct(schema)))


def _lines(texts: pl.Series) -> io.BytesIO:
    """Return one line for each text. CSV without quotes is the fastest way out of a column."""
    if texts.str.contains("\n", literal=True).any():
        # Blank between JSON tokens like a line feed, and as forbidden inside of its strings.
        texts = texts.str.replace_all("\n", "\r", literal=True)
    lines = io.BytesIO()
    texts.to_frame().write_csv(lines, include_header=False, quote_style="never")
    lines.seek(0)
    return lines


def _has_lone_surrogate(texts: pl.Series) -> bool:
    """Tell whether half of a UTF-16 pair is escaped, which polars would read as NUL."""
    suspects = texts.filter(texts.str.contains_any(_SURROGATES))
    without_pairs = suspects.str.replace_all(_SURROGATE_PAIR, "")
    return bool(without_pairs.str.contains_any(_SURROGATES).any())
