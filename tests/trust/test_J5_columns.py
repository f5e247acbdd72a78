"""Columns that say something else than the sealed text of their statement are found, and rows where one was erased."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, reading, transaction
from lms.kernel.sealing import live
from lms.kernel.sealing.models import Leaf
from lms.kernel.sealing.sealer import seal
from lms.xapi.actions import erasure, inbound, road
from lms.xapi.models import Activity, Agent, StatementId, StatementRow, Verb
from lms.xapi.queries.proofs import STATEMENTS
from lms.xapi.rules import verbs
from lms.xapi.rules.retention import Held
from tests.conftest import NOW
from tests.rules.statement_corpus import least
from tests.xapi.drafts import body

CLIENT = Actor(
    "client",
    name="Elsewhere",
    account_name="key:elsewhere",
    powers={"statements.write": SYSTEM.reach("x"), "statements.void": SYSTEM.reach("x")},
)
IDS = [UUID(int=0x7000_8000_0000_0000_0000 + n) for n in range(9)]
FIRST, GROUP, REFERRING, LATE, VOIDED, VOIDING, GONE, GONE_TARGET, BEFORE = IDS


def ref(id: UUID) -> dict[str, str]:
    return {"objectType": "StatementRef", "id": str(id)}


@pytest.fixture
def told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Statements of every shape, sealed: one of them voided, another voided before it came, some erased."""
    folder = app.extensions["cadre.settings"].var / "checkpoints"
    shutil.rmtree(folder, ignore_errors=True)
    monkeypatch.setattr(road, "_projectors", ())
    void = {"id": verbs.VOIDED}
    with transaction():
        said = [
            least(
                id=str(FIRST), context={"registration": str(IDS[8]).upper()}, timestamp="2026-03-01T11:00:00.1+02:00"
            ),
            least(id=str(GROUP), actor={"objectType": "Group", "member": [{"mbox": "mailto:a@gov.example"}]}),
            least(id=str(REFERRING), object=ref(FIRST)),
            least(id=str(BEFORE), verb=void, object=ref(LATE)),
            least(id=str(LATE), object={"objectType": "Agent", "mbox": "mailto:a@gov.example"}),
            least(id=str(VOIDED)),
            least(id=str(VOIDING), verb=void, object=ref(VOIDED)),
            least(id=str(GONE_TARGET)),
            least(id=str(GONE), verb=void, object=ref(GONE_TARGET)),
        ]
        inbound.accept(actor=CLIENT, body=body(said), version="2.0.0")
    with transaction():
        seal(STATEMENTS)
        erasure.erase(actor=SYSTEM, seqs=[seq_of(GONE)], held=Held(), entry={"rule": "test"})
    assert findings() == []
    yield
    shutil.rmtree(folder, ignore_errors=True)


def findings() -> list[tuple[int, str]]:
    with reading():
        return live.check(STATEMENTS)[1]


def seq_of(id: UUID) -> int:
    return int(db.session.scalar(select(StatementId.seq).where(StatementId.id == id)) or 0)


def position_of(id: UUID) -> int:
    with transaction():
        found = db.session.scalar(select(Leaf.position).where(Leaf.log == 2, Leaf.subject == seq_of(id)))
    assert found is not None
    return int(found)


def another(model: Any, text: str, **more: str) -> int:
    """The key of somebody or something else."""
    row = model(**{"iri" if model is not Agent else "ifi": text, **more})
    db.session.add(row)
    db.session.flush()
    return int(row.id)


COLUMNS: dict[str, tuple[UUID, Callable[[], Any]]] = {
    "id": (FIRST, lambda: UUID(int=1)),
    "stored": (FIRST, lambda: NOW + timedelta(microseconds=1)),
    "timestamp": (FIRST, lambda: NOW),
    "registration": (FIRST, lambda: None),
    "actor_id": (GROUP, lambda: another(Agent, "{}", payload="{}")),
    "verb_id": (FIRST, lambda: another(Verb, "https://gov.example/verb")),
    "activity_id": (FIRST, lambda: another(Activity, "https://gov.example/activity", definition="{}")),
    "authority_id": (FIRST, lambda: another(Agent, "{}", payload="{}")),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_J5_a_column_that_is_not_what_the_text_says_is_found(told: None, column: str) -> None:
    id, value = COLUMNS[column]
    with transaction():
        changed = update(StatementRow).where(StatementRow.seq == seq_of(id)).values({column: value()})
        db.session.execute(changed)
    assert (position_of(id), f"changed: its column {column} is not what its text says") in findings()


@pytest.mark.parametrize("id", [LATE, REFERRING])
def test_J5_an_activity_where_the_text_speaks_of_none_is_found(told: None, id: UUID) -> None:
    with transaction():
        activity = db.session.scalar(select(Activity.id))
        db.session.execute(update(StatementRow).where(StatementRow.id == id).values(activity_id=activity))
    assert findings() == [(position_of(id), "changed: its column activity_id is not what its text says")]


def test_J5_an_id_that_leads_elsewhere_or_nowhere_is_found(told: None) -> None:
    here = position_of(FIRST)
    with transaction():
        other = seq_of(GROUP)
        db.session.execute(update(StatementId).where(StatementId.id == FIRST).values(seq=other))
    assert (here, f"changed: its id {FIRST} leads to row {other} instead of here") in findings()
    with transaction():
        db.session.execute(delete(StatementId).where(StatementId.id == FIRST))
    assert (here, f"changed: its id {FIRST} leads to nothing instead of here") in findings()


@pytest.mark.parametrize("by", [UUID(int=5), GROUP, VOIDING, FIRST])
def test_J5_a_statement_that_nothing_voids_is_not_voided(told: None, by: UUID) -> None:
    with transaction():
        db.session.execute(update(StatementRow).where(StatementRow.id == FIRST).values(voided_by=by))
    assert findings() == [(position_of(FIRST), f"changed: its column voided_by names {by}, which does not void it")]


@pytest.mark.parametrize(("target", "by"), [(VOIDED, VOIDING), (LATE, BEFORE)])
def test_J5_a_voided_statement_stays_voided(told: None, target: UUID, by: UUID) -> None:
    with transaction():
        db.session.execute(update(StatementRow).where(StatementRow.id == target).values(voided_by=None))
    assert findings() == [(position_of(by), f"changed: it voids {target}, which is not marked as voided")]


def test_J5_a_row_where_one_was_erased_is_found(told: None) -> None:
    with transaction():
        row = dict(db.session.execute(select(StatementRow.__table__).where(StatementRow.id == FIRST)).one()._mapping)
        seq = seq_of(GONE)
        forged = row["payload"].replace(str(FIRST), str(GONE)).replace("adlnet", "forged")
        db.session.execute(insert(StatementRow), {**row, "seq": seq, "id": GONE, "payload": forged})
    assert (position_of(GONE), f"inserted: row {seq} stands where one was erased") in findings()


def test_J5_what_came_since_the_last_sealing_is_not_looked_at(told: None) -> None:
    with clock.at(NOW + timedelta(hours=1)), transaction():
        inbound.accept(actor=CLIENT, body=body(least()), version="2.0.0")
        newest = select(StatementRow.seq).order_by(StatementRow.seq.desc()).limit(1).scalar_subquery()
        db.session.execute(update(StatementRow).where(StatementRow.seq == newest).values(registration=UUID(int=1)))
    assert findings() == []
