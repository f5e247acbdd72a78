"""Mail: written with the deed, sent once, and nothing in it becomes a header."""

from __future__ import annotations

import email.policy
import smtplib
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.kernel import jobs, mail
from lms.kernel.db import db, transaction
from lms.kernel.errors import Refused
from lms.kernel.mail import Mail
from lms.settings import Settings


@pytest.fixture
def outbox(app: Flask, settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose mail lands in an empty folder."""
    return replace(settings, var=tmp_path)


def send(outbox: Settings) -> list[EmailMessage]:
    jobs.run_due({mail.SEND: mail.sender(outbox)})
    files = sorted((outbox.var / "mail").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]  # type: ignore[misc]


def post(**more: Any) -> None:
    words = {"to": "amina@gov.example", "subject": "Your course", "body": "Hello", "key": "k1", **more}
    with transaction():
        mail.post(**words)


def test_a_message_is_posted_and_sent_once_under_its_key(outbox: Settings) -> None:
    post()
    post()
    first = send(outbox)
    again = send(outbox)
    assert [m["Subject"] for m in first] == [m["Subject"] for m in again] == ["Your course"]
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
    assert first[0]["To"] == "amina@gov.example"
    assert first[0]["Message-ID"]


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: all@gov.example",
        "Hello\nBcc: all@gov.example",
        "Hello\r\n\r\nA body of my own",
        "Hello\x0b\x0cBcc: all@gov.example",
        "Hello\u2028Bcc: all@gov.example\x00",
        "مرحبا\r\nBcc: all@gov.example",
    ],
)
def test_a_subject_with_line_breaks_stays_a_subject(outbox: Settings, subject: str) -> None:
    post(subject=subject)
    (message,) = send(outbox)
    assert message["Bcc"] is None
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    )
    assert message.get_content().strip() == "Hello"


@pytest.mark.parametrize(
    "to",
    [
        "",
        "amina",
        "amina@",
        "amina@gov.example\r\nBcc: all@gov.example",
        "amina@gov.example, all@gov.example",
        "Amina <amina@gov.example>",
        "amina@gov.example\x00",
        "a" * 250 + "@gov.example",
    ],
)
def test_whatever_is_not_one_address_is_refused(outbox: Settings, to: str) -> None:
    with pytest.raises(Refused):
        post(to=to)
    assert send(outbox) == []


def test_a_long_subject_is_cut_and_a_body_keeps_its_lines(outbox: Settings) -> None:
    post(subject="x" * 500, body="First\nSecond\n.\nΤέλος\x00")
    (message,) = send(outbox)
    assert len(message["Subject"]) == 200
    assert message.get_content().splitlines() == ["First", "Second", ".", "Τέλος "]


class Server:
    """A mail server that takes messages, or breaks down as often as it is told."""

    def __init__(self, breaks: int = 0) -> None:
        self.breaks = breaks
        self.taken: list[EmailMessage] = []

    def __call__(self, host: str, port: int, timeout: float) -> Server:
        return self

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *rest: object) -> None:
        return None

    def send_message(self, message: EmailMessage) -> None:
        if self.breaks:
            self.breaks -= 1
            raise ConnectionResetError("the line broke")
        self.taken.append(message)


def test_a_server_that_breaks_down_gets_the_message_later_and_once(
    outbox: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(breaks=1)
    monkeypatch.setattr(smtplib, "SMTP", server)
    post()
    sending = {mail.SEND: mail.sender(replace(outbox, smtp_host="mail.gov.example"))}
    jobs.run_due(sending)
    assert server.taken == []
    row = db.session.scalars(select(Mail)).one()
    assert row.sent_at is None
    due = db.session.scalars(select(jobs.Job.not_before)).one()
    db.session.rollback()
    from lms.kernel import clock

    with clock.at(due):
        jobs.run_due(sending)
        jobs.run_due(sending)
    assert len(server.taken) == 1


def test_a_deed_that_fails_posts_no_mail(outbox: Settings) -> None:
    with pytest.raises(RuntimeError), transaction():
        mail.post(to="amina@gov.example", subject="x", body="y", key="k")
        raise RuntimeError
    assert send(outbox) == []
