"""Mail leaves through an outbox: written with the deed that causes it, sent later, never twice."""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped

from lms.kernel import clock, jobs
from lms.kernel.db import Base, db, personal, plain
from lms.settings import Settings

SEND = "mail.send"


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
    """Put a message into the outbox; the same key is posted once. Line breaks in a subject become spaces."""
    if db.session.scalar(select(Mail.id).where(Mail.key == key)) is not None:
        return
    row = Mail(key=key, recipient=to, subject=" ".join(subject.split()), body=body, posted_at=clock.now())
    db.session.add(row)
    db.session.flush()
    jobs.enqueue(SEND, {"mail": row.id}, key=f"mail:{row.id}")


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


def _deliver(settings: Settings, row: Mail) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, row.recipient, row.subject
    message.set_content(row.body)
    if settings.smtp_host:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=30) as server:
            server.send_message(message)
        return
    folder = settings.var / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{row.id:08d}.eml").write_bytes(message.as_bytes())
