"""Rows of a file on their way into a store, and how much of them may be in memory."""

import attrs
import pyarrow as pa

MAX_TEXT = 16 << 20
"""Bytes of a line or a cell. Texts for language models are a hundred times shorter."""

BATCH_ROWS = 16_384
"""Rows of a batch: enough for Arrow to be fast."""

BATCH_BYTES = 32 << 20
"""Bytes that a batch has where rows are long; one row may be more."""


@attrs.frozen
class RowBatch:
    """Some rows, the number of the first of them, and the share of the file read with them.

    Rows are counted from 1, without blank lines; the share is from 0 to 1.
    """

    rows: pa.RecordBatch
    first: int
    share: float
