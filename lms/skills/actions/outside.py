"""What follows from the word of others: taking part, and whatever administrators have recognised it for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, literal, update

from lms.kernel.db import UtcDateTime, run
from lms.kernel.db.fresh import FreshRows
from lms.kernel.db.unit import notes
from lms.skills import statements
from lms.skills.actions.days import day_there
from lms.skills.models import Attainment
from lms.skills.queries.recognised import recognitions
from lms.skills.rules import add_months
from lms.skills.rules.recognition import Counted, Recognition, Word, counted
from lms.xapi.queries import outside as said_outside
from lms.xapi.queries.outside import Said
from lms.xapi.rules.facts import Fact

EVIDENCE = "outside"
_KNOWN, _LATER = "recognitions", "attainments to be written"
_attainments: Any = Attainment.__table__
_FRESH = FreshRows(
    Attainment,
    (
        *("person_id", "target", "level", "assurance", "achieved_on", "expires_on", "recorded_at", "revoked_at"),
        *("evidence", "statement_id", "recognition"),
    ),
)
_ENDED = (
    update(_attainments)
    .where(
        _attainments.c.statement_id == bindparam("of"),
        _attainments.c.target == bindparam("what"),
        _attainments.c.recognition == bindparam("by"),
        _attainments.c.revoked_at.is_distinct_from(bindparam("until", type_=UtcDateTime())),
    )
    .values(revoked_at=bindparam("until"))
)


def project(fact: Fact) -> None:
    """Write what a word counts for; what stands there already is brought up to date."""
    word = statements.outside_word(fact)
    if word is None:
        return
    withdrawn = said_outside.withdrawal(fact.seq) if fact.withdrawn else None
    if withdrawn is not None and withdrawn.came_first:
        return
    rows = rows_of(Said(fact, withdrawn.at if withdrawn else None), word, _known())
    if withdrawn is None and not any(row["recognition"] for row in rows):
        notes().setdefault(_LATER, []).extend(rows)  # nobody asks for having taken part: it can wait
    else:
        write(rows)


def settle() -> None:
    """Write what was put off."""
    later: list[dict[str, Any]] = notes().pop(_LATER, [])
    if later:
        _FRESH.add_all(later)


def is_recognised(fact: Fact) -> bool:
    """Whether administrators have decided that a word of others counts for more than having taken part."""
    if not statements.is_outside(fact) or not _known():
        return False
    word = statements.outside_word(fact)
    return word is not None and any(item.recognition for item in counted(word, fact.stored, None, _known()))


def rows_of(said: Said, word: Word, decided: Sequence[Recognition]) -> list[dict[str, Any]]:
    """The attainments that a word brings by some decisions."""
    found = counted(word, said.fact.stored, said.withdrawn_at, decided)
    return [_row(said.fact, item) for item in found]


def write(rows: Sequence[dict[str, Any]]) -> None:
    """Add attainments that are not there yet, and end those that have ended."""
    there = [row for row in rows if not _FRESH.add(row)]
    if not there:
        return
    ends = [
        {"of": row["statement_id"], "what": row["target"], "by": row["recognition"], "until": row["revoked_at"]}
        for row in there
    ]
    run(_ENDED, ends)


def end(moment: datetime) -> ColumnElement[datetime]:
    """When an attainment ends that is revoked at a moment: it never ends before it was recorded."""
    at = literal(moment, UtcDateTime())
    return case((Attainment.recorded_at > at, Attainment.recorded_at), else_=at)


def forget() -> None:
    """Look at the decisions anew: they have just changed."""
    notes().pop(_KNOWN, None)


def _known() -> Sequence[Recognition]:
    """The decisions as the present transaction sees them: read after its first statement is stored, once."""
    found: Sequence[Recognition] | None = notes().get(_KNOWN)
    if found is None:
        found = notes()[_KNOWN] = recognitions()
    return found


def _row(fact: Fact, item: Counted) -> dict[str, Any]:
    """An attainment; nobody attains anything later than it was reported, whatever day the sender names."""
    day = min(day_there(fact.timestamp, fact.agency_id), day_there(fact.stored, fact.agency_id))
    return {
        "person_id": fact.person_id,
        "target": item.target,
        "level": item.level,
        "assurance": item.assurance,
        "achieved_on": day,
        "expires_on": add_months(day, item.valid_months) if item.valid_months else None,
        "recorded_at": item.recorded_at,
        "revoked_at": item.revoked_at,
        "evidence": EVIDENCE,
        "statement_id": fact.id,
        "recognition": item.recognition,
    }
