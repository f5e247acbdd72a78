"""Opening, moving and closing agencies, and creating posts in them."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, update

from lms.agencies import policy, queries
from lms.agencies.models import KINDS, Agency, AgencyParent, Post
from lms.agencies.rules import Edge, first_ring
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere, Refused

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")


def open_agency(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: str,
    parent_id: int | None = None,
    on: date,
    time_zone: str = "UTC",
) -> int:
    """Open an agency under another, or at the top, from a day on; its code is never used again."""
    policy.must_manage(actor)
    code, name = code.strip(), name.strip()
    _check_agency(code, name, kind, time_zone)
    if parent_id is not None:
        _must_be_open(parent_id, on)
    now = clock.now()
    values = {"code": code, "name": name, "kind": kind, "time_zone": time_zone, "opened_on": on, "recorded_at": now}
    agency_id: int = db.session.execute(insert(Agency).values(**values).returning(Agency.id)).scalar_one()
    if parent_id is not None:
        _place(agency_id, parent_id, on)
    after = {"code": code, "name": name, "kind": kind, "parent": parent_id, "on": on.isoformat()}
    audit.note(actor=actor, action="agencies.open", subject=("agency", agency_id), after=after)
    return agency_id


def move_agency(*, actor: Actor, agency_id: int, parent_id: int, on: date) -> None:
    """Put an agency under another from a day on; what stood before that day stays as it was."""
    policy.must_manage(actor)
    _lock_tree()
    _must_be_open(agency_id, on)
    _must_be_open(parent_id, on)
    ring = first_ring(queries.edges(), Edge(agency_id, parent_id, on))
    if ring is not None:
        text = f"From {ring} the agency would stand beneath itself: choose a parent outside its own subtree."
        raise Refused(text, errors={"parent_id": text})
    before = _leave_place(agency_id, on)
    _place(agency_id, parent_id, on)
    after = {"parent": parent_id, "on": on.isoformat()}
    audit.note(
        actor=actor, action="agencies.move", subject=("agency", agency_id), before={"parent": before}, after=after
    )


def close_agency(*, actor: Actor, agency_id: int, on: date) -> None:
    """Close an agency from a day on; it is not deleted, and its code stays taken."""
    policy.must_manage(actor)
    _lock_tree()
    _must_be_open(agency_id, on)
    if any(edge.parent == agency_id and (edge.ends_on is None or edge.ends_on > on) for edge in queries.edges()):
        raise Refused("Other agencies still stand beneath this one: move or close them first.")
    db.session.execute(update(Agency).where(Agency.id == agency_id).values(closed_on=on))
    audit.note(actor=actor, action="agencies.close", subject=("agency", agency_id), after={"on": on.isoformat()})


def create_post(
    *,
    actor: Actor,
    agency_id: int,
    code: str,
    title: str,
    family: str = "",
    grade: str = "",
    people_manager: bool = False,
    on: date,
) -> int:
    """Create a seat in an agency from a day on; it stays vacant until somebody is assigned to it."""
    policy.must_manage(actor)
    _must_be_open(agency_id, on)
    code = code.strip()
    if not code or db.session.scalar(select(Post.id).where(func.lower(Post.code) == code.lower())) is not None:
        raise Refused(f"The post code {code!r} is empty or taken: use another.", errors={"code": "Use another code."})
    values = {"agency_id": agency_id, "code": code, "title": title.strip(), "family": family, "grade": grade}
    dated = {"people_manager": people_manager, "starts_on": on, "recorded_at": clock.now()}
    post_id: int = db.session.execute(insert(Post).values(**values, **dated).returning(Post.id)).scalar_one()
    audit.note(actor=actor, action="agencies.create_post", subject=("post", post_id), after=values)
    return post_id


def _check_agency(code: str, name: str, kind: str, time_zone: str) -> None:
    errors: dict[str, str] = {}
    if not _CODE.fullmatch(code):
        errors["code"] = "Use 1 to 20 letters, digits, dots, slashes or hyphens."
    elif db.session.scalar(select(Agency.id).where(func.lower(Agency.code) == code.lower())) is not None:
        errors["code"] = f"The code {code} was given to another agency, open or closed: codes are never used again."
    if not name:
        errors["name"] = "Give the agency a name."
    if kind not in KINDS:
        errors["kind"] = f"Choose one of {', '.join(KINDS)}."
    if not _is_time_zone(time_zone):
        errors["time_zone"] = f"{time_zone!r} is no time zone: write one such as UTC or Africa/Tunis."
    if errors:
        raise Refused(" ".join(errors.values()), errors=errors)


def _is_time_zone(name: str) -> bool:
    try:
        return ZoneInfo(name).key == name
    except (LookupError, ValueError, OSError):  # unknown, not a name at all, a folder of zones
        return False


def _must_be_open(agency_id: int, on: date) -> None:
    if db.session.scalar(select(Agency.id).where(Agency.id == agency_id)) is None:
        raise NotThere(f"There is no agency with the id {agency_id}.")
    if not queries.is_open(agency_id, on):
        raise Refused(f"The agency {agency_id} is not open on {on}: choose another day or agency.")


def _lock_tree() -> None:
    """Let one change of the tree at a time look for rings (SQLite has one writer anyway)."""
    db.session.execute(select(AgencyParent.id).where(AgencyParent.withdrawn_at.is_(None)).with_for_update())


def _place(child_id: int, parent_id: int, on: date, ends_on: date | None = None) -> None:
    values = {"child_id": child_id, "parent_id": parent_id, "starts_on": on, "ends_on": ends_on}
    db.session.execute(insert(AgencyParent).values(**values, recorded_at=clock.now()))


def _leave_place(agency_id: int, on: date) -> int | None:
    """End where an agency stands; returns the parent it leaves."""
    columns = (AgencyParent.id, AgencyParent.parent_id, AgencyParent.starts_on, AgencyParent.ends_on)
    known = (AgencyParent.child_id == agency_id, AgencyParent.withdrawn_at.is_(None))
    rows = db.session.execute(select(*columns).where(*known)).all()
    later = [row.starts_on for row in rows if row.starts_on > on]
    if later:
        raise Refused(f"A move of this agency on {min(later)} is already recorded: choose a later day.")
    current = next((row for row in rows if row.ends_on is None or row.ends_on > on), None)
    if current is None:
        return None
    withdrawn = update(AgencyParent).where(AgencyParent.id == current.id).values(withdrawn_at=clock.now())
    db.session.execute(withdrawn)
    if current.starts_on < on:
        _place(agency_id, current.parent_id, current.starts_on, ends_on=on)
    return int(current.parent_id)
