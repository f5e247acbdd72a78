"""The tree of agencies on a day, as far as was known at a moment."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, or_, select

from lms.agencies.models import Agency, AgencyParent
from lms.agencies.policy import visible
from lms.agencies.rules import AgencyRow, Edge, Tree
from lms.kernel import clock
from lms.kernel.db import db, holds_on, holds_on_as_known

__all__ = ["AgencyRow", "Tree", "agency_row", "edges", "is_open", "tree", "visible"]


def tree(on: date | None = None, known_at: datetime | None = None) -> Tree:
    """The government as it stood on a day; today where none is given."""
    day = on or clock.today()
    stood = holds_on(AgencyParent, day) if known_at is None else holds_on_as_known(AgencyParent, day, known_at)
    columns = (Agency.id, Agency.code, Agency.name, Agency.kind, Agency.time_zone, AgencyParent.parent_id)
    found = db.session.execute(
        select(*columns)
        .outerjoin(AgencyParent, and_(AgencyParent.child_id == Agency.id, stood))
        .where(Agency.opened_on <= day, or_(Agency.closed_on.is_(None), Agency.closed_on > day))
    ).all()
    return Tree.of({row[0]: AgencyRow(*row[:5]) for row in found}, {row[0]: row[5] for row in found})


def agency_row(agency_id: int) -> AgencyRow | None:
    """One agency, open or closed."""
    columns = (Agency.id, Agency.code, Agency.name, Agency.kind, Agency.time_zone)
    found = db.session.execute(select(*columns).where(Agency.id == agency_id)).first()
    return AgencyRow(*found) if found else None


def is_open(agency_id: int, on: date) -> bool:
    """Whether an agency exists and is open on a day."""
    opened = and_(Agency.opened_on <= on, or_(Agency.closed_on.is_(None), Agency.closed_on > on))
    return db.session.scalar(select(Agency.id).where(Agency.id == agency_id, opened)) is not None


def edges() -> list[Edge]:
    """Every place in the tree, of all days, as known now."""
    columns = (AgencyParent.child_id, AgencyParent.parent_id, AgencyParent.starts_on, AgencyParent.ends_on)
    return [Edge(*row) for row in db.session.execute(select(*columns).where(AgencyParent.withdrawn_at.is_(None)))]
