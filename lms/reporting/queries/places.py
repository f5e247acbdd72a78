"""Who is counted where: everybody at the agency of the primary assignment of the day (docs/rules.md, section 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lms.people.queries import PrimarySpan, full_time, primary_spans
from lms.reporting.queries.asked import Asked
from lms.reporting.queries.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Places:
    """Everybody's primary assignments, who was where on the day asked for, and full-time equivalents by agency."""

    spans: Mapping[int, list[PrimarySpan]]
    family: Mapping[int, str]
    by_agency: Mapping[int, list[int]]
    full_time: Mapping[int, Fraction]

    def within(self, agencies: Iterable[int]) -> list[int]:
        """The people of some agencies, each once."""
        return [person_id for agency in agencies for person_id in self.by_agency.get(agency, ())]


_shelf: Shelf[Places] = Shelf()


def places(asked: Asked) -> Places:
    """Who is counted where on the day."""
    return _shelf.get((asked.when, asked.version.places), lambda: _read(asked))


def span_on(spans: Iterable[PrimarySpan], day: date) -> PrimarySpan | None:
    """The assignment of a day among somebody's own."""
    for span in spans:
        if span.starts_on <= day and (span.ends_on is None or day < span.ends_on):
            return span
    return None


def _read(asked: Asked) -> Places:
    spans = primary_spans(asked.known_at)
    family: dict[int, str] = {}
    by_agency: dict[int, list[int]] = {}
    for person_id, theirs in spans.items():
        span = span_on(theirs, asked.day)
        if span is not None:
            family[person_id] = span.family
            by_agency.setdefault(span.agency_id, []).append(person_id)
    return Places(spans, family, by_agency, full_time(asked.day, asked.known_at))
