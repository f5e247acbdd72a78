"""People and agencies for tests: attributes come from factories, rows from the real actions.

    root = make.agency("GOV", kind="government")
    amina = make.person(agency=root, family="CA", roles=["hr_officer"])
    make.sign_in(client, amina)

Each call is a unit of work of its own and commits: call it outside of `with commit():`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import factory
import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from lms.agencies import actions as agencies
from lms.agencies import queries as agency_queries
from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import glance, transaction, unit
from lms.people import actions as people
from lms.people import policy, queries
from lms.people.rules import passwords

PASSWORD = "seven quiet rivers"
OPENED = date(2020, 1, 1)
HIRED = date(2024, 1, 1)
CHEAP = (1, 8, 1)
NAMES = ("Amina Nkosi", "Björn Dahl", "Chiara Conti", "Dmytro Koval", "Elif Güneş", "Farid Haddad", "Grace Osei")


class AgencyAttributes(factory.DictFactory):
    code = factory.Sequence(lambda n: f"A-{n:03d}")
    name = factory.LazyAttribute(lambda row: f"Agency {row.code}")
    kind = "agency"
    time_zone = "UTC"


class PersonAttributes(factory.DictFactory):
    hr_number = factory.Sequence(lambda n: f"HR-{n:05d}")
    name = factory.Sequence(lambda n: f"{NAMES[n % len(NAMES)]} {n}")
    work_mail = factory.Sequence(lambda n: f"person{n}@gov.example")


@dataclass(frozen=True, slots=True)
class Made:
    """A person made for a test; `account_id` is None where no account was asked for."""

    id: int
    name: str
    account_name: str
    email: str
    account_id: int | None
    assignment_id: int | None

    password: str = PASSWORD


class Make:
    """Makes rows through the actions people use, as the system itself."""

    def __init__(self) -> None:
        self._hash: str | None = None

    def agency(
        self, code: str | None = None, *, parent: int | None = None, on: date = OPENED, **attributes: Any
    ) -> int:
        """An agency, open since 2020; at the top where no parent is given."""
        values = AgencyAttributes(**({"code": code} if code else {}), **attributes)
        with transaction():
            return agencies.open_agency(actor=SYSTEM, parent_id=parent, on=on, **values)

    def root(self) -> int:
        """The topmost agency, made when there is none."""
        with glance():
            found = agency_queries.tree().root
        return found if found is not None else self.agency("GOV", name="Government", kind="government")

    def person(
        self,
        *,
        agency: int | None = None,
        roles: Sequence[str] = (),
        scope: int | None = None,
        starts_on: date = HIRED,
        ends_on: date | None = None,
        email: str | None = None,
        name: str | None = None,
        language: str = "en",
        account: bool = True,
        assigned: bool = True,
        **terms: Any,
    ) -> Made:
        """A person assigned to an agency (the top one by default) since 2024, with an account and some roles.

        `scope` is the agency that scoped roles reach over, the person's own by default; terms (family, grade, title,
        employment, fte_percent, manager_id …) go to the assignment.
        """
        given = {key: value for key, value in (("name", name), ("work_mail", email)) if value}
        values = PersonAttributes(**given)
        where = agency if agency is not None else self.root()
        with transaction():
            id = people.register_person(actor=SYSTEM, language=language, **values)
            spell: dict[str, Any] = {"agency_id": where, "starts_on": starts_on, "ends_on": ends_on}
            assignment = people.assign(actor=SYSTEM, person_id=id, **spell, **terms) if assigned else None
            account_id = self._open_account(id, values["work_mail"]) if account else None
        for role in roles:
            self.role(id, role, scope if scope is not None else where)
        with glance():
            card = queries.person_card(id, clock.today())
        return Made(id, card.name, card.account_name, values["work_mail"], account_id, assignment)

    def people(self, count: int, **same: Any) -> list[Made]:
        """Several persons alike."""
        return [self.person(**same) for _ in range(count)]

    def role(self, person: Made | int, role: str, agency: int | None = None, *, starts_on: date = HIRED) -> int:
        """A role of a person, over the whole government where it is scoped and no agency given; returns the grant."""
        scope = (agency if agency is not None else self.root()) if role in policy.SCOPED else None
        with transaction():
            return people.grant_role(
                actor=SYSTEM, person_id=_id(person), role=role, agency_id=scope, starts_on=starts_on
            )

    def absence(self, person: Made | int, starts_on: date, ends_on: date | None = None) -> int:
        """A long absence."""
        with transaction():
            return people.note_absence(actor=SYSTEM, person_id=_id(person), starts_on=starts_on, ends_on=ends_on)

    def actor(self, person: Made) -> Actor:
        """The person as actions and queries see him."""
        assert person.account_id is not None, "this person has no account"
        with glance():
            actor = queries.actor_of(person.account_id, clock.today())
        assert actor is not None
        return actor

    def sign_in(self, client: FlaskClient, person: Made, password: str = PASSWORD) -> None:
        """Sign a person in through the form, as a browser does."""
        response = client.post("/sign-in", data={"email": person.email, "password": password})
        assert response.status_code == 303, (response.status_code, response.get_data(as_text=True)[:600])

    def _open_account(self, person_id: int, email: str) -> int:
        if self._hash is None:
            self._hash = passwords.hashed(PASSWORD)
        return people.open_account(actor=SYSTEM, person_id=person_id, email=email, password_hash=self._hash)


def knock(client: FlaskClient, email: str, password: str, source: str = "10.0.0.1") -> Any:
    """Try to sign in from some network address."""
    form = {"email": email, "password": password}
    return client.post("/sign-in", data=form, environ_overrides={"REMOTE_ADDR": source})


@contextmanager
def sent() -> Iterator[list[str]]:
    """The SQL statements that reach a database within, less the frames of transactions."""
    texts: list[str] = []

    def noted(connection: Any, cursor: Any, text: str, *rest: Any) -> None:
        if not text.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            texts.append(text)

    event.listen(Engine, "before_cursor_execute", noted)
    try:
        yield texts
    finally:
        event.remove(Engine, "before_cursor_execute", noted)


def _id(person: Made | int) -> int:
    return person.id if isinstance(person, Made) else person


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Hashes that cost next to nothing: what they cost in earnest is none of these tests' business."""
    passwords.set_cost(CHEAP)
    yield
    passwords.set_cost(passwords.COST)


@pytest.fixture(autouse=True, scope="session")
def each_request_alone() -> Iterator[None]:
    """Requests of a test share its application context; what one leaves in `g` must not reach the next.

    Only the unit of work that a test has begun goes on.
    """

    def begin_anew(sender: Flask, **_: object) -> None:
        for name in set(g) - unit.KEPT:
            g.pop(name)

    with request_started.connected_to(begin_anew):
        yield


@pytest.fixture
def make(app: Flask) -> Make:
    """Makes agencies and people."""
    return Make()
