"""How much is on record, and what came since: rows are only added and ended, so counts tell whether anything did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from lms.agencies.models import AgencyParent
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, run
from lms.kernel.db.unit import dialect
from lms.people.models import Absence, Assignment, Person
from lms.requirements.models import Exemption, Fulfilment
from lms.skills.models import Attainment

# Transactions end in another order than their rows were numbered: so many of the last numbers are looked at again.
WINDOW: Final = 100
_REBUILT: Final = "records.rebuilt"
_NO_DEED: Final = 2**31 - 1


def _text(word: str) -> Any:
    return literal(word, String)


def _flag(value: int) -> Any:
    return literal_column(str(value), Integer)


@dataclass(frozen=True, slots=True)
class _Source:
    """A table that figures depend on: whom a row is about, when it no longer counts, and what it is known by."""

    id: Any
    who: Any
    ended: ColumnElement[bool]
    word: Any


SOURCES: Final = {
    "assignment": _Source(Assignment.id, Assignment.person_id, Assignment.withdrawn_at.is_not(None), _text("")),
    "absence": _Source(Absence.id, Absence.person_id, Absence.withdrawn_at.is_not(None), _text("")),
    "exemption": _Source(Exemption.id, Exemption.person_id, Exemption.withdrawn_at.is_not(None), _text("")),
    "fulfilment": _Source(Fulfilment.id, Fulfilment.person_id, Fulfilment.revoked_at.is_not(None), _text("")),
    "attainment": _Source(Attainment.id, Attainment.person_id, Attainment.revoked_at.is_not(None), _text("")),
    "person": _Source(Person.id, Person.id, Person.status == "merged", Person.account_name),
    "agency_parent": _Source(AgencyParent.id, AgencyParent.child_id, AgencyParent.withdrawn_at.is_not(None), _text("")),
}


class Extent(NamedTuple):
    """How many rows there are of a sort, the number of the last one, and how many have ended."""

    rows: int
    last: int
    ended: int


@dataclass(frozen=True, slots=True)
class State:
    """How much is on record in a database.

    The pseudonym of whoever came last tells one database from another that holds as much.
    """

    database: str
    extents: tuple[tuple[str, Extent], ...]
    last_person: str

    @property
    def tree(self) -> Extent:
        """How much is on record of the tree of agencies."""
        return dict(self.extents)["agency_parent"]


@dataclass(frozen=True, slots=True)
class Look:
    """A state, the number of the last deed in the log, and whether everything was projected anew since another one.

    `before` is the pseudonym of whoever was the last person when one looked before, as it is now.
    """

    state: State
    deed: int
    rebuilt: bool
    before: str


class Row(NamedTuple):
    """A row that came lately or has ended."""

    source: str
    id: int
    who: int
    has_ended: bool
    word: str


def state_now() -> State:
    """How much is on record now."""
    return look(_NO_DEED, 0).state


def state_elsewhere() -> State:
    """The same for somebody who begins to read now, while this unit of work may still see an earlier moment."""
    with db.engine.connect() as connection:
        asked = {"since": _NO_DEED, "last_person": 0}
        return _looked(connection.execute(_EXTENTS[dialect()], asked).all()).state


def look(since: int, last_person: int) -> Look:
    """One look at how much is on record, at the deeds in the log after one of them, and at a person by number."""
    return _looked(run(_EXTENTS[dialect()], {"since": since, "last_person": last_person}))


def _looked(rows: Iterable[Any]) -> Look:
    found = {row[0]: row[1:] for row in rows}
    rebuilt, deed, _, before = found.pop("audit_event")
    extents = tuple((name, Extent(count, last or 0, ended)) for name, (count, last, ended, _word) in found.items())
    state = State(str(db.engine.url), tuple(sorted(extents)), found["person"][3])
    return Look(state, deed or 0, bool(rebuilt), before)


def news(floors: Mapping[str, int], ended: Iterable[str]) -> list[Row]:
    """The rows numbered above a floor, and of some sources all that have ended; one statement."""
    looked = set(ended)
    asked: dict[str, Any] = {f"floor_{name}": floors[name] for name in SOURCES}
    asked |= {f"look_{name}": name in looked for name in SOURCES}
    return [Row(*row) for row in run(_NEWS, asked)]


def _extent(name: str, source: _Source, in_one_pass: bool) -> Any:
    """The counts of one source, all in one pass or each by itself."""
    last: Any = select(func.max(source.id)).scalar_subquery()
    if in_one_pass:
        ended = func.count(case((source.ended, 1)))
        return select(_text(name), func.count(source.id), last, ended, _last_word(source))
    count: Any = select(func.count()).select_from(source.id.class_).scalar_subquery()
    gone: Any = select(func.count()).where(source.ended).scalar_subquery()
    return select(_text(name), count, last, gone, _last_word(source))


def _last_word(source: _Source) -> Any:
    if source.id is not Person.id:
        return source.word
    return func.coalesce(select(source.word).order_by(source.id.desc()).limit(1).scalar_subquery(), "")


def _deeds() -> Any:
    later = AuditEvent.id > bindparam("since", type_=Integer)
    rebuilt: Any = select(func.count()).where(later, AuditEvent.action == _REBUILT).scalar_subquery()
    last: Any = select(func.max(AuditEvent.id)).scalar_subquery()
    before: Any = select(Person.account_name).where(Person.id == bindparam("last_person", type_=Integer))
    return select(_text("audit_event"), rebuilt, last, _flag(0), func.coalesce(before.scalar_subquery(), ""))


def _recent(name: str, source: _Source) -> Any:
    columns = (_text(name), source.id, source.who, _flag(0), source.word)
    return select(*columns).where(source.id > bindparam(f"floor_{name}", type_=Integer))


def _over(name: str, source: _Source) -> Any:
    columns = (_text(name), source.id, source.who, _flag(1), _text(""))
    return select(*columns).where(and_(bindparam(f"look_{name}", type_=Boolean), source.ended))


# One pass is quicker on PostgreSQL; SQLite counts rows without looking at them, which takes a fraction of a pass.
_EXTENTS: Final = {
    kind: union_all(*(_extent(*item, kind == "postgresql") for item in SOURCES.items()), _deeds())
    for kind in ("sqlite", "postgresql")
}
_NEWS: Final = union_all(*(part(*item) for item in SOURCES.items() for part in (_recent, _over)))
