"""Keys are made, shown once, and revoked; checkpoints are listed and given out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, reading, transaction
from lms.kernel.sealing.sealer import seal
from lms.skills import actions as skills
from lms.web.sessions import WebSession
from lms.xapi.actions.keys import create_key
from lms.xapi.queries.browsing.seals import AT_ONCE
from lms.xapi.queries.proofs import STATEMENTS
from lms.xapi.rules import verbs
from tests.factories import Make
from tests.xapi.conftest import Lrs, basic
from tests.xapi.pages.conftest import Reader, does, link, sealed


def _value(page: str, field: str) -> str:
    found = re.search(rf'<textarea [^>]*id="{field}"[^>]* readonly[^>]*>([^<]+)</textarea>', page)
    assert found is not None
    return found[1]


def test_a_key_is_made_shown_once_works_and_is_revoked(administrator: Reader, client: FlaskClient) -> None:
    page = administrator.get("/records/keys").text
    assert "There is no key yet" in page
    assert administrator.get(link(page, "Make a key")).status_code == 200
    answer = administrator.post(
        "/records/keys/new", name="Course platform", scopes=["statements/read"], expires_on="2027-03-31"
    )
    assert (answer.status_code, answer.location) == (303, "/records/keys/new-secret")
    made = administrator.get(answer.location)
    key, secret = _value(made.text, "key"), _value(made.text, "secret")
    assert "shown this once" in made.text
    assert Lrs(client, basic(key, secret)).get().status_code == 200
    again = administrator.get("/records/keys/new-secret").text
    assert "shown already" in again
    assert secret not in again
    assert again.count(f">{key}<") == 1
    with reading():
        assert not [text for text in db.session.scalars(select(WebSession.content)) if secret in text]
    page = administrator.get("/records/keys").text
    assert secret not in page
    for words in ("Course platform", "Read all statements", "31 Mar 2027", "Active", "23 Nov 2026"):
        assert words in page
    asked = link(page, "Revoke")
    assert "never works again" in administrator.get(asked).text
    answer = administrator.post(asked)
    assert (answer.status_code, answer.location) == (303, "/records/keys")
    page = administrator.get("/records/keys").text
    assert "Revoked" in page
    assert "opens nothing any more" in page
    assert Lrs(client, basic(key, secret)).get().status_code == 401
    assert administrator.get(asked).status_code == 404


def test_what_is_wrong_is_said_beside_its_field(administrator: Reader) -> None:
    for wrong, field, told in (
        ({"name": "", "scopes": ["all"]}, "name", "Enter who uses the key"),
        ({"name": "X" * 121, "scopes": ["all"]}, "name", "Use at most 120 characters"),
        ({"name": " ", "scopes": ["all"]}, "name", ""),
        ({"name": "X"}, "scopes", "Choose at least one thing that the key may do"),
        ({"name": "X", "scopes": ["everything"]}, "scopes", "A key cannot do “everything”: choose from these"),
        ({"name": "X", "scopes": ["all"], "expires_on": "soon"}, "expires_on", "This is not a day: write it as"),
        ({"name": "X", "scopes": ["all"], "expires_on": "2026-11-23"}, "expires_on", "Choose a day after today"),
        ({"name": "X", "scopes": ["all"], "expires_on": "2926-11-23"}, "expires_on", "choose one from 1970 to 2100"),
    ):
        answer = administrator.post("/records/keys/new", **wrong)
        assert answer.status_code == 422, wrong
        assert f'href="#{field}"' in answer.text, wrong
        assert told in answer.text, wrong
    assert "There is no key yet" in administrator.get("/records/keys").text


def test_keys_are_made_by_administrators_and_seen_by_auditors_too(signed_in: Callable[[str], Reader]) -> None:
    for role, record, keys in (("learner", 403, 403), ("hr_officer", 403, 403), ("auditor", 200, 200)):
        reader = signed_in(role)
        assert reader.get("/records").status_code == record, role
        assert reader.get("/records/checkpoints").status_code == record, role
        assert reader.get("/records/keys").status_code == keys, role
        assert ("/records/keys" in reader.get("/").text) is False
        assert ('href="/records"' in reader.get("/").text) == (record == 200), role


def test_auditors_see_keys_and_recognition_without_anything_to_change(auditor: Reader) -> None:
    assert "There is no key yet" in auditor.get("/records/keys").text
    with transaction():
        made = create_key(actor=SYSTEM, name="Course platform", scopes=["all"])
    page = auditor.get("/records/keys").text
    assert "Course platform" in page
    assert 'href="/records/keys/' not in page and "Make a key" not in page and "Next step" not in page
    with transaction():
        skills.load_frameworks(actor=SYSTEM)
    with transaction():
        where: dict[str, Any] = {
            "activity": "https://academy.example/7",
            "target": "1.1",
            "level": 4,
            "assurance": "tested",
        }
        skills.recognise(actor=SYSTEM, **where, why="Same syllabus")
    page = auditor.get("/records/recognition").text
    assert "Same syllabus" in page
    assert "/records/recognition/" not in page and "Next step" not in page
    for address in (
        "keys/new",
        "keys/new-secret",
        f"keys/{made.key}/revoke",
        "recognition/new",
        "recognition/1/withdraw",
    ):
        assert auditor.get(f"/records/{address}").status_code == 403, address


def test_checkpoints_of_both_logs_are_listed_and_given_out(auditor: Reader, make: Make) -> None:
    page = auditor.get("/records/checkpoints").text
    assert page.count("Nothing is sealed yet") == 2
    assert auditor.get("/records/checkpoints/statements/1.txt").status_code == 404
    assert auditor.get("/records/checkpoints/audit/keys.txt").status_code == 404
    amina = make.person()
    for _ in range(AT_ONCE + 2):
        does(amina, verbs.COMPLETED)
        sealed()
    page = auditor.get("/records/checkpoints").text
    assert page.count("Nothing is sealed yet") == 1
    assert _numbers(page) == list(range(AT_ONCE + 2, 2, -1))
    assert _numbers(auditor.get(link(page, "Older checkpoints")).text) == [2, 1]
    note = auditor.get("/records/checkpoints/statements/3.txt").text
    assert "/statements\n4\n" in note
    assert note.split("\n")[2][:12] in page
    key = auditor.get("/records/checkpoints/statements/keys.txt").text
    assert key.strip() in page.replace("&#43;", "+")
    with transaction():
        assert seal(STATEMENTS).entries == 0


def _numbers(page: str) -> list[int]:
    return [int(text) for text in re.findall(r'<tr><th scope="row"><span[^>]*>Checkpoint </span>(\d+)</th>', page)]
