"""Saying how long a class of records is kept, and keeping records back for a court or an inquiry."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from lms.agencies.queries import agency_row
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.kernel.errors import Conflict, NotThere, Refused
from lms.people.models import Person
from lms.privacy import policy
from lms.privacy.actions import disposing
from lms.xapi.actions.erasure import in_turn
from lms.xapi.models import LegalHold, RetentionRule
from lms.xapi.rules.retention import CLASSES

LONGEST_WHY = 2000
MOST_MONTHS = 1200


def add_rule(*, actor: Actor, record_class: str, agency_id: int | None, months: int, why: str) -> int:
    """Let a class of records go some months after it was stored; returns the rule's number.

    An agency's rule is also that of the agencies beneath it, until one of them has its own. Raises NotAllowed, or
    Refused with the fields to correct.
    """
    policy.must_govern(actor)
    errors = {
        "record_class": "" if record_class in CLASSES else "Choose one of the classes.",
        "agency_id": _wrong_agency(agency_id) or _taken(record_class, agency_id),
        "months": "" if 0 < months <= MOST_MONTHS else f"Give a number of months from 1 to {MOST_MONTHS}.",
        "why": _wrong_why(why),
    }
    _refuse(errors)
    values = {"record_class": record_class, "agency_id": agency_id, "months": months}
    recorded = {"why": why.strip(), "recorded_by": _named(actor), "recorded_at": clock.now()}
    number: int = run(insert(RetentionRule).values(**values, **recorded).returning(RetentionRule.id)).scalar_one()
    audit.note(actor=actor, action="privacy.add_rule", subject=("rule", number), after=values, why=why.strip())
    return number


def end_rule(*, actor: Actor, rule_id: int, why: str) -> None:
    """Let nothing more go by a rule; raises NotAllowed, NotThere, Refused, or Conflict for one that has ended."""
    policy.must_govern(actor)
    _refuse({"why": _wrong_why(why)})
    in_turn()
    rule = RetentionRule
    wanted = select(rule.withdrawn_at, rule.record_class).where(rule.id == rule_id)
    row = run(wanted.with_for_update()).first()
    if row is None:
        raise NotThere()
    if row.withdrawn_at is not None:
        raise Conflict("This rule has ended already.")
    ended = {"withdrawn_at": clock.now(), "withdrawn_by": _named(actor), "withdrawn_why": why.strip()}
    run(update(RetentionRule).where(RetentionRule.id == rule_id).values(**ended))
    disposing.end_run(actor=actor, rule_id=rule_id, record_class=row.record_class)
    audit.note(actor=actor, action="privacy.end_rule", subject=("rule", rule_id), why=why.strip())


def lay_hold(
    *,
    actor: Actor,
    person_id: int | None = None,
    agency_id: int | None = None,
    record_class: str | None = None,
    reason: str,
) -> int:
    """Keep back everything of one person, of one agency and those beneath it, or of one class; returns the number.

    It waits for an erasure that is under way, and from then on nothing it covers goes. Raises NotAllowed, or Refused.
    """
    policy.must_govern(actor)
    if sum(value is not None for value in (person_id, agency_id, record_class)) != 1:
        raise Refused("Say what to keep back: one person, one agency or one class.")
    nobody = person_id is not None and run(select(Person.id).where(Person.id == person_id)).first() is None
    unknown = record_class is not None and record_class not in CLASSES
    errors = {
        "person_id": "There is no such person: look the person up first." if nobody else "",
        "agency_id": _wrong_agency(agency_id),
        "record_class": "Choose one of the classes." if unknown else "",
        "why": _wrong_why(reason),
    }
    _refuse(errors)
    in_turn()
    values = {"person_id": person_id, "agency_id": agency_id, "record_class": record_class}
    laid = {"reason": reason.strip(), "since": clock.now(), "recorded_by": _named(actor)}
    number: int = run(insert(LegalHold).values(**values, **laid).returning(LegalHold.id)).scalar_one()
    audit.note(actor=actor, action="privacy.lay_hold", subject=("hold", number), after=values, why=reason.strip())
    return number


def release_hold(*, actor: Actor, hold_id: int, why: str) -> None:
    """Let what a hold kept back go its way again; raises NotAllowed, NotThere, Refused or Conflict."""
    policy.must_govern(actor)
    _refuse({"why": _wrong_why(why)})
    row = run(select(LegalHold.released_at).where(LegalHold.id == hold_id).with_for_update()).first()
    if row is None:
        raise NotThere()
    if row.released_at is not None:
        raise Conflict("This hold was released already.")
    released = {"released_at": clock.now(), "released_by": _named(actor), "released_why": why.strip()}
    run(update(LegalHold).where(LegalHold.id == hold_id).values(**released))
    audit.note(actor=actor, action="privacy.release_hold", subject=("hold", hold_id), why=why.strip())


def _refuse(errors: dict[str, str]) -> None:
    found = {name: text for name, text in errors.items() if text}
    if found:
        raise Refused(" ".join(found.values()), errors=found)


def _wrong_agency(agency_id: int | None) -> str:
    if agency_id is None or agency_row(agency_id) is not None:
        return ""
    return "There is no such agency: choose one of the list."


def _taken(record_class: str, agency_id: int | None) -> str:
    row = RetentionRule
    here = row.agency_id.is_(None) if agency_id is None else row.agency_id == agency_id
    known = run(select(row.id).where(row.record_class == record_class, here, row.withdrawn_at.is_(None))).first()
    return "There is a rule for this class here already: end it before you record another." if known else ""


def _wrong_why(why: str) -> str:
    if not why.strip():
        return "Give the reason: an auditor will read it."
    return "" if len(why) <= LONGEST_WHY else f"Give the reason in at most {LONGEST_WHY} characters."


def _named(actor: Actor) -> str:
    return (actor.account_name or actor.kind)[:80]
