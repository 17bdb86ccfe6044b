"""The demo data: jobs over the 1,851 films of great-tables, Cannes' selections since 1946."""

from collections.abc import Iterator

import attrs
import polars as pl

from ..store.store import Store
from ..times import DAY
from .batches import RowBatch
from .job_from_rows import import_rows
from .job_spec import JobSpec

TENANT = "demo"
OTHER_TENANT = "other"

_RUN_TIME = r"(?:(\d+)h)?\s*(?:(\d+)m)?"
_SCHEMA = {
    "type": "object",
    "properties": {
        "year": {"type": "integer"},
        "director": {"type": "string"},
        "languages": {"type": "array", "items": {"type": "string"}},
        "minutes": {"type": ["integer", "null"]},
    },
    "required": ["year", "director", "languages", "minutes"],
    "additionalProperties": False,
}


def load_demo(store: Store) -> None:
    """Store the demo jobs for the tenants `demo` and `other`, unless they are there already."""
    with store.database.write():
        if store.jobs.get(store.tenants.ensure(TENANT), "job-films-structured"):
            return
        films = _films()
        now = store.clock.now()
        for age, (spec, frame) in enumerate(reversed(list(_jobs(films)))):
            created = spec.created if spec.created is not None else now - (age + 1) * DAY // 8
            _add(store, TENANT, attrs.evolve(spec, created=created), frame)
        for age, (spec, frame) in enumerate(_by_country(films)):
            spec = attrs.evolve(spec, created=now - (age + 1) * DAY)
            _add(store, OTHER_TENANT, spec, frame)


def _add(store: Store, tenant: str, spec: JobSpec, frame: pl.DataFrame) -> None:
    batches = frame.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()
    import_rows(store, tenant, spec, (RowBatch(rows, 1, 1.0) for rows in batches))


def _films() -> pl.DataFrame:
    from great_tables.data import films  # takes a second, which only the demo needs

    hours, minutes = (
        pl.col("run_time").str.extract(_RUN_TIME, group).cast(pl.Int64).fill_null(0)
        for group in (1, 2)
    )
    return pl.DataFrame(films).with_columns(
        film=pl.format("{} ({}), directed by {}", "title", "year", "director"),
        imdb_id=pl.col("imdb_url").str.extract(r"(tt\d+)"),
        minutes=(hours * 60 + minutes).replace(0, None),
    )


def _jobs(films: pl.DataFrame) -> Iterator[tuple[JobSpec, pl.DataFrame]]:
    """Yield the demo tenant's jobs, oldest first."""
    titles = pl.col("original_title").fill_null(pl.col("title"))
    for (year,), rows in films.group_by("year", maintain_order=True):
        spec = _spec(f"year-{year}", f"Original titles of {year}", "Give the original title.")
        yield spec, _rows(rows, titles)
    directors = films.group_by("director", maintain_order=True).all()
    for row in directors.filter(pl.col("title").list.len() >= 5).iter_rows(named=True):
        rows = films.filter(pl.col("director") == row["director"])
        spec = _spec(f"imdb-{rows['imdb_id'][0]}", f"Films of {row['director']}", "Give the year.")
        yield spec, _rows(rows, pl.col("year").cast(pl.String))
    yield from _large(films, titles)
    yield from _unfinished(films, titles)


def _large(films: pl.DataFrame, titles: pl.Expr) -> Iterator[tuple[JobSpec, pl.DataFrame]]:
    plain = _spec("original-titles", "Original titles", "Give the original title.")
    yield plain, _rows(films, titles)
    countries = _spec("countries", "Countries of origin", "Give the countries as ISO codes.")
    yield countries, _rows(films, pl.col("countries_of_origin"), with_id=True)
    structured = attrs.evolve(
        _spec("structured", "Film facts", "Give the facts as JSON."), json_schema=_SCHEMA
    )
    facts = pl.struct(
        "year",
        "director",
        languages=pl.col("languages").fill_null("").str.extract_all(r"[^,\s]+"),
        minutes="minutes",
    )
    yield structured, _rows(films, facts.struct.json_encode(), with_id=True)


def _unfinished(films: pl.DataFrame, titles: pl.Expr) -> Iterator[tuple[JobSpec, pl.DataFrame]]:
    states = (
        ("CANCELLED", films.head(50)),
        ("FAILED", films.tail(25)),
        ("RUNNING", films.head(500)),
        ("STARTING", films.head(20)),
        ("QUEUED", films.tail(100)),
    )
    for status, rows in states:
        name = status.lower()
        reason = "The model could not be loaded." if status == "FAILED" else None
        spec = _spec(name, f"Original titles, {name}", "Give the original title.")
        yield (
            attrs.evolve(spec, status=status, failure_reason=reason),
            _rows(rows, titles),
        )


def _by_country(films: pl.DataFrame) -> Iterator[tuple[JobSpec, pl.DataFrame]]:
    for country in ("DK", "FI", "PT"):
        rows = films.filter(pl.col("countries_of_origin") == country)
        yield (
            _spec(f"country-{country}", f"Films of {country}", "Give the year."),
            _rows(rows, pl.col("year").cast(pl.String)),
        )


def _spec(suffix: str, name: str, prompt: str) -> JobSpec:
    return JobSpec(
        job_id=f"job-films-{suffix}",
        name=name,
        system_prompt=prompt,
        sampling_params={"temperature": 0.0, "max_tokens": 64},
        dataset_id="dataset-films",
    )


def _rows(films: pl.DataFrame, output: pl.Expr, *, with_id: bool = False) -> pl.DataFrame:
    """Return films as results rows; the log-probability, -0.05 a character, is made up."""
    return films.select(
        *(["imdb_id"] if with_id else []),
        inputs="film",
        outputs=output,
        cumulative_logprobs=output.str.len_chars() * -0.05,
    )
