"""The tree of agencies on a day, as far as was known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, or_, select

from lms.agencies.models import Agency, AgencyParent
from lms.agencies.policy import visible
from lms.agencies.rules import AgencyRow, Edge, Tree
from lms.kernel import clock
from lms.kernel.actor import Reach
from lms.kernel.db import UtcDateTime, db, holds_on, holds_on_as_known, run
from lms.xapi.queries.browsing import Place

__all__ = ["AgencyRow", "Tree", "agency_row", "edges", "is_open", "places", "tree", "visible"]

_DAY: BindParameter[date] = bindparam("day", type_=Date)
_KNOWN_AT: BindParameter[datetime] = bindparam("known_at", type_=UtcDateTime)
_opened = and_(Agency.opened_on <= _DAY, or_(Agency.closed_on.is_(None), Agency.closed_on > _DAY))
_OPEN = select(Agency.id).where(Agency.id == bindparam("agency"), _opened)


def _tree(stood: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    columns = (Agency.id, Agency.code, Agency.name, Agency.kind, Agency.time_zone, AgencyParent.parent_id)
    return select(*columns).outerjoin(AgencyParent, and_(AgencyParent.child_id == Agency.id, stood)).where(_opened)


_ROW = (Agency.id, Agency.code, Agency.name, Agency.kind, Agency.time_zone)
_known = and_(AgencyParent.child_id == Agency.id, AgencyParent.withdrawn_at.is_(None), AgencyParent.starts_on <= _DAY)
_EVER = (
    select(*_ROW, Agency.opened_on, Agency.closed_on, AgencyParent.parent_id, AgencyParent.ends_on)
    .outerjoin(AgencyParent, _known)
    .order_by(AgencyParent.starts_on, Agency.id)
)
_AS_ON_RECORD = _tree(holds_on(AgencyParent, _DAY))
_AS_KNOWN = _tree(holds_on_as_known(AgencyParent, _DAY, _KNOWN_AT))


def tree(on: date | None = None, known_at: datetime | None = None) -> Tree:
    """The government as it stood on a day; today where none is given."""
    day = on or clock.today()
    if known_at is None:
        found = run(_AS_ON_RECORD, {"day": day}).all()
    else:
        found = run(_AS_KNOWN, {"day": day, "known_at": known_at}).all()
    return Tree.of({row[0]: AgencyRow(*row[:5]) for row in found}, {row[0]: row[5] for row in found})


def agency_row(agency_id: int) -> AgencyRow | None:
    """One agency, open or closed."""
    columns = (Agency.id, Agency.code, Agency.name, Agency.kind, Agency.time_zone)
    found = db.session.execute(select(*columns).where(Agency.id == agency_id)).first()
    return AgencyRow(*found) if found else None


def is_open(agency_id: int, on: date) -> bool:
    """Whether an agency exists and is open on a day."""
    return run(_OPEN, {"agency": agency_id, "day": on}).first() is not None


def edges() -> list[Edge]:
    """Every place in the tree, of all days, as known now."""
    columns = (AgencyParent.child_id, AgencyParent.parent_id, AgencyParent.starts_on, AgencyParent.ends_on)
    return [Edge(*row) for row in db.session.execute(select(*columns).where(AgencyParent.withdrawn_at.is_(None)))]


def places(reach: Reach) -> list[Place]:
    """The agencies within a reach as they stand today, for rooms beneath; closed ones stand where they stood last."""
    today = clock.today()
    rows: dict[int, AgencyRow] = {}
    parents: dict[int, int | None] = {}
    opened: set[int] = set()
    for one in run(_EVER, {"day": today}):  # of several places the last one is kept
        rows[one.id] = AgencyRow(*one[:5])
        if one.opened_on <= today and (one.closed_on is None or one.closed_on > today):
            opened.add(one.id)
        stands = one.ends_on is None or one.ends_on > today or one.id not in opened
        parents[one.id] = one.parent_id if stands else None
    stood = Tree.of(rows, parents)
    seen = visible(reach, stood)
    found = [(rows[id], depth) for id, depth in stood.walk() if id in seen]
    least = min((depth for _, depth in found), default=0)
    return [Place(row.id, row.code, row.name, depth - least, row.id in opened) for row, depth in found]
