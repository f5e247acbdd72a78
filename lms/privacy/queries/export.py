"""Everything that is kept about one person, to be read by that person and by programs (row J1)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, false, func, or_, select

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.audit import AuditEvent
from lms.kernel.db import Base, run
from lms.kernel.errors import NotThere
from lms.people.models import Account, Person
from lms.privacy import policy
from lms.privacy.rules.tables import TABLES
from lms.privacy.rules.tables import Table as Covered
from lms.xapi.models import Agent
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.iris import account

NOT_SHOWN = "(kept, but shown to nobody)"
_OF_OTHERS = ("before", "after", "why")  # what a person did to others says something about those
_FIRST_READ = (
    "Each part names a table, what its rows are, what an erasure does to them, and the rows with everything in them that "
    "is about you. Moments are in UTC. Numbers of other tables, such as course_id, stand as they are."
)


@dataclass(frozen=True, slots=True)
class Whom:
    """A person by everything that rows are found by."""

    person_id: int
    account_id: int | None
    account_name: str
    mails: frozenset[str]
    agents: frozenset[int]


def about(actor: Actor, person_id: int) -> dict[str, Any]:
    """Everything tagged personal about a person, as JSON; raises NotAllowed, and NotThere for nobody."""
    if actor.person_id != person_id:
        policy.must_govern(actor)
    whom = _whom(person_id)
    parts = {name: _part(Base.metadata.tables[name], covered, whom) for name, covered in TABLES.items()}
    return {
        "about": {"person": person_id, "account_name": whom.account_name, "made_at": clock.now().isoformat()},
        "how_to_read": _FIRST_READ,
        "tables": {name: part for name, part in parts.items() if TABLES[name].way != "nobody"},
    }


def _whom(person_id: int) -> Whom:
    row = run(select(Person.account_name, Person.work_mail).where(Person.id == person_id)).first()
    if row is None:
        raise NotThere(f"There is no person with the number {person_id}.")
    known = run(select(Account.id, Account.email).where(Account.person_id == person_id)).first()
    mails = frozenset({row.work_mail, known.email if known else ""} - {""})
    named = [identifier(account(row.account_name)), *(identifier({"mbox": f"mailto:{mail}"}) for mail in mails)]
    agents = frozenset(run(select(Agent.id).where(Agent.ifi.in_(named))).scalars())
    return Whom(person_id, known.id if known else None, row.account_name, mails, agents)


def _part(table: Table, covered: Covered, whom: Whom) -> dict[str, Any]:
    rows = list(_rows(table, covered, whom)) if covered.way != "nobody" else []
    return {"what": covered.what, "when_erased": covered.fate, "rows": rows}


def _rows(table: Table, covered: Covered, whom: Whom) -> Iterator[dict[str, Any]]:
    for row in run(select(table).where(_theirs(table, covered, whom)).order_by(*table.primary_key)):
        found = {name: _shown(value) for name, value in row._mapping.items()}
        for name in covered.secret:
            found[name] = NOT_SHOWN
        if covered.way == "deed" and not _is_about(found, whom):
            found |= dict.fromkeys(_OF_OTHERS, NOT_SHOWN)
        yield found


def _is_about(deed: Mapping[str, Any], whom: Whom) -> bool:
    subject = (deed["subject_kind"], deed["subject_id"])
    return subject in (("person", str(whom.person_id)), ("account", str(whom.account_id)))


def _theirs(table: Table, covered: Covered, whom: Whom) -> ColumnElement[bool]:
    tables, column = Base.metadata.tables, table.c.get(covered.column)
    enrolment, attempt = tables["enrolment"], tables["attempt"]
    match covered.way:
        case "person" | "self" | "author":
            return column == whom.person_id
        case "account":
            return column == whom.account_id if whom.account_id is not None else false()
        case "pseudonym":
            return column == whom.account_name
        case "enrolment":
            return column.in_(select(enrolment.c.id).where(enrolment.c.person_id == whom.person_id))
        case "attempt":
            return column.in_(select(attempt.c.id).where(attempt.c.person_id == whom.person_id))
        case "agent":
            return column.in_(whom.agents)
        case "act":
            return or_(table.c.person_id == whom.person_id, table.c.actor_id.in_(whom.agents))
        case "mail":
            return func.lower(table.c.recipient).in_([mail.lower() for mail in whom.mails])
        case "deed":
            return _deeds(whom)
    return false()


def _deeds(whom: Whom) -> ColumnElement[bool]:
    about = and_(AuditEvent.subject_kind == "person", AuditEvent.subject_id == str(whom.person_id))
    door = and_(AuditEvent.subject_kind == "account", AuditEvent.subject_id == str(whom.account_id))
    return or_(about, door, AuditEvent.actor == whom.account_name)


def _shown(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return _written(value)
    return value


def _written(value: bytes) -> Any:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}
