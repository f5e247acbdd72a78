"""Signing in and out, and what ends a session, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db
from lms.people import actions, queries
from lms.people.models import Account
from lms.people.rules import passwords
from lms.web.sessions import WebSession
from lms.xapi.models import StatementRow, Verb
from lms.xapi.rules import verbs
from tests.conftest import NOW
from tests.factories import PASSWORD, Made, Make, knock, sent

INSIDE = "/account/password"
TODAY = NOW.date()


def is_inside(client: FlaskClient) -> bool:
    answer = client.get(INSIDE)
    assert answer.status_code in (200, 302), answer.text
    return answer.status_code == 200


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("cadre")
    assert found is not None
    return found.value


def replay(app: Flask, token: str) -> FlaskClient:
    """Another browser that holds a cookie's value."""
    other = app.test_client()
    other.set_cookie("cadre", token)
    return other


def test_whoever_has_the_password_comes_in_and_goes_on(make: Make, client: FlaskClient) -> None:
    amina = make.person(email="amina@gov.example")
    form = {"email": " Amina@GOV.example", "password": PASSWORD, "next": "/account/password?a=1"}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.location) == (303, "/account/password?a=1")
    assert is_inside(client)
    assert amina.name in client.get(INSIDE).text


def test_a_signed_out_reader_is_sent_to_sign_in_and_back(make: Make, client: FlaskClient) -> None:
    answer = client.get(INSIDE)
    assert answer.location == "/sign-in?next=/account/password"
    assert 'value="/account/password"' in client.get(answer.location).text


def test_a_signed_in_page_costs_one_query(make: Make, client: FlaskClient) -> None:
    make.sign_in(client, make.person(roles=["hr_officer"]))
    with sent() as statements:
        assert is_inside(client)
    assert len(statements) == 1, statements


def test_powers_come_from_the_session_until_the_day_changes(make: Make, client: FlaskClient, app: Flask) -> None:
    amina = make.person()
    make.sign_in(client, amina)
    with clock.at(NOW + timedelta(days=1)), app.test_client() as later:
        later.set_cookie("cadre", cookie(client))
        db.session.execute(WebSession.__table__.update().values(ends_at=NOW + timedelta(days=9)))
        db.session.commit()
        with sent() as first:
            assert is_inside(later)
        with sent() as second:
            assert is_inside(later)
    assert len([text for text in first if "role_grant" in text]) == 1
    assert len(second) == 1


def test_signing_in_and_out_are_on_record(make: Make, client: FlaskClient) -> None:
    amina = make.person()
    make.sign_in(client, amina)
    assert client.post("/sign-out").status_code == 303
    wanted = select(Verb.iri, StatementRow.person_id).join(StatementRow, StatementRow.verb_id == Verb.id)
    rows = db.session.execute(wanted.order_by(StatementRow.seq)).all()
    assert [tuple(row) for row in rows] == [(verbs.LOGGED_IN, amina.id), (verbs.LOGGED_OUT, amina.id)]


def test_A3_signing_in_leaves_the_old_key_behind(make: Make, client: FlaskClient, app: Flask) -> None:
    amina = make.person()
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        page = client.get("/sign-in").text
        planted = cookie(client)
        token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
        form = {"email": amina.email, "password": PASSWORD, "csrf_token": token}
        assert client.post("/sign-in", data=form).status_code == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert cookie(client) != planted
    assert is_inside(client)
    assert not is_inside(replay(app, planted))


def test_A3_only_a_hash_of_the_key_is_kept(make: Make, client: FlaskClient) -> None:
    amina = make.person()
    make.sign_in(client, amina)
    rows = db.session.execute(select(WebSession.key, WebSession.content, WebSession.account_id)).all()
    assert [row.account_id for row in rows] == [amina.account_id]
    assert cookie(client) not in rows[0].key + rows[0].content


def leave(make: Make, amina: Made) -> None:
    assert amina.assignment_id
    actions.end_assignment(actor=SYSTEM, assignment_id=amina.assignment_id, on=TODAY)


