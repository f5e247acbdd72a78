"""What people hold beside the facts of required learning: levels of competences, and posts with their hours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, Select, String, bindparam, cast, literal_column, null, select, union_all

from lms.kernel.db import run
from lms.people.models import Assignment, Person
from lms.reporting.rules import Held
from lms.skills.models import Attainment
from lms.skills.rules import COUNTS_FROM

_LEVEL, _SHARE = range(2)
_PART: Final = 2000  # rows held at a time, of tens of thousands
_PEOPLE: Final = bindparam("people", type_=Integer, expanding=True)


class Share(NamedTuple):
    """A post at an agency on [start, end) with its share of a full-time week in percent."""

    agency: int
    start: date
    end: date
    percent: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """Levels by person and competence, and posts by person; people merged into others hold no posts of their own."""

    levels: dict[int, dict[str, tuple[Held, ...]]] = field(default_factory=dict)
    shares: dict[int, list[Share]] = field(default_factory=dict)


def holdings(person_ids: Collection[int] | None = None) -> Holdings:
    """Everything on record that counts on any day, of everybody or of some people; one statement."""
    rows = run(_OF_EVERYBODY) if person_ids is None else run(_OF_SOME, {"people": list(person_ids)})
    found = Holdings()
    same: dict[Held, tuple[Held]] = {}  # a course gives many people the same level on the same day
    for part in rows.partitions(_PART):
        for kind, who, start, end, number, code, agency in part:
            if kind == _LEVEL:
                held = Held(number, start, end or date.max)
                theirs, one = found.levels.setdefault(who, {}), same.setdefault(held, (held,))
                theirs[code] = (*theirs[code], *one) if code in theirs else one
            else:
                found.shares.setdefault(who, []).append(Share(agency, start, end or date.max, number))
    return found


def _parts() -> list[tuple[Select[Any], Any]]:
    level = (Attainment.person_id, Attainment.achieved_on, Attainment.expires_on, Attainment.level, Attainment.target)
    counts = (Attainment.level > 0, Attainment.assurance >= COUNTS_FROM, Attainment.revoked_at.is_(None))
    post = (Assignment.person_id, Assignment.starts_on, Assignment.ends_on, Assignment.fte_percent)
    levels: Select[Any] = select(_number(_LEVEL), *level, cast(null(), Integer)).where(*counts)
    shares: Select[Any] = select(_number(_SHARE), *post, cast(null(), String), Assignment.agency_id)
    shares = shares.join(Person, Person.id == Assignment.person_id)
    standing = (Assignment.withdrawn_at.is_(None), Person.status != "merged")
    return [(levels, Attainment.person_id), (shares.where(*standing), Assignment.person_id)]


def _number(value: int) -> Any:
    return literal_column(str(value), Integer)


_OF_EVERYBODY: Final = union_all(*(part for part, _who in _parts()))
_OF_SOME: Final = union_all(*(part.where(who.in_(_PEOPLE)) for part, who in _parts()))
