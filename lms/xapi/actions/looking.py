"""Reading the record on its pages leaves a trace: statements speak of named people (rule J6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.kernel import audit
from lms.kernel.actor import Actor
from lms.kernel.db import afterwards


def note_look(*, actor: Actor, subject: tuple[str, object], why: str, shown: Mapping[str, Any] | None = None) -> None:
    """Note that somebody read statements about people; `shown` says about whom, `why` on what page."""
    afterwards(lambda: audit.note(actor=actor, action="looked", subject=subject, after=shown, why=why))


def note_export(*, actor: Actor, subject: tuple[str, object], shown: Mapping[str, Any]) -> None:
    """Note that somebody took a statement out of the product."""
    afterwards(lambda: audit.note(actor=actor, action="exported", subject=subject, after=shown))
