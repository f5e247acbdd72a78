"""Mail leaves through an outbox: written with the deed that causes it, sent later, never twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import String, Text, delete, select, update
from sqlalchemy.orm import Mapped

from lms.kernel import clock, jobs
from lms.kernel.db import Base, afterwards, db, personal, plain, run
from lms.kernel.db.fresh import insert_returning
from lms.settings import Settings

SEND = "mail.send"
LONGEST_SUBJECT = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Mail(Base):
    """One message to one person."""

    __tablename__ = "mail"

    id: Mapped[int] = plain(primary_key=True)
    key: Mapped[str] = personal(String(160), unique=True)
    recipient: Mapped[str] = personal(String(254))
    subject: Mapped[str] = personal(String(200))
    body: Mapped[str] = personal(Text)
    posted_at: Mapped[datetime] = plain()
    sent_at: Mapped[datetime | None] = plain()


def post(*, to: str, subject: str, body: str, key: str) -> None:
    """Put a message into the outbox; the same key is posted once. Line breaks in a subject become spaces.

    Raises Refused for anything but one plain address.
    """
    from lms.kernel import letters  # with the library's grammar of addresses: by the first who writes

    row = {
        "key": key,
        "recipient": letters.plain_address(to),
        "subject": " ".join(_CONTROL.sub(" ", subject).split())[:LONGEST_SUBJECT],
        "body": _CONTROL.sub(" ", body),
        "posted_at": clock.now(),
    }
    mail_id = db.session.execute(insert_returning(Mail.id), row).scalar()
    if mail_id is not None:
        jobs.enqueue(SEND, {"mail": mail_id}, key=f"mail:{mail_id}")


def sender(settings: Settings) -> jobs.Step:
    """The job step that sends one message: to the mail server that is set, or as a file under var/mail."""

    def send(job: jobs.Job) -> bool:
        row = db.session.get_one(Mail, job.arguments["mail"])
        if row.sent_at is None:
            row.sent_at = clock.now()
            db.session.flush()
            _deliver(settings, row)
        return False

    return send


def withdraw(mail_ids: Collection[int]) -> None:
    """Take messages out of the outbox for good, with the files that were written of them."""
    numbers = list(mail_ids)
    keys = [f"mail:{number}" for number in numbers]
    run(update(jobs.Job).where(jobs.Job.key.in_(keys), jobs.Job.state == "queued").values(state="cancelled"))
    run(delete(Mail).where(Mail.id.in_(numbers)))
    settings: Settings = current_app.extensions["cadre.settings"]

    def remove() -> None:
        there = run(select(Mail.id).where(Mail.id.in_(numbers))).scalars()  # the withdrawal itself may be undone
        for number in set(numbers) - set(there):
            _file(settings, number).unlink(missing_ok=True)

    afterwards(remove)


def _file(settings: Settings, mail_id: int) -> Path:
    return settings.var / "mail" / f"{mail_id:08d}.eml"


def _deliver(settings: Settings, row: Mail) -> None:
    from lms.kernel import letters

    # the same for every try, so that a server which took the message before we broke down knows it again
    mark = hashlib.sha256(f"{settings.base_url} {row.key}".encode()).hexdigest()[:32]
    words = {"to": row.recipient, "subject": row.subject, "body": row.body}
    letter = letters.letter(sender=settings.mail_from, at=row.posted_at, mark=mark, **words)
    if settings.smtp_host:
        letters.hand_over(letter, settings.smtp_host, settings.smtp_port)
        return
    file = _file(settings, row.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(letter.as_bytes())
