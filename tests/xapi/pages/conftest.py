"""The record with people in it, and readers who are signed in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from lms.kernel import clock
from lms.kernel.db import db, transaction
from lms.kernel.sealing.sealer import seal
from lms.xapi import record
from lms.xapi.models import StatementRow
from lms.xapi.queries.browsing import volume
from lms.xapi.queries.proofs import STATEMENTS
from lms.xapi.rules.facts import Draft, Fact, Stamp
from tests.factories import Made, Make
from tests.house.pages import faults
from tests.xapi.drafts import course


class Reader:
    """Somebody's browser on the pages of the record; every page it is shown must be well formed."""

    def __init__(self, client: FlaskClient, person: Made) -> None:
        self.client = client
        self.person = person

    def get(self, address: str = "/records", **query: Any) -> TestResponse:
        answer = self.client.get(address, query_string=query or None, follow_redirects=True)
        if answer.mimetype == "text/html":
            assert faults(answer.text) == []
        return answer

    def post(self, address: str, **sent: Any) -> TestResponse:
        answer = self.client.post(address, data=sent)
        if answer.mimetype == "text/html" and answer.status_code not in (302, 303):
            assert faults(answer.text) == []
        return answer

    def sentences(self, address: str = "/records", **query: Any) -> list[str]:
        """The sentences that the list shows, in order."""
        return sentences(self.get(address, **query).text)


def sentences(page: str) -> list[str]:
    """The sentences of a page's list."""
    found = re.findall(r'<th scope="row"><a class="govuk-link" href="/records/[0-9a-f-]{36}">(.*?)</a>', page)
    return [unescape(re.sub("<[^>]+>", "", text)) for text in found]


def link(page: str, text: str) -> str:
    """Where a link leads."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>(?:<svg(?:(?!</svg>).)*</svg>)?{text}', page, re.DOTALL)
    assert found is not None, text
    return unescape(found[1])


@pytest.fixture(autouse=True)
def counted_anew() -> Iterator[None]:
    """No count of another test's days."""
    volume.forget()
    yield
    volume.forget()


@pytest.fixture
def signed_in(app: Flask, make: Make) -> Callable[[str], Reader]:
    """A reader with a role."""

    def arrive(role: str) -> Reader:
        client = app.test_client()
        person = make.person(name=f"Reader of the {role.replace('_', ' ')}", roles=[role] if role != "learner" else [])
        make.sign_in(client, person)
        return Reader(client, person)

    return arrive


@pytest.fixture
def auditor(signed_in: Callable[[str], Reader]) -> Reader:
    return signed_in("auditor")


@pytest.fixture
def administrator(signed_in: Callable[[str], Reader]) -> Reader:
    return signed_in("administrator")


def does(person: Made, verb: str, slug: str = "sec-201", **more: Any) -> Fact:
    """Somebody of ours does something, as this system says."""
    stamp = Stamp(account_name=person.account_name, person_id=person.id, agency_id=None)
    with transaction():
        return record(Draft(stamp=stamp, verb=verb, object=course(slug), **more))


def sealed() -> None:
    """Seal what is new."""
    with transaction():
        seal(STATEMENTS)


def later(minutes: int) -> Any:
    """Within: so many minutes after what tests call now."""
    return clock.at(clock.now() + timedelta(minutes=minutes))


def sent(**more: Any) -> bytes:
    """A statement from outside, as bytes."""
    said = {
        "actor": {"mbox": "mailto:visitor@elsewhere.example", "name": "Vera Visitor"},
        "verb": {"id": "https://elsewhere.example/verbs/practised", "display": {"en": "practised"}},
        "object": {"id": "https://elsewhere.example/things/7", "definition": {"name": {"en": "Fire drill"}}},
        **more,
    }
    return json.dumps(said).encode()


def arrived(reader: Reader) -> None:
    """Forget that the reader signed in, which is a statement as well."""
    with transaction():
        db.session.execute(delete(StatementRow).where(StatementRow.person_id == reader.person.id))
