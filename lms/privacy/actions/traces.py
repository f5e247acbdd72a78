"""What the log of deeds and the outbox say of somebody who is being erased."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, cast, func, null, or_, select, update

from lms.kernel.audit import AUDIT, AuditEvent
from lms.kernel.db import Base, run
from lms.kernel.mail import Mail, withdraw
from lms.kernel.sealing.sealer import erase
from lms.privacy.rules.naming import Names
from lms.privacy.rules.tables import OWN_WORDS

_PART = 500
_TOLD = (AuditEvent.before, AuditEvent.after, AuditEvent.why)


def empty_deeds(subjects: Collection[tuple[str, int]], names: Names, entry: Mapping[str, Any]) -> int:
    """Take the details out of deeds about somebody, their entries in the sealed log staying; returns how many.

    Who did what, when and to which number stays: it names nobody but by pseudonym.
    """
    numbers = _deeds(subjects, names)
    erase(AUDIT, numbers, entry)
    for start in range(0, len(numbers), _PART):
        part = AuditEvent.id.in_(numbers[start : start + _PART])
        run(update(AuditEvent).where(part).values(before=null(), after=null(), why=""))
    return len(numbers)


def withdraw_mail(mails: Collection[str], names: Names) -> int:
    """Take out of the outbox what was written to somebody, and what names somebody; returns how many messages."""
    texts = (Mail.key, Mail.recipient, Mail.subject, Mail.body)
    known = {mail.casefold() for mail in mails}
    rows = run(select(Mail.id, *texts).where(_may_name(texts, names))).all() if names.words else []
    numbers = [row.id for row in rows if row.recipient.casefold() in known or names.stand_in(row[1:])]
    if numbers:
        withdraw(numbers)
    return len(numbers)


def strike_names(names: Names) -> int:
    """Strike somebody's name, numbers and addresses from what others wrote as reasons; returns in how many rows."""
    if not names.words:
        return 0
    return sum(_strike(Base.metadata.tables[name], columns, names) for name, columns in OWN_WORDS.items())


def _strike(table: Table, columns: Collection[str], names: Names) -> int:
    texts = [table.c[name] for name in columns]
    struck = 0
    for row in run(select(table.c.id, *texts).where(_may_name(texts, names))).all():
        if names.stand_in(row[1:]):
            values = {name: names.struck_from(row._mapping[name] or "") for name in columns if row._mapping[name]}
            run(update(table).where(table.c.id == row.id).values(**values))
            struck += 1
    return struck


def _deeds(subjects: Collection[tuple[str, int]], names: Names) -> list[int]:
    about = [and_(AuditEvent.subject_kind == kind, AuditEvent.subject_id == str(number)) for kind, number in subjects]
    found = set(run(select(AuditEvent.id).where(or_(*about))).scalars())
    texts = [cast(column, String) for column in _TOLD]
    rows = run(select(AuditEvent.id, *texts).where(_may_name(texts, names))).all()
    return sorted(found | {row[0] for row in rows if names.stand_in(row[1:])})


def _may_name(texts: Iterable[Any], names: Names) -> ColumnElement[bool]:
    """Texts in which a name may stand; databases know other words for what is a word, so each is looked at again."""
    parts = [max(word.casefold().encode("ascii", "replace").decode().split("?"), key=len) for word in names.words]
    return or_(*(func.lower(text).contains(part, autoescape=True) for text in texts for part in parts))
