"""What is measured, and the target that each measurement is held against."""

from typing import Literal, NamedTuple

Measure = Literal["seconds", "peak_mib"]
Side = Literal["vendor", "floor", "ours"]


class Target(NamedTuple):
    """A bound on one measure of ours: on its ratio to another side's, or absolute."""

    measure: Measure
    bound: float
    against: Side | None = None


class Row(NamedTuple):
    """One line of the table."""

    case: str
    title: str
    targets: tuple[Target, ...] = ()
    sides: tuple[Side, ...] = ("vendor", "floor", "ours")
    calls: dict[Side, int] | None = None
    tls: bool = False
    floors: tuple[str, ...] = ()

    def cases(self, side: Side) -> tuple[str, ...]:
        """Return the cases of a side; the fastest of them counts."""
        return self.floors if side == "floor" and self.floors else (self.case,)


def frame(faster_than_vendor: float) -> tuple[Target, ...]:
    """Return the targets of whatever ends in a frame."""
    return (
        Target("seconds", 1.15, "floor"),
        Target("peak_mib", 1.10, "floor"),
        Target("seconds", 1 / faster_than_vendor, "vendor"),
        Target("peak_mib", 0.45, "vendor"),
    )


def calls(vendor: int, faster_than_vendor: float) -> dict[str, object]:
    """Return what the rows of small calls have in common."""
    targets = (
        Target("seconds", 1 / 0.9, "floor"),
        Target("seconds", 1 / faster_than_vendor, "vendor"),
    )
    return {"calls": {"vendor": vendor, "floor": 2000, "ours": 2000}, "targets": targets}


ROWS = (
    Row("text", "1M text rows to a frame", frame(4)),
    Row("everything", "1M rows with inputs and log-probabilities", frame(4)),
    Row("structured", "1M structured rows, unpacked", frame(3.5)),
    Row("packed", "1M structured rows, packed", frame(4)),
    Row("joined", "1M text rows joined to a pandas original", frame(4)),
    Row("cached", "second read from cache, structured", (Target("seconds", 1.15, "floor"),)),
    Row("list_frame", "list 100,000 jobs to a frame", (Target("seconds", 1.15, "floor"),)),
    Row("list_objects", "iterate 100,000 jobs as objects", (Target("seconds", 0.6, "vendor"),)),
    Row(
        "pages",
        "100,000 jobs in pages of 100",
        (Target("seconds", 1.1, "floor"),),
        ("floor", "ours"),
    ),
    Row("calls_http", "small calls, HTTP", **calls(500, 6)),
    Row("calls_https", "small calls, HTTPS", tls=True, **calls(100, 50)),
    Row(
        "async_calls",
        "small calls, 100 tasks",
        (Target("seconds", 1.0, "floor"),),
        ("floor", "ours"),
        {"floor": 2000, "ours": 2000},
        floors=tuple(f"async_calls_{tasks}" for tasks in (1, 2, 5, 10, 100)),
    ),
    Row("import", "import", (Target("seconds", 0.110), Target("peak_mib", 30))),
    Row("first_call", "import, and a first small call"),
)
GROWTH = tuple(
    Row(f"text_{rows}", f"{rows:,} text rows to a frame") for rows in (10_000, 100_000, 4_000_000)
)
