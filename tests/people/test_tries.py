"""How often a door may be tried in vain, and that no answer tells accounts apart, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.kernel import clock
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.people import actions
from lms.people.models import SignInTry
from lms.people.rules import passwords
from tests.conftest import NOW
from tests.factories import CHEAP, PASSWORD, Make, knock, sent

INSIDE = "/account/password"


class CountingHasher(PasswordHasher):
    """Notes what each look at a password costs."""

    def __init__(self, costs: list[str]) -> None:
        super().__init__(*CHEAP)
        self.costs = costs

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.costs.append(str(hash).split("$")[3])
        return super().verify(hash, password)


def test_A1_an_account_is_locked_after_too_many_tries_even_for_the_right_password(
    make: Make, client: FlaskClient
) -> None:
    amina, other = make.person(), make.person()
    answers = [knock(client, amina.email, "wrong", f"10.0.1.{number}") for number in range(12)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 2
    locked = knock(client, amina.email.upper(), PASSWORD, "10.9.9.9")
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60 + 1
    assert knock(client, other.email, PASSWORD).status_code == 303


def test_A1_a_source_is_locked_after_too_many_tries_on_many_accounts(
    make: Make, client: FlaskClient, commit: Any
) -> None:
    amina = make.person()
    for number in range(100):
        with commit(), pytest.raises(Refused):
            actions.sign_in(email=f"nobody{number}@gov.example", password="wrong", source="10.0.0.1")
    assert knock(client, amina.email, PASSWORD).status_code == 429
    assert knock(client, amina.email, PASSWORD, "10.0.0.2").status_code == 303


def test_A1_the_lock_is_in_the_database_and_ends_with_its_window(make: Make, client: FlaskClient, app: Flask) -> None:
    amina = make.person()
    for _ in range(10):
        knock(client, amina.email, "wrong")
    keys = db.session.execute(select(SignInTry.key, SignInTry.failures)).all()
    assert sorted(row.failures for row in keys) == [10, 10]
    assert all(len(row.key) == 64 for row in keys)
    with clock.at(NOW + timedelta(minutes=14)):
        assert knock(app.test_client(), amina.email, PASSWORD).status_code == 429
    with clock.at(NOW + timedelta(minutes=15)):
        assert knock(client, amina.email, PASSWORD).status_code == 303


def test_A1_the_right_password_forgets_an_accounts_tries_but_not_the_sources(make: Make, client: FlaskClient) -> None:
    amina = make.person()
    for _ in range(9):
        knock(client, amina.email, "wrong")
    assert knock(client, amina.email, PASSWORD).status_code == 303
    assert [tuple(row) for row in db.session.execute(select(SignInTry.failures))] == [(9,)]


def test_A1_the_present_password_is_guessed_no_more_often_at_another_door(make: Make, client: FlaskClient) -> None:
    amina = make.person()
    make.sign_in(client, amina)
    form = {"current": "wrong", "new": "four green bottles", "again": "four green bottles"}
    statuses = [client.post(INSIDE, data=form).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert knock(client, amina.email, PASSWORD, "10.0.0.2").status_code == 429


def test_A1_counters_that_are_over_are_removed(make: Make, client: FlaskClient, commit: Any) -> None:
    knock(client, "nobody@gov.example", "wrong")
    with clock.at(NOW + timedelta(minutes=15)), commit():
        actions.purge_tries(timedelta(minutes=15))
    assert db.session.scalar(select(func.count()).select_from(SignInTry)) == 0


def test_A2_unknown_wrong_disabled_and_departed_get_the_same_answer_for_the_same_work(
    make: Make, client: FlaskClient, commit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, disabled = make.person(), make.person()
    left = make.person(ends_on=date(2026, 11, 1))
    with commit():
        actions.disable_account(actor=SYSTEM, account_id=disabled.account_id or 0)
    costs: list[str] = []
    monkeypatch.setattr(passwords, "_hasher", CountingHasher(costs))
    seen = []
    tried = [(known.email, "wrong"), ("nobody@gov.example", "wrong"), (disabled.email, PASSWORD)]
    for email, password in [*tried, (left.email, PASSWORD), ("no address at all", "wrong")]:
        costs.clear()
        with sent() as statements:
            answer = knock(client, email, password)
        body = answer.text.replace(email, "…")
        headers = [(k, v) for k, v in answer.headers if k not in ("X-Request-Id", "Content-Length", "Set-Cookie")]
        seen.append((answer.status_code, body, headers, tuple(costs), len(statements)))
    assert {answer[0] for answer in seen} == {422}
    assert all(answer[:4] == seen[0][:4] for answer in seen)
    assert len(seen[0][3]) == 1
    assert {answer[4] for answer in seen} == {seen[0][4]}
