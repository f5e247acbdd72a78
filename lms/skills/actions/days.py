"""On which calendar day something happened where the person worked (docs/rules.md, 2.2)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from lms.agencies.models import Agency
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.unit import notes
from lms.xapi.rules.facts import Fact

_ZONE = Prepared(select(Agency.time_zone).where(Agency.id == bindparam("agency")))


def day_of(fact: Fact) -> date:
    """The calendar day of a fact where the person worked (SPEC 2.2.3)."""
    return day_there(fact.timestamp, fact.agency_id)


def day_there(moment: datetime, agency_id: int | None) -> date:
    """The calendar day of a moment at an agency."""
    return moment.astimezone(ZoneInfo(_zone(agency_id))).date()


def _zone(agency_id: int | None) -> str:
    if agency_id is None:
        return "UTC"
    known: dict[int, str] = notes().setdefault("agency_zones", {})
    if agency_id not in known:
        found = _ZONE.first(agency=agency_id)
        known[agency_id] = found.time_zone if found is not None else "UTC"
    return known[agency_id]