ENDINGS: dict[str, Callable[[Make, Made, int], object]] = {
    "a role granted": lambda make, amina, other: actions.grant_role(
        actor=SYSTEM, person_id=amina.id, role="trainer", agency_id=other, starts_on=TODAY
    ),
    "a role revoked": lambda make, amina, other: actions.revoke_role(
        actor=SYSTEM, grant_id=queries.grants_of(amina.id, TODAY)[0].id, on=TODAY
    ),
    "another agency": lambda make, amina, other: actions.transfer(
        actor=SYSTEM, person_id=amina.id, agency_id=other, on=TODAY
    ),
    "a secondment": lambda make, amina, other: actions.second(
        actor=SYSTEM, person_id=amina.id, host_agency_id=other, on=TODAY
    ),
    "leaving": lambda make, amina, other: leave(make, amina),
    "disabling": lambda make, amina, other: actions.disable_account(actor=SYSTEM, account_id=amina.account_id or 0),
}


@pytest.mark.parametrize("ending", list(ENDINGS))
def test_A3_a_change_of_rights_ends_every_session_at_once(
    make: Make, client: FlaskClient, app: Flask, commit: Any, ending: str
) -> None:
    other = make.agency("OTHER", parent=make.root())
    amina = make.person(roles=["hr_officer"])
    make.sign_in(client, amina)
    tokens = [cookie(client)]
    make.sign_in(client, amina)
    with commit():
        ENDINGS[ending](make, amina, other)
    for token in (*tokens, cookie(client)):
        assert not is_inside(replay(app, token))
    assert knock(client, amina.email, PASSWORD).status_code == (422 if ending in ("leaving", "disabling") else 303)


def test_A3_signing_out_ends_the_session_for_whoever_kept_its_cookie(
    make: Make, client: FlaskClient, app: Flask
) -> None:
    make.sign_in(client, make.person())
    token = cookie(client)
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get_cookie("cadre") is None
    assert not is_inside(replay(app, token))


def test_A3_a_new_password_ends_every_other_session(make: Make, client: FlaskClient, app: Flask) -> None:
    amina = make.person()
    elsewhere = app.test_client()
    make.sign_in(elsewhere, amina)
    make.sign_in(client, amina)
    old, new = cookie(client), "four green bottles"
    answer = client.post(INSIDE, data={"current": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert is_inside(client)
    assert not is_inside(elsewhere)
    assert not is_inside(replay(app, old))
    assert knock(elsewhere, amina.email, PASSWORD).status_code == 422
    assert knock(elsewhere, amina.email, new).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", "short", "at least 12"),
        ("passwordpassword", "passwordpassword", "first that attackers try"),
        ("four green bottles", "five green bottles", "not the same"),
    ],
)
def test_a_new_password_that_cannot_be_accepted_changes_nothing(
    make: Make, client: FlaskClient, new: str, again: str, said: str
) -> None:
    amina = make.person()
    make.sign_in(client, amina)
    answer = client.post(INSIDE, data={"current": PASSWORD, "new": new, "again": again})
    assert answer.status_code == 422
    assert said in answer.text
    assert is_inside(client)


def test_somebody_who_leaves_tomorrow_is_out_tomorrow(make: Make, client: FlaskClient) -> None:
    amina = make.person(ends_on=TODAY + timedelta(days=1))
    with clock.at(NOW + timedelta(hours=13)):
        make.sign_in(client, amina)
        assert is_inside(client)
    with clock.at(NOW + timedelta(hours=16)):
        assert not is_inside(client)


def test_a_password_hashed_at_an_older_cost_is_hashed_anew_when_it_is_used(make: Make, client: FlaskClient) -> None:
    amina = make.person()
    passwords.set_cost((2, 8, 1))
    try:
        make.sign_in(client, amina)
        kept = db.session.scalar(select(Account.password_hash).where(Account.id == amina.account_id))
        assert kept
        assert not passwords.outdated(kept)
    finally:
        passwords.set_cost((1, 8, 1))


def test_whoever_is_inside_is_not_asked_to_sign_in_again(make: Make, client: FlaskClient) -> None:
    make.sign_in(client, make.person())
    assert client.get("/sign-in?next=/account/password").location == "/account/password"
