"""Who sends statements while they are measured, and whom they are about: staff of a small government."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench.stage import Stage
from lms.agencies import actions as agencies
from lms.kernel import clock
from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from lms.people import actions as people
from lms.people import queries
from lms.xapi import statements
from lms.xapi.actions import keys

STAFF = 200


@dataclass(frozen=True)
class Sender:
    """A key that may write and void, and the agents its statements are about."""

    key: str
    secret: str
    actors: list[dict[str, Any]]


def furnish(stage: Stage) -> Sender:
    """Hire the staff and make the key."""
    with stage.app.app_context():
        with transaction():
            root = agencies.open_agency(
                actor=SYSTEM, code="GOV", name="Government", kind="government", on=date(2020, 1, 1)
            )
            names = [_hire(root, number) for number in range(STAFF)]
        with transaction():
            made = keys.create_key(actor=SYSTEM, name="Measured", scopes=["all"])
    return Sender(made.key, made.secret, [statements.account(name) for name in names])


def _hire(root: int, number: int) -> str:
    """A member of staff; returns the name of the account in the record."""
    person = people.register_person(actor=SYSTEM, hr_number=f"S{number}", name=f"Member Number {number}")
    hired = clock.today() - timedelta(400)
    people.assign(actor=SYSTEM, person_id=person, agency_id=root, starts_on=hired, family="CA", title="Case officer")
    return queries.stamp(person, clock.today()).account_name
