"""Everything that is kept about one person, to be read by that person and by programs (row J1)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
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
from lms.privacy.rules.tables import TABLES, Way
from lms.privacy.rules.tables import Table as Covered
from lms.xapi.models import Agent
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.iris import account

NOT_SHOWN = "(kept, but shown to nobody)"
_OF_OTHERS = ("before", "after", "why")  # what a person did to others says something about those
_FIRST_READ = (
    "Each part names a table, what its rows are, what an erasure does to them, and the rows with everything that is "
    "about you. Moments are in UTC. Numbers of other tables, such as course_id, stand as they are."
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A table, the column by which its rows are found, and whose rows are asked for."""

    table: Table
    column: Any
    whom: Whom


def _theirs(table: Table, covered: Covered, whom: Whom) -> ColumnElement[bool]:
    return _WAYS[covered.way](_Asked(table, table.c.get(covered.column), whom))


def _own(asked: _Asked) -> ColumnElement[bool]:
    found: ColumnElement[bool] = asked.column == asked.whom.person_id
    return found


def _of_account(asked: _Asked) -> ColumnElement[bool]:
    return asked.column == asked.whom.account_id if asked.whom.account_id is not None else false()


def _through(name: str) -> Callable[[_Asked], ColumnElement[bool]]:
    """Rows that belong to rows of another table, which are the person's."""

    def theirs(asked: _Asked) -> ColumnElement[bool]:
        owner = Base.metadata.tables[name].c
        found: ColumnElement[bool] = asked.column.in_(select(owner.id).where(owner.person_id == asked.whom.person_id))
        return found

    return theirs


def _acts(asked: _Asked) -> ColumnElement[bool]:
    columns, whom = asked.table.c, asked.whom
    return or_(columns.person_id == whom.person_id, columns.actor_id.in_(whom.agents))


def _mail(asked: _Asked) -> ColumnElement[bool]:
    return func.lower(asked.table.c.recipient).in_([mail.lower() for mail in asked.whom.mails])


def _deeds(whom: Whom) -> ColumnElement[bool]:
    about = and_(AuditEvent.subject_kind == "person", AuditEvent.subject_id == str(whom.person_id))
    door = and_(AuditEvent.subject_kind == "account", AuditEvent.subject_id == str(whom.account_id))
    return or_(about, door, AuditEvent.actor == whom.account_name)


_WAYS: Mapping[Way, Callable[[_Asked], ColumnElement[bool]]] = {
    "person": _own,
    "self": _own,
    "author": _own,
    "account": _of_account,
    "pseudonym": lambda asked: asked.column == asked.whom.account_name,
    "enrolment": _through("enrolment"),
    "attempt": _through("attempt"),
    "agent": lambda asked: asked.column.in_(asked.whom.agents),
    "act": _acts,
    "mail": _mail,
    "deed": lambda asked: _deeds(asked.whom),
    "nobody": lambda _: false(),
}


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
