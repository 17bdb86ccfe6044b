"""Outputs of reasoning models: JSON objects of `content` and `reasoning_content`."""

from __future__ import annotations

import polars as pl

from .dtypes import Fields
from .exact import MisfitError, load_object

CONTENT = "content"
REASONING = "reasoning_content"
FIELDS: Fields = {CONTENT: pl.String(), REASONING: pl.String()}
# Rows that are decoded to decide: a model wraps all of its outputs or none, apart from broken ones.
_SAMPLE = 100


def is_enveloped(texts: pl.Series) -> bool:
    """Tell whether any of the first outputs is an object of exactly these properties."""
    return any(map(_is_envelope, texts.drop_nulls().head(_SAMPLE)))


def _is_envelope(text: str) -> bool:
    try:
        return set(load_object(text)) == set(FIELDS)
    except MisfitError:
        return False
