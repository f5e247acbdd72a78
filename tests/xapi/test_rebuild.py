"""Rebuilding from zero gives the identical rows; a check changes nothing and tells where they differ."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.kernel.jobs import Job
from lms.xapi import record
from lms.xapi.actions import inbound, rebuild
from lms.xapi.actions.export import export_lines
from lms.xapi.rules.facts import Fact
from lms.xapi.rules.validate import validate
from tests.conftest import NOW
from tests.rules.statement_corpus import ID, least
from tests.xapi.conftest import TALLY, Witness
from tests.xapi.drafts import body, draft
from tests.xapi.sent import CLIENT


@pytest.fixture
def lived(app: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    """Some history, longer than what a rebuild reads at once; the number of statements."""
    monkeypatch.setattr(rebuild, "_AT_ONCE", 4)
    with transaction():
        for number in range(9):
            record(draft(number))
        inbound.accept(actor=CLIENT, body=body([least(id=ID), least()]), version="2.0.0")
    return 11


def rows() -> list[tuple[object, ...]]:
    with transaction():
        wanted = select(Job.key, Job.not_before).where(Job.kind == TALLY)
        return [tuple(row) for row in db.session.execute(wanted)]


def test_a_rebuild_gives_the_identical_rows(lived: int, seen: list[tuple[str, Fact]]) -> None:
    before, live = sorted(map(str, rows())), list(seen)
    seen.clear()
    with transaction():
        result = rebuild.rebuild(actor=SYSTEM, check=False)
    assert (result.statements, result.differences) == (lived, [])
    assert sorted(map(str, rows())) == before
    assert seen == live


def test_a_check_finds_what_is_lacking_and_what_is_too_much_and_changes_nothing(lived: int) -> None:
    with transaction():
        victim = db.session.scalars(select(Job.id).where(Job.kind == TALLY)).first()
        db.session.execute(delete(Job).where(Job.id == victim))
        extra = {"kind": TALLY, "key": "forged", "arguments": {}, "not_before": NOW}
        db.session.execute(insert(Job), extra)
    before = rows()
    with transaction():
        result = rebuild.rebuild(actor=SYSTEM, check=True)
    (difference,) = result.differences
    assert (difference.projector, difference.lacking, difference.too_many) == ("tally", 1, 1)
    assert "forged" in str(difference)
    assert rows() == before
    with transaction():
        assert rebuild.rebuild(actor=SYSTEM, check=False).differences == [difference]
    with transaction():
        assert rebuild.rebuild(actor=SYSTEM, check=True).differences == []


def test_a_row_changed_by_hand_is_found(lived: int) -> None:
    with transaction():
        db.session.execute(update(Job).where(Job.kind == TALLY).values(arguments={}))
        assert rebuild.rebuild(actor=SYSTEM, check=True).differences[0].lacking == 9


def test_nothing_follows_in_a_rebuild(lived: int, witnesses: tuple[Witness, ...]) -> None:
    witnesses[0].consequences = lambda fact: pytest.fail("followed in a rebuild")
    with transaction():
        assert rebuild.rebuild(actor=SYSTEM, check=True).statements == lived


def test_a_rebuild_that_breaks_leaves_everything_as_it_was(
    lived: int, witnesses: tuple[Witness, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows()
    monkeypatch.setattr(witnesses[2], "project", lambda fact: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction():
        rebuild.rebuild(actor=SYSTEM, check=False)
    assert rows() == before


def test_the_export_is_one_statement_a_line_in_order(lived: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        lines = list(export_lines())
        assert list(export_lines(since=NOW)) == []
        assert list(export_lines(since=NOW.replace(tzinfo=None, hour=1))) == lines
    statements = [json.loads(line) for line in lines]
    assert len(statements) == lived
    assert all("\n" not in line for line in lines)
    assert statements[9]["id"] == ID
    for statement in statements:
        validate(statement)


def test_an_export_taken_in_again_changes_nothing(lived: int) -> None:
    with transaction():
        sent = [json.loads(line) for line in export_lines()]
        inbound.accept(actor=CLIENT, body=body(sent), version="2.0.0")
        assert len(list(export_lines())) == lived
