"""What a person gets who asks for everything: complete, and with nobody else in it (row J1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, update

from lms.cli.commands import lms
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.audit import AuditEvent
from lms.kernel.db import Base, db, transaction
from lms.kernel.errors import NotAllowed, NotThere
from lms.people.models import Person
from lms.privacy.queries import export
from lms.privacy.queries.people import person_called
from lms.privacy.rules.tables import TABLES
from tests.privacy.conftest import busiest
from tests.privacy.test_J2_erasing_people import ANSWER, somebody

__all__ = ["somebody"]


def asked(person_id: int) -> dict[str, Any]:
    with transaction():
        return export.about(SYSTEM, person_id)


def test_every_personal_column_is_in_it(somebody: Any) -> None:
    found = asked(somebody.id)["tables"]
    lacking = []
    for name, covered in TABLES.items():
        if covered.way == "nobody":
            continue
        personal = {c.name for c in Base.metadata.tables[name].c if c.info["privacy"] == "personal"}
        lacking += [f"{name}.{column}" for row in found[name]["rows"] for column in personal - row.keys()]
    assert lacking == []
    filled = {name for name, part in found.items() if part["rows"]}
    assert filled >= {"person", "account", "assignment", "enrolment", "attempt_item", "xapi_statement", "mail"}
    text = json.dumps(found, ensure_ascii=False)
    for canary in (somebody.name, somebody.hr_number, somebody.work_mail, ANSWER):
        assert canary in text


def test_nobody_else_is_in_it(somebody: Any) -> None:
    with transaction():
        colleague = db.session.scalar(select(Person.id).where(Person.id != somebody.id).order_by(Person.id)) or 0
        db.session.execute(update(Person).where(Person.id == colleague).values(name="Quillon Otherman"))
        others = select(Person.hr_number, Person.work_mail, Person.account_name).where(Person.id != somebody.id)
        words = {word for row in db.session.execute(others) for word in row if word} | {"Quillon Otherman"}
    parts = {name: json.dumps(part, ensure_ascii=False) for name, part in asked(somebody.id)["tables"].items()}
    assert [(name, word) for name, text in parts.items() for word in words if word in text] == []


def test_no_secret_is_in_it(somebody: Any) -> None:
    assert asked(somebody.id)["tables"]["account"]["rows"][0]["password_hash"] == export.NOT_SHOWN


def test_everybody_may_ask_for_what_is_his(lived: Flask) -> None:
    person_id = busiest()
    with transaction():
        assert export.about(Actor("person", person_id=person_id), person_id)["about"]["person"] == person_id
        with pytest.raises(NotAllowed):
            export.about(Actor("person", person_id=person_id + 1), person_id)


def test_a_person_is_found_however_somebody_asks(somebody: Any) -> None:
    with transaction():
        for word in (str(somebody.id), somebody.hr_number, somebody.account_name, somebody.work_mail.upper()):
            assert person_called(word) == somebody.id
        with pytest.raises(NotThere):
            person_called("nobody@nowhere.example")


def test_the_commands_take_along_and_erase(somebody: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.cli.output.create_app", lambda: somebody_app())
    target = tmp_path / "all.json"
    answer = CliRunner().invoke(lms, ["privacy", "export", somebody.hr_number, "--to", str(target), "--json"])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["person"] == somebody.id
    assert somebody.name in target.read_text()
    why = ["--why", "Request 77", "--yes", "--json"]
    answer = CliRunner().invoke(lms, ["privacy", "erase", somebody.hr_number, *why])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["statements"] > 0
    answer = CliRunner().invoke(lms, ["records", "retention", "--dry-run", "--json"])
    assert json.loads(answer.output) == {"statements": 0, "going": []}
    answer = CliRunner().invoke(lms, ["records", "retention", "--json"])
    assert json.loads(answer.output) == {"statements": 0, "carried": 0}
    with transaction():
        assert "privacy.export" in set(db.session.scalars(select(AuditEvent.action)))


def somebody_app() -> Flask:
    from flask import current_app

    found: Any = current_app
    app: Flask = found._get_current_object()
    return app
