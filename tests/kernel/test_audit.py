"""The log of deeds stands and falls with the deed (rule D11)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lms.kernel import audit
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, transaction
from tests.conftest import NOW


def test_a_deed_is_noted_with_who_what_and_why(app: Flask) -> None:
    amina = Actor("person", name="Amina", account_name="p-abc")
    with transaction():
        audit.note(actor=amina, action="role.granted", subject=("person", 7), after={"role": "trainer"}, why="asked")
        audit.note(actor=SYSTEM, action="x", subject=("long", "y" * 300))
    first, second = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    assert (first.at, first.actor, first.action, first.subject_id) == (NOW, "p-abc", "role.granted", "7")
    assert (first.before, first.after, first.why) == (None, {"role": "trainer"}, "asked")
    assert (second.actor, len(second.subject_id)) == ("system", 80)


def test_a_deed_that_did_not_happen_is_not_noted(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        audit.note(actor=SYSTEM, action="x", subject=("y", 1))
        raise RuntimeError
    assert db.session.scalar(select(AuditEvent.id)) is None
