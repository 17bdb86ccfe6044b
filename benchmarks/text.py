"""English prose of any length from a fixed seed, with the words and the repetition of real text.

A chain of words is learned from the language reference that every Python ships. Rows made of a few
fixed phrases would compress four times as well as prose, and flatter every client that downloads
them.
"""

import random
import re
from collections import defaultdict
from functools import cache
from pydoc_data.topics import topics

import numpy as np
import polars as pl

POOL = 60_000
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[,.]?")
TOPICS = [
    "battery",
    "build quality",
    "delivery",
    "design",
    "noise",
    "packaging",
    "price",
    "service",
    "setup",
    "size",
]
VERDICTS = ["positive", "mostly positive", "mixed", "mostly negative", "negative"]


def followers() -> dict[str, list[str]]:
    """Return the words seen after each word; those after `.` begin a sentence."""
    chain = defaultdict(list)
    for topic in topics.values():
        last = "."
        for word in (match for match in topic.split() if WORD.fullmatch(match)):
            chain["." if last.endswith(".") else last].append(word)
            last = word
    return chain


def sentence(chain: dict[str, list[str]], rng: random.Random) -> str:
    """Return a sentence of 6 to 24 words."""
    words = [rng.choice(chain["."])]
    longest = rng.randint(6, 24)
    while len(words) < longest and not words[-1].endswith("."):
        words.append(rng.choice(chain.get(words[-1]) or chain["."]))
    return " ".join(words).capitalize().rstrip(",.") + "."


@cache
def sentences() -> pl.Series:
    """Return the sentences that rows are put together from."""
    rng, chain = random.Random(20_261_122), followers()  # noqa: S311
    return pl.Series([sentence(chain, rng) for _ in range(POOL)])


def pick(rng: np.random.Generator, values: list[str], rows: int) -> pl.Series:
    """Return one of the values for each row."""
    indices = rng.integers(0, len(values), rows)
    return pl.Series(values).gather(pl.Series(indices, dtype=pl.UInt32))


def prose(rng: np.random.Generator, rows: int, count: int) -> pl.Series:
    """Return so many sentences for each row."""
    pool = sentences()
    columns = [
        pl.lit(pool.gather(pl.Series(rng.integers(0, POOL, rows), dtype=pl.UInt32)))
        for _ in range(count)
    ]
    return pl.select(pl.concat_str(columns, separator=" ")).to_series()


def reviews(rng: np.random.Generator, rows: int, count: int = 3) -> pl.Series:
    """Return the inputs: so many sentences for each row, and the number of an order."""
    order = pl.Series(rng.integers(10_000_000, 99_999_999, rows)).cast(pl.String)
    return pl.select(
        pl.format("{} Order {}.", pl.lit(prose(rng, rows, count)), pl.lit(order))
    ).to_series()


def summaries(rng: np.random.Generator, rows: int, count: int = 3) -> pl.Series:
    """Return the outputs: a verdict and so many sentences for each row."""
    verdict = pl.lit(pick(rng, VERDICTS, rows))
    return pl.select(pl.format("{}: {}", verdict, pl.lit(prose(rng, rows, count)))).to_series()
