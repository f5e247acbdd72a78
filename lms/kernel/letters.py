"""A message as it travels: its address, its headers, and its way to the mail server."""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage

from lms.kernel.errors import Refused

PATIENCE = 10  # seconds for the mail server: a step holds SQLite's single writer
_LONGEST_ADDRESS = 254


def plain_address(text: str) -> str:
    """One plain address as headers carry it; raises Refused for anything else."""
    return str(_address(text).addr_spec)


def letter(*, sender: str, to: str, subject: str, body: str, at: datetime, mark: str) -> EmailMessage:
    """A message of plain text to one address; by its mark a server knows it again."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, _address(to), subject
    message["Date"] = at
    message["Message-ID"] = f"<{mark}@{sender.rpartition('@')[2].strip('<> ')}>"
    message.set_content(body)
    return message


def hand_over(message: EmailMessage, host: str, port: int) -> None:
    """Give a message to the mail server."""
    with smtplib.SMTP(host, port, timeout=PATIENCE) as server:
        server.send_message(message)


def _address(text: str) -> Address:
    try:
        found = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError):
        found = Address()
    if not found.domain or len(text) > _LONGEST_ADDRESS or not (text.isascii() and text.isprintable()):
        raise Refused(f"{text[:80]!r} is not one mail address: write it as name@agency.example.")
    return found
