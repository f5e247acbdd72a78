"""Forged forms, cached pages, weak cookies and ways out of the site, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.app import create_app
from lms.kernel.db import db
from lms.people.models import Account, SignInTry
from lms.settings import Settings
from lms.web.sessions import WebSession
from tests.factories import PASSWORD, Make

UNSAFE = {
    "/sign-in": {"email": "amina@gov.example", "password": PASSWORD},
    "/sign-out": {},
    "/account/password": {"current": PASSWORD, "new": "four green bottles", "again": "four green bottles"},
}


@pytest.fixture
def guarded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application as it runs in earnest: forms need their token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    yield app


def token_on(client: FlaskClient, path: str) -> str:
    return client.get(path).text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]


def rows() -> tuple[object, ...]:
    """What a forged form could have changed."""
    sessions = db.session.scalars(select(WebSession.account_id).order_by(WebSession.key)).all()
    hashes = db.session.scalars(select(Account.password_hash)).all()
    return tuple(sessions), tuple(hashes), db.session.scalar(select(func.count()).select_from(SignInTry))


@pytest.mark.parametrize("path", list(UNSAFE))
@pytest.mark.parametrize("token", [None, "made-up", "of another session"])
def test_A5_a_form_without_its_token_changes_nothing(
    make: Make, client: FlaskClient, guarded: Flask, path: str, token: str | None
) -> None:
    make.person(email="amina@gov.example")
    first = token_on(client, "/sign-in")
    client.post("/sign-in", data={**UNSAFE["/sign-in"], "csrf_token": first})
    stranger = guarded.test_client()
    given = token_on(stranger, "/sign-in") if token == "of another session" else token
    before = rows()
    form = UNSAFE[path] if given is None else {**UNSAFE[path], "csrf_token": given}
    answer = client.post(path, data=form, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert "nothing was changed" in answer.text
    assert rows() == before
    assert client.get("/account/password").status_code == 200


def test_A5_with_its_token_each_form_works(make: Make, client: FlaskClient, guarded: Flask) -> None:
    make.person(email="amina@gov.example")
    for path, form in (("/sign-in", UNSAFE["/sign-in"]), ("/account/password", UNSAFE["/account/password"])):
        answer = client.post(path, data={**form, "csrf_token": token_on(client, path)})
        assert answer.status_code == 303, path
    token = token_on(client, "/account/password")
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_A5_a_get_signs_nobody_in_or_out(make: Make, client: FlaskClient) -> None:
    amina = make.person(email="amina@gov.example")
    client.get("/sign-in", query_string=UNSAFE["/sign-in"])
    assert client.get("/account/password").status_code == 302
    make.sign_in(client, amina)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/account/password").status_code == 200


def test_A6_pages_are_not_kept_by_anybody(make: Make, client: FlaskClient) -> None:
    make.sign_in(client, make.person())
    for path in ("/account/password", "/sign-in", "/no-such-page"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store", path
        assert "Cookie" in headers["Vary"], path


def test_A6_the_cookie_over_https_is_bound_to_its_host(make: Make, app: Flask, settings: Settings) -> None:
    amina = make.person()
    secure = create_app(replace(settings, base_url="https://cadre.example"))
    secure.config["WTF_CSRF_ENABLED"] = False
    with secure.app_context():
        answer = secure.test_client().post(
            "/sign-in", base_url="https://cadre.example", data={"email": amina.email, "password": PASSWORD}
        )
        db.session.remove()
        db.engine.dispose()
    said = answer.headers["Set-Cookie"]
    assert answer.status_code == 303
    assert said.startswith("__Host-cadre=")
    parts = {part.strip() for part in said.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not any(part.startswith("Domain") for part in parts)


@pytest.mark.parametrize(
    "onward", ["//evil.example", "/\\evil.example", "https://evil.example/", "/%0d%0aX: y", "\thttps://evil.example",
               "/\r\nX-Injected: 1", "https:evil.example", "javascript:alert(1)", "http://user@127.0.0.1@evil.example"]
)  # fmt: skip
def test_A7_signing_in_leads_nowhere_else(make: Make, client: FlaskClient, onward: str) -> None:
    amina = make.person()
    form = {"email": amina.email, "password": PASSWORD, "next": onward}
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 303
    assert answer.location.startswith("/") and not answer.location.startswith(("//", "/\\"))
    assert "X-Injected" not in answer.headers
    again = client.get("/sign-in", query_string={"next": onward})
    assert again.location == answer.location


def test_A7_a_host_that_is_not_ours_gets_no_page(client: FlaskClient) -> None:
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
    page = client.get("/sign-in", headers={"X-Forwarded-Host": "evil.example"})
    assert page.status_code == 200
    assert "evil.example" not in page.text


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page", "/static/dist/app.css", "/xapi/about"])
def test_A7_a_request_by_a_name_that_is_not_ours_is_refused(app: Flask, path: str) -> None:
    client = app.test_client()
    strange = client.get(path, headers={"Host": "cadre.evil.example"})
    assert strange.status_code == 400 and "Set-Cookie" not in strange.headers
    assert "evil" not in strange.text
    with client.get(path, headers={"Host": "localhost:8000"}) as ours:
        assert ours.status_code != 400
