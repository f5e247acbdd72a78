"""Accounts."""

from __future__ import annotations

import click

from lms.cli.output import Answer, command
from lms.kernel.actor import SYSTEM
from lms.people import actions
from lms.people.policy import ROLES


@click.group()
def users() -> None:
    """Accounts."""


@users.command("create")
@click.option("--email", required=True)
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)))
@click.option("--agency", "agency_code", required=True, help="The agency's code.")
@click.option("--name", help="The person's name; the address when left out.")
@click.option("--password", help="One is made and shown once when left out.")
@command()
def create(email: str, role: str, agency_code: str, name: str | None, password: str | None) -> Answer:
    """Open an account with a role over an agency."""
    made = actions.create_user(
        actor=SYSTEM, email=email, role=role, agency_code=agency_code, name=name, password=password
    )
    answer = Answer(id=made.id, email=email, role=role, agency=agency_code)
    if password is None:
        answer["password"] = made.password
    return answer
