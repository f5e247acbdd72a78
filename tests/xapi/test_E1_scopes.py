"""Who may do what with the record: scope by resource by method (rows E1, A9)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, transaction
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.xapi import record
from lms.xapi.actions.keys import create_key, revoke_key
from lms.xapi.models import Credential
from lms.xapi.queries import keys, remembered
from tests.conftest import NOW
from tests.factories import sent
from tests.rules.statement_corpus import ID, REFERENCE, least
from tests.xapi.conftest import Lrs, basic, made_key, stored_rows
from tests.xapi.drafts import draft

SPEAKS = {"X-Experience-API-Version": "2.0.0"}
VOIDING = least(object=REFERENCE, verb={"id": "http://adlnet.gov/expapi/verbs/voided"})
MATRIX: dict[tuple[str, ...], tuple[int, int, int, int]] = {
    # scopes: GET, POST, PUT, voiding
    ("statements/read",): (200, 403, 403, 403),
    ("statements/read/mine",): (200, 403, 403, 403),
    ("statements/write",): (403, 200, 204, 403),
    ("statements/write", "statements/read"): (200, 200, 204, 403),
    ("state",): (403, 403, 403, 403),
    ("activities_profile",): (403, 403, 403, 403),
    ("agents_profile",): (403, 403, 403, 403),
    ("all/read",): (200, 403, 403, 403),
    ("all",): (200, 200, 204, 200),
}


@pytest.mark.parametrize("scopes", MATRIX)
def test_E1_a_key_opens_what_its_scopes_say(with_key: Callable[..., Lrs], scopes: tuple[str, ...]) -> None:
    lrs = with_key(*scopes)
    found = (
        lrs.get().status_code,
        lrs.post(least()).status_code,
        lrs.put(ID, least()).status_code,
        lrs.post(VOIDING).status_code,
    )
    assert found == MATRIX[scopes]
    assert lrs.send("HEAD").status_code == found[0]


WRONG_CREDENTIALS = [
    {},
    {"Authorization": "Basic"},
    {"Authorization": "Basic !!!"},
    {"Authorization": "Basic " + "eA=="},
    {"Authorization": "Bearer k-0123"},
    basic("", ""),
    basic("k-0123", "secret"),
    basic("k-01\x0023", "secret"),
    basic("é" * 50, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")),
    basic("k" * 5000, "s" * 5000),
]


@pytest.mark.parametrize("number", range(len(WRONG_CREDENTIALS)))
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_E1_without_a_right_key_the_answer_is_401_and_asks_for_one(
    client: FlaskClient, number: int, method: str
) -> None:
    answer = client.open("/xapi/statements", method=method, headers=WRONG_CREDENTIALS[number])
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert answer.headers["X-Experience-API-Version"] == "2.0.0"
    if method != "HEAD":
        assert answer.content_type == "application/problem+json"
        assert answer.json["code"] == "key-refused"


def test_E1_a_refusal_of_scope_does_not_ask_for_another_password(with_key: Callable[..., Lrs]) -> None:
    answer = with_key("statements/read").post(least())
    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer.headers
    assert stored_rows() == 0


def test_E1_the_about_resource_is_open(client: FlaskClient) -> None:
    answer = client.get("/xapi/about", headers={"X-Experience-API-Version": "9"})
    assert answer.status_code == 200
    assert answer.json == {"version": ["2.0.0", "1.0.3"], "extensions": {}}


def test_E1_a_key_for_its_own_statements_sees_no_others(with_key: Callable[..., Lrs]) -> None:
    one, other = with_key("statements/write", "statements/read/mine"), with_key("statements/write", "statements/read")
    with transaction():
        ours = record(draft())
    mine = one.post(least()).json[0]
    theirs = other.post(least()).json[0]
    assert one.ids() == [mine]
    assert set(other.ids()) == {mine, theirs, str(ours.id)}
    assert one.get(statementId=theirs).status_code == 404
    assert one.get(statementId=mine).status_code == 200


def test_A9_a_secret_is_shown_once_and_kept_as_a_hash(app: Flask) -> None:
    made = made_key("all")
    with transaction():
        row = db.session.scalars(select(Credential)).one()
        notes = [str((n.subject_id, n.before, n.after, n.why)) for n in db.session.scalars(select(AuditEvent))]
    assert made.secret not in str(row.__dict__)
    assert row.secret_hash == keys.fingerprint(made.secret)
    assert len(notes) == 1
    assert made.secret not in notes[0]


@pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: s + "x", lambda s: "", lambda s: s.swapcase()])
def test_A9_a_wrong_secret_opens_nothing(client: FlaskClient, change: Callable[[str], str]) -> None:
    made = made_key("all")
    assert client.get("/xapi/statements", headers=basic(made.key, change(made.secret))).status_code == 401


def test_A9_a_revoked_key_opens_nothing_from_then_on(app: Flask, client: FlaskClient) -> None:
    made = made_key("all")
    headers = SPEAKS | basic(made.key, made.secret)
    assert client.get("/xapi/statements", headers=headers).status_code == 200
    with transaction():
        revoke_key(actor=SYSTEM, key=made.key)
        revoke_key(actor=SYSTEM, key=made.key)
    assert client.get("/xapi/statements", headers=headers).status_code == 401


def test_A9_another_worker_forgets_a_revoked_key_within_seconds(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_key("all")
    headers = SPEAKS | basic(made.key, made.secret)
    assert client.get("/xapi/statements", headers=headers).status_code == 200
    with transaction():
        db.session.scalars(select(Credential)).one().revoked_at = NOW  # as another process does
    later = time.monotonic() + keys.REMEMBERED + 1
    monkeypatch.setattr(remembered.time, "monotonic", lambda: later)
    assert client.get("/xapi/statements", headers=headers).status_code == 401


def test_A9_a_key_ends_on_its_day_even_while_it_is_remembered(app: Flask, client: FlaskClient) -> None:
    with transaction():
        made = create_key(actor=SYSTEM, name="Short", scopes=["all/read"], expires_on=date(2026, 11, 24))
    headers = SPEAKS | basic(made.key, made.secret)
    assert client.get("/xapi/statements", headers=headers).status_code == 200
    with clock.at(NOW + timedelta(days=1)):
        assert client.get("/xapi/statements", headers=headers).status_code == 401


def test_E1_a_key_that_was_just_checked_costs_no_query(app: Flask, client: FlaskClient) -> None:
    made = made_key("all")
    headers = SPEAKS | basic(made.key, made.secret)
    assert client.get("/xapi/statements", headers=headers).status_code == 200
    with sent() as texts:
        assert client.get("/xapi/statements", headers=headers).status_code == 200
    assert texts and not [text for text in texts if "xapi_credential" in text]


def test_a_key_says_on_which_day_it_was_last_used(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_key("all")
    monkeypatch.setattr(remembered, "REMEMBERED", -1)  # every look is a fresh one
    headers = SPEAKS | basic(made.key, made.secret)
    assert keys.all_keys()[0].last_used_on is None
    db.session.rollback()
    assert client.get("/xapi/statements", headers=headers).status_code == 200
    with clock.at(NOW + timedelta(days=1)):
        with sent() as texts:
            for _ in range(3):
                assert client.get("/xapi/statements", headers=headers).status_code == 200
        assert len([text for text in texts if text.startswith("UPDATE xapi_credential")]) == 1
    assert [(row.state, row.last_used_on) for row in keys.all_keys()] == [("active", date(2026, 11, 24))]


def test_every_key_is_listed_with_its_state(app: Flask) -> None:
    with transaction():
        short = create_key(actor=SYSTEM, name="Short", scopes=["state"], expires_on=date(2026, 11, 24))
        ended = create_key(actor=SYSTEM, name="Ended", scopes=["all/read"])
        revoke_key(actor=SYSTEM, key=ended.key)
    with clock.at(NOW + timedelta(days=1)):
        found = {row.key: (row.name, row.scopes, row.state) for row in keys.all_keys()}
    assert found == {short.key: ("Short", ("state",), "expired"), ended.key: ("Ended", ("all/read",), "revoked")}


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["statements/read", "root"]}, "scopes"),
        ({"name": " "}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"expires_on": date(2026, 11, 23)}, "expires_on"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(app: Flask, fault: dict[str, object], field: str) -> None:
    asked = {"name": "N", "scopes": ["all"], **fault}
    with pytest.raises(Refused) as refusal, transaction():
        create_key(actor=SYSTEM, **asked)  # type: ignore[arg-type]
    assert list(refusal.value.errors) == [field]


def test_only_who_may_manage_keys_makes_or_ends_them(app: Flask) -> None:
    clerk = Actor("person", account_name="p-1")
    with pytest.raises(NotAllowed), transaction():
        create_key(actor=clerk, name="N", scopes=["all"])
    with pytest.raises(NotAllowed), transaction():
        revoke_key(actor=clerk, key="k")
    with pytest.raises(NotThere), transaction():
        revoke_key(actor=SYSTEM, key="k-unknown")
