"""Looking at named people and taking figures out of the product leave a trace (rule J6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.kernel import audit
from lms.kernel.actor import Actor
from lms.kernel.db import afterwards


def note_look(*, actor: Actor, subject: tuple[str, object], why: str, shown: Mapping[str, Any] | None = None) -> None:
    """Note that somebody looked at named people; `shown` says at whom and where, `why` on what page."""
    afterwards(lambda: audit.note(actor=actor, action="looked", subject=subject, after=shown, why=why))


def note_export(*, actor: Actor, subject: tuple[str, object], shown: Mapping[str, Any]) -> None:
    """Note that somebody took a table out of the product."""
    afterwards(lambda: audit.note(actor=actor, action="exported", subject=subject, after=shown))
