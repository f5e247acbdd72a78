"""Which courses a permission reaches: those whose owner stands within it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, true

from courses.models import Course
from lms.agencies.queries import AgencyRow, tree, visible
from lms.kernel.actor import Actor, Reach


def agencies_within(reach: Reach) -> frozenset[int]:
    """The agencies that a permission reaches today."""
    return visible(reach, tree())


def owned_within(reach: Reach) -> ColumnElement[bool]:
    """The course's owner stands within a permission's reach."""
    if reach.everywhere:
        return true()
    return Course.owner_agency_id.in_(agencies_within(reach))


def owners(actor: Actor, permission: str) -> list[AgencyRow]:
    """The agencies for which the actor may own courses, by name."""
    stands = tree()
    within = visible(actor.reach(permission), stands)
    return sorted((stands.rows[one] for one in within), key=lambda row: row.name)
