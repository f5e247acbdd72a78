"""How long the database takes for a page of 50 statements, first and deep, as it grows tenfold.

The product is asked for the page; what it asks the database for is noted and asked again of the bare driver:
`explain analyze` says how long PostgreSQL took, and SQLite works within this process, so that it is timed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import compress
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Engine, event

from bench.records import sentences
from bench.records.shelf import PATTERN, Shelf
from bench.report import Figure, at_most
from bench.stage import Stage
from lms.kernel.actor import SYSTEM
from lms.kernel.db import reading
from lms.kernel.db.engine import PLANNING, PRAGMAS
from lms.xapi import queries
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.parameters import Filters

PAGE, REPEATS, ROUNDS = 50, 7, 5
LONGEST, GROWTH = 5, 1.5
RANKS = (0, 9, 99)  # the most frequent, a frequent and an ordinary one
Ask = Callable[[str, Any], float]
Reads = list[tuple[str, Any]]


@dataclass(frozen=True)
class Times:
    """Milliseconds of the pages of one kind: each page's median, whether it was full, and the longest of all."""

    asked: Sequence[str]
    pages: Sequence[float]
    full: Sequence[bool]
    worst: float
    deepest: int


def measure(few: Shelf, many: Shelf) -> tuple[dict[str, Times], dict[str, Times]]:
    """The times of every kind of filter on a small shelf and on a large one.

    In turn, kind by kind, and several times, so that a machine that slows slows both.
    """
    found: tuple[dict[str, Times], dict[str, Times]] = ({}, {})
    with _driver(few.stage) as ask_few, _driver(many.stage) as ask_many:
        for name, wanted in _kinds().items():
            rounds = [(_asked(few, ask_few, wanted), _asked(many, ask_many, wanted)) for _ in range(ROUNDS)]
            found[0][name], found[1][name] = (_together(side) for side in zip(*rounds, strict=True))
    return found


def _asked(shelf: Shelf, ask: Ask, wanted: Sequence[Filters]) -> Times:
    with shelf.stage.app.app_context():
        return _times(shelf, ask, wanted)


def _together(rounds: Sequence[Times]) -> Times:
    """Each page's median over some rounds."""
    pages = [median(page) for page in zip(*(times.pages for times in rounds), strict=True)]
    return replace(rounds[0], pages=pages, worst=max(times.worst for times in rounds))


def figures(kind: str, few: Mapping[str, Times], many: Mapping[str, Times], statements: int) -> Iterator[Figure]:
    """What was found at the larger size, and how it grew."""
    for name, times in many.items():
        slow = times.asked[times.pages.index(max(times.pages))]
        note = (
            f"the slowest page's median of {ROUNDS} rounds of {REPEATS} ({slow}); over {len(times.pages)} pages, "
            f"the deepest of them the {times.deepest:,}., median {median(times.pages):.2f}, "
            f"longest of all {times.worst:.2f} ms"
        )
        title = f"a page of {PAGE} by {name} among {statements:,} ({kind})"
        slowest = max(times.pages)
        yield replace(at_most(title, slowest, LONGEST, " ms", note=note), measured=f"{slowest:.2f} ms")
    growth = {name: _growth(few[name], many[name]) for name in many}
    worst = max(growth, key=lambda name: growth[name])
    note = "; ".join(f"{name} {value:.2f}" for name, value in growth.items())
    yield replace(
        at_most(f"growth of a page's time from a tenth ({kind})", growth[worst], GROWTH, " ×", note=note),
        measured=f"{growth[worst]:.2f} ×",
    )


def _kinds() -> dict[str, list[Filters]]:
    asked = Filters(limit=PAGE)
    people = [identifier(sentences.outsider(rank)) for rank in RANKS]
    return {
        "agent": [replace(asked, agent=known) for known in people],
        "activity": [replace(asked, activity=sentences.question_iri(rank, 1, 1)) for rank in RANKS[:2]],
        "related activity": [
            replace(asked, activity=iri, related_activities=True)
            for iri in (*(sentences.course_iri(rank) for rank in RANKS), sentences.module_iri(0, 1), sentences.CATEGORY)
        ],
        "verb": [replace(asked, verb=sentences.VERB + verb) for verb in sentences.VERBS[::3]],
        "registration": [replace(asked, registration=UUID(sentences.registration(rank, 0))) for rank in RANKS],
        "agent and verb": [replace(asked, agent=people[0], verb=sentences.VERB + sentences.VERBS[0])],
    }


def _times(shelf: Shelf, ask: Ask, wanted: Sequence[Filters]) -> Times:
    asked, pages, full, worst, deepest = [], [], [], 0.0, 1
    for filters in wanted:
        for copies in (0, shelf.copies // 2, shelf.copies - shelf.copies // 10):
            found, reads = _page(replace(filters, beyond=shelf.before(copies)))
            times = [sum(ask(words, values) for words, values in reads) for _ in range(REPEATS)]
            asked.append(f"{_subject(filters)} {copies / max(1, shelf.copies):.0%} down")
            pages.append(median(times))
            full.append(found == PAGE)
            worst = max(worst, *times)
        deepest = max(deepest, _depth(shelf, filters))
    return Times(asked, pages, full, worst, deepest)


def _subject(filters: Filters) -> str:
    known = filters.registration or filters.activity or filters.agent or filters.verb
    return str(known).removeprefix(sentences.TOOL)


def _page(filters: Filters) -> tuple[int, Reads]:
    """How many statements a page shows, and what the database was asked for them."""
    with _noted() as reads, reading():
        found = queries.statements(SYSTEM, filters)
    if not found.statements:
        raise RuntimeError(f"Nothing was found by {filters}.")
    return len(found.statements), reads


def _growth(few: Times, many: Times) -> float:
    """How much longer a page takes, of those that are full at either size."""
    full = [then and now for then, now in zip(few.full, many.full, strict=True)]
    return median(compress(many.pages, full)) / median(compress(few.pages, full))


def _depth(shelf: Shelf, filters: Filters) -> int:
    """The number of the deepest page that was asked for."""
    with reading():
        newest = queries.statements(SYSTEM, replace(filters, limit=PATTERN, since=shelf.since))
    return 1 + len(newest.statements) * (shelf.copies - shelf.copies // 10) // PAGE


@contextmanager
def _driver(stage: Stage) -> Iterator[Ask]:
    if stage.kind == "sqlite":
        with _sqlite(stage) as ask:
            yield ask
        return
    with psycopg.connect(stage.environ["DATABASE_URL"].replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(PLANNING)
        plain, numbered = connection.cursor(), psycopg.RawCursor(connection)

        def ask(words: str, values: Any) -> float:
            cursor = numbered if "$1" in words else plain
            row = cursor.execute(f"explain (analyze, timing off, format json) {words}", values).fetchone()
            return float(row[0][0]["Execution Time"]) if row else 0.0

        yield ask


@contextmanager
def _sqlite(stage: Stage) -> Iterator[Ask]:
    connection = sqlite3.connect(stage.environ["DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None)
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)

        def ask(words: str, values: Any) -> float:
            began = time.perf_counter()
            connection.execute(words, values).fetchall()
            return (time.perf_counter() - began) * 1000

        yield ask
    finally:
        connection.close()


@contextmanager
def _noted() -> Iterator[Reads]:
    """What is read from the record's tables within."""
    found: Reads = []

    def note(connection: Any, cursor: Any, words: str, values: Any, *rest: Any) -> None:
        if "xapi_" in words:
            found.append((words, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
