"""Laying down who must hold what, by when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select

from lms.agencies import queries as agencies
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere, Refused
from lms.requirements import policy
from lms.requirements.actions.accepting import accept_all
from lms.requirements.models import Requirement
from lms.requirements.queries import requirements
from lms.requirements.queries.rows import terms_of
from lms.requirements.rules import UnusableTerms
from lms.skills.queries import competences
from lms.skills.rules import assurance_rank

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_COURSE = re.compile(r"course:[a-z0-9][a-z0-9-]{0,72}")


def create_requirement(
    *,
    actor: Actor,
    code: str,
    title: str,
    target: str,
    agency_id: int,
    effective_from: date,
    effective_to: date | None = None,
    families: Sequence[str] = (),
    initial_days: int = 30,
    grace_days: int = 14,
    return_days: int = 28,
    recurrence: str = "from_expiry",
    validity_months: int | None = 12,
    window_days: int = 60,
    min_assurance: str = "tested",
    legal_basis: str = "",
) -> int:
    """Require a course (`course:<slug>`) or a competence (its code) of an agency's subtree, or of some job families.

    What people attained before is accepted at once. `legal_basis` completes the sentence "because of …".
    """
    policy.must_lay_down(actor, agencies.tree().path(agency_id))
    if agencies.agency_row(agency_id) is None:
        raise NotThere(f"There is no agency with the id {agency_id}.")
    values: dict[str, Any] = {
        "code": code.strip(),
        "title": title.strip(),
        "target": target,
        "agency_id": agency_id,
        "families": list(families),
        "effective_from": effective_from,
        "effective_to": effective_to,
        "initial_days": initial_days,
        "grace_days": grace_days,
        "return_days": return_days,
        "recurrence": recurrence,
        "validity_months": validity_months if recurrence != "none" else None,
        "window_days": window_days,
        "min_assurance": _rank(min_assurance),
        "legal_basis": legal_basis.strip(),
        "recorded_at": clock.now(),
    }
    _check(values)
    made = insert(Requirement).values(**values).returning(Requirement.id)
    requirement_id: int = db.session.execute(made).scalar_one()
    accepted = accept_all(requirements(Requirement.id == requirement_id)[0])
    _note(actor, requirement_id, values, accepted)
    return requirement_id


def _rank(word: str) -> int:
    try:
        return assurance_rank(word)
    except ValueError as error:
        raise Refused(str(error), errors={"min_assurance": str(error)}) from None


def _check(values: dict[str, Any]) -> None:
    errors = _term_errors(values)
    if not _CODE.fullmatch(values["code"]):
        errors["code"] = "Use 1 to 40 letters, digits, dots or hyphens."
    elif db.session.scalar(select(Requirement.id).where(func.lower(Requirement.code) == values["code"].lower())):
        errors["code"] = f"The code {values['code']} belongs to another requirement: use a new one."
    if not values["title"]:
        errors["title"] = "Give the requirement a title."
    if not _COURSE.fullmatch(values["target"]) and values["target"] not in competences():
        errors["target"] = f"{values['target']!r} is neither course:<slug> nor the code of a competence."
    if errors:
        raise Refused(" ".join(errors.values()), errors=errors)


def _term_errors(values: dict[str, Any]) -> dict[str, str]:
    errors: dict[str, str] = {}
    until = values["effective_to"]
    if until is not None and until <= values["effective_from"]:
        errors["effective_to"] = "The requirement ends before it begins: give a later day, or none."
    order = ("effective_from", "effective_to", "initial_days", "recurrence", "validity_months", "window_days")
    try:
        terms_of(*(values[name] for name in (*order, "grace_days", "return_days", "min_assurance")))
    except UnusableTerms as error:
        errors["recurrence"] = str(error)
    return errors


def _note(actor: Actor, requirement_id: int, values: dict[str, Any], accepted: int) -> None:
    days = {name: value.isoformat() for name, value in values.items() if isinstance(value, date)}
    after = {**values, **days, "accepted": accepted}
    audit.note(actor=actor, action="requirements.create", subject=("requirement", requirement_id), after=after)
