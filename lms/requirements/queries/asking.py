"""Who asks for something, and what is on record of one person: in one statement, for the busiest page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Date, Integer, bindparam, cast, literal_column, null, select, union_all

from lms.agencies.models import Agency
from lms.kernel.db.prepared import Prepared
from lms.requirements.models import Requirement
from lms.requirements.queries.facts import Found, parts, sorted_out
from lms.requirements.queries.rows import RequirementRow, mark, requirements_asking_for

_ASKED: Final = 9
_MOST: Final = 500
_NO_NUMBER: Final = cast(null(), Integer)
_NO_DAY: Final = cast(null(), Date)
_asking = (
    select(
        literal_column(str(_ASKED), Integer), Requirement.id, _NO_NUMBER, _NO_DAY, _NO_DAY, mark, _NO_NUMBER, _NO_NUMBER
    )
    .join(Agency, Agency.id == Requirement.agency_id)
    .where(Requirement.target == bindparam("target"))
)
_OF_ONE: Final = Prepared(union_all(*parts("one", False, named=False), _asking))


@dataclass(frozen=True, eq=False)
class Asking:
    """The requirements of a target, by code; another one as soon as a word of them changes."""

    rows: tuple[RequirementRow, ...]


NOBODY: Final = Asking(())
_known: dict[tuple[str, ...], Asking] = {}


def asked_of_one(person_id: int, target: str) -> tuple[Asking, Found]:
    """The requirements of a target, and all that is on record about a person."""
    rows: list[Any] = _OF_ONE.all(person=person_id, target=target)
    marks = _marks(rows)
    found = _known.get((target, *marks)) if marks else NOBODY
    if found is None:
        found = Asking(tuple(requirements_asking_for(target)))
        if marks == _marks(_OF_ONE.all(person=person_id, target=target)):  # nothing has changed in between
            _keep((target, *marks), found)
    return found, sorted_out([row for row in rows if row[0] != _ASKED])


def _marks(rows: Iterable[Any]) -> list[str]:
    return sorted(row[5] for row in rows if row[0] == _ASKED)


def _keep(place: tuple[str, ...], asking: Asking) -> None:
    if len(_known) >= _MOST:
        _known.clear()
    _known[place] = asking
