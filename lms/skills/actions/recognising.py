"""An administrator decides what an activity elsewhere counts as here, and takes such a decision back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import Conflict, Malformed, NotThere, Refused
from lms.skills import policy, queries, statements
from lms.skills.actions import outside
from lms.skills.actions.projection import SkillProjector
from lms.skills.models import Attainment
from lms.skills.models import Recognition as Row
from lms.skills.queries import recognised
from lms.skills.rules import COMPETENCE_MONTHS, COUNTS_FROM, LEVELS
from lms.skills.rules.assurance import ASSURANCE
from lms.skills.rules.recognition import Recognition
from lms.xapi.actions import road
from lms.xapi.actions.rebuild import hold_the_road
from lms.xapi.queries import outside as said_outside
from lms.xapi.queries.outside import Said
from lms.xapi.rules.facts import Fact
from lms.xapi.rules.iris import is_native
from lms.xapi.rules.validate import atoms

COURSE = "course:"
LONGEST_WHY = 2000
LONGEST_SENDER = 400
_LEAST_SLASHES = 3  # with fewer, the beginning of a host name would stand for hosts of others
_AT_ONCE = 500


def recognise(
    *,
    actor: Actor,
    activity: str,
    is_prefix: bool = False,
    sender: str = "",
    target: str,
    level: int | None = None,
    assurance: str,
    why: str,
) -> int:
    """Let an activity elsewhere count as a course (`course:<slug>`) or a competence; returns the decision's number.

    It counts from now on, also what was said before. Raises NotAllowed, or Refused with the fields to correct.
    """
    policy.must_recognise(actor)
    _check(activity, is_prefix, sender, target, level, assurance, why)
    hold_the_road()
    row = Row(
        activity=activity,
        is_prefix=is_prefix,
        sender=sender,
        target=target,
        level=level,
        assurance=ASSURANCE[assurance],
        valid_months=_valid_months(target),
        why=why.strip(),
        decided_by=_named(actor),
        recorded_at=_moment(),
    )
    _once(row)
    db.session.add(row)
    db.session.flush()
    outside.forget()
    _count_what_was_said(_terms(row.id))
    after = {"activity": activity, "target": target, "level": level, "assurance": assurance, "sender": sender}
    audit.note(actor=actor, action="records.recognised", subject=("recognition", row.id), after=after, why=row.why)
    return row.id


def withdraw(*, actor: Actor, recognition_id: int, why: str) -> None:
    """Take a decision back: from now on nothing counts by it. Raises NotAllowed, NotThere, Refused or Conflict."""
    policy.must_recognise(actor)
    _check_why(why)
    hold_the_road()
    row = db.session.get(Row, recognition_id, populate_existing=True)
    if row is None:
        raise NotThere()
    if row.withdrawn_at is not None:
        raise Conflict("This decision has been withdrawn already.")
    row.withdrawn_at = max(_moment(), row.recorded_at)
    row.withdrawn_by, row.withdrawn_why = _named(actor), why.strip()
    db.session.flush()
    outside.forget()
    theirs = (Attainment.recognition == row.id, Attainment.revoked_at.is_(None))
    revoke = update(Attainment).where(*theirs).values(revoked_at=outside.end(row.withdrawn_at))
    db.session.execute(revoke.execution_options(synchronize_session=False))
    _let_the_rooms_above_know(said.fact for said in _said(_terms(row.id)))
    audit.note(actor=actor, action="records.withdrawn", subject=("recognition", row.id), why=row.withdrawn_why)


def _count_what_was_said(decided: Recognition) -> None:
    """Write what earlier statements count for by a decision, and let the rooms above work it out."""
    concerned: dict[int | None, Fact] = {}
    batch: list[Said] = []
    for said in _said(decided):
        concerned.setdefault(said.fact.person_id, said.fact)
        batch.append(said)
        if len(batch) == _AT_ONCE:
            _write(batch, decided)
            batch = []
    _write(batch, decided)
    _let_the_rooms_above_know(concerned.values())


def _write(batch: Iterable[Said], decided: Recognition) -> None:
    rows = []
    for said in batch:
        word = statements.outside_word(said.fact)
        if word is not None:
            rows += [row for row in outside.rows_of(said, word, [decided]) if row["recognition"] == decided.id]
    outside.write(rows)


def _let_the_rooms_above_know(facts: Iterable[Fact]) -> None:
    """One fact a person is enough: whoever stands above works out anew what that person holds."""
    met: set[int | None] = set()
    above = [projector for projector in road.projectors() if not isinstance(projector, SkillProjector)]
    for fact in facts:
        if fact.person_id not in met:
            met.add(fact.person_id)
            for projector in above:
                projector.project(fact)


def _said(decided: Recognition) -> Iterable[Said]:
    found = said_outside.said_about(
        decided.activity, is_prefix=decided.is_prefix, sender=decided.sender, verbs=statements.OUTSIDE_VERBS
    )
    for said in found:
        word = statements.outside_word(said.fact)
        if word is not None and decided.counts(word):
            yield said


def _terms(recognition_id: int) -> Recognition:
    return next(terms for terms in recognised.recognitions() if terms.id == recognition_id)


def _moment() -> datetime:
    """Now, and not before what was stored last, even if the machine's clock has been set back."""
    now, latest = clock.now(), said_outside.latest_stored()
    return now if latest is None else max(now, latest)


