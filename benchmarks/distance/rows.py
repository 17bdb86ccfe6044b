"""What is measured at a distance, over which links, and what has to be reached."""

from typing import NamedTuple

from benchmarks.rows import Side

ALL_SIDES: tuple[Side, ...] = ("vendor", "floor", "ours")


class Place(NamedTuple):
    """How far away a server is: round trip in seconds, bandwidths in megabits a second.

    Without companions it has the four endpoints alone.
    """

    key: str
    title: str
    round_trip: float
    bandwidth: float = 100
    shared_bandwidth: float | None = None
    companions: bool = True


PLACES = (
    Place("0", "0 ms", 0.0),
    Place("20", "20 ms", 0.020),
    Place("80", "80 ms", 0.080),
    Place("200", "200 ms", 0.200),
    Place("shared", "80 ms, all connections share 100 Mbit/s", 0.080, shared_bandwidth=100),
    Place("bare", "80 ms, the four endpoints alone", 0.080, companions=False),
)
APART = ("0", "20", "80", "200")


class Row(NamedTuple):
    """One line of a table."""

    case: str
    title: str
    sides: tuple[Side, ...] = ALL_SIDES
    places: tuple[str, ...] = APART


ROWS = (
    Row("status_cold", "status, first call of a client"),
    Row("status_warm", "status"),
    Row("first_job", "first job of the list"),
    Row("list_objects", "whole list of 20,000 jobs, objects", places=(*APART, "bare")),
    Row("list_frame", "whole list of 20,000 jobs, frame"),
    Row("iterate", "all of 20,000 jobs by iteration"),
    Row(
        "packed",
        "results of the oldest job, 1,000 structured rows, packed",
        places=(*APART, "bare"),
    ),
    Row("structured", "the same, unpacked", places=(*APART, "bare")),
    Row("medium", "download, 30 MB", places=(*APART, "shared", "bare")),
    Row("large", "download, 500 MB", places=(*APART, "shared", "bare")),
    Row("large_single", "download, 500 MB, one connection", ("floor",), (*APART, "shared")),
    Row("column", "mean of one column of 500 MB"),
    Row("head", "first 100 rows of 500 MB, all columns"),
)
