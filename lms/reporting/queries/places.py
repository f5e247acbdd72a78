"""Who is counted where: everybody at the agency of the primary assignment of the day (docs/rules.md, section 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lms.people.queries import full_time, primary_spans
from lms.reporting.queries.asked import Asked
from lms.reporting.queries.record import Record
from lms.reporting.rules import Stay, stay_on, stays


@dataclass(frozen=True, slots=True)
class Places:
    """Where everybody was when, who was where on the day asked for, and full-time equivalents by agency."""

    stays: Mapping[int, Sequence[Stay]]
    family: Mapping[int, str]
    by_agency: Mapping[int, list[int]]
    full_time: Mapping[int, Fraction]

    def within(self, agencies: Iterable[int]) -> list[int]:
        """The people of some agencies, each once."""
        return [person_id for agency in agencies for person_id in self.by_agency.get(agency, ())]


def places(asked: Asked) -> Places:
    """Who is counted where on the day."""
    record = asked.record
    key = "places", asked.when, asked.state
    return asked.shelf.get(key, lambda: _kept(record, asked.day) if record else _read(asked))


def _kept(record: Record, day: date) -> Places:
    hours = {agency: Fraction(sums.on(day)[0], 100) for agency, sums in record.full_time.items()}
    return _placed(record.stays, day, hours)


def _read(asked: Asked) -> Places:
    spans = primary_spans(asked.known_at)
    where = {
        id: stays((span.agency_id, span.family, span.starts_on, span.ends_on or date.max) for span in theirs)
        for id, theirs in spans.items()
    }
    return _placed(where, asked.day, full_time(asked.day, asked.known_at))


def _placed(where: Mapping[int, Sequence[Stay]], day: date, hours: Mapping[int, Fraction]) -> Places:
    family: dict[int, str] = {}
    by_agency: dict[int, list[int]] = {}
    for person_id, theirs in where.items():
        stay = stay_on(theirs, day)
        if stay is not None:
            family[person_id] = stay.family
            by_agency.setdefault(stay.place, []).append(person_id)
    return Places(where, family, by_agency, hours)