def _named(actor: Actor) -> str:
    return (actor.account_name or actor.kind)[:80]


def _valid_months(target: str) -> int | None:
    if target.startswith(COURSE):
        return recognised.courses()[target.removeprefix(COURSE)].valid_months
    return COMPETENCE_MONTHS


def _once(row: Row) -> None:
    """The same decision is not made twice; raises Refused."""
    for known in recognised.recognitions():
        if known.withdrawn_at is None and (known.activity, known.is_prefix, known.sender, known.target) == (
            row.activity,
            row.is_prefix,
            row.sender,
            row.target,
        ):
            text = "This activity counts as that already: withdraw the earlier decision to change it."
            raise Refused(text, errors={"target": text})


def _check(
    activity: str, is_prefix: bool, sender: str, target: str, level: int | None, assurance: str, why: str
) -> None:
    errors = {
        "activity": _wrong_activity(activity, is_prefix),
        "sender": "" if len(sender) <= LONGEST_SENDER else "Choose a sender from the list.",
        "target": _wrong_target(target),
        "level": _wrong_level(target, level),
        "assurance": _wrong_assurance(target, assurance),
        "why": _wrong_why(why),
    }
    found = {name: text for name, text in errors.items() if text}
    if found:
        raise Refused(" ".join(found.values()), errors=found)


def _check_why(why: str) -> None:
    text = _wrong_why(why)
    if text:
        raise Refused(text, errors={"why": text})


def _wrong_why(why: str) -> str:
    if not why.strip():
        return "Give the reason: an auditor will read it."
    return "" if len(why) <= LONGEST_WHY else f"Give the reason in at most {LONGEST_WHY} characters."


def _wrong_activity(activity: str, is_prefix: bool) -> str:
    if not _is_iri(activity):
        return "Give the activity's IRI as its sender writes it, such as https://content.example/courses/7."
    if is_native(activity):
        return "This is an activity of ours: what it counts as is decided by its course alone."
    if is_prefix and not activity.startswith("urn:") and activity.count("/") < _LEAST_SLASHES:
        return "Give more of the beginning, at least a whole host name and the slash after it."
    return ""


def _is_iri(text: str) -> bool:
    try:
        atoms.iri(text, "/activity", "2.0.0")
    except Malformed:
        return False
    return True


def _wrong_target(target: str) -> str:
    if target.startswith(COURSE):
        return "" if target.removeprefix(COURSE) in recognised.courses() else f"There is no course {target!r}."
    return "" if target in queries.competences() else f"There is no competence {target!r}."


def _wrong_level(target: str, level: int | None) -> str:
    if target.startswith(COURSE):
        return "" if level is None else "A course has no level: leave it empty."
    return "" if level in LEVELS else "Choose a level from 1 to 8."


def _wrong_assurance(target: str, assurance: str) -> str:
    if assurance not in ASSURANCE or assurance == "self":
        return f"Choose one of {', '.join(word for word in ASSURANCE if word != 'self')}."
    if not target.startswith(COURSE) and ASSURANCE[assurance] < COUNTS_FROM:
        return "Taking part proves no level of a competence: choose a higher assurance, or a course."
    return ""
