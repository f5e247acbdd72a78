"""The database's schema: bringing it up to date, and checking that it is."""

from __future__ import annotations

from typing import Any

import click

from lms.app import create_app
from lms.cli.output import Answer, command
from lms.kernel.db import schema


@click.group("db")
def db_group() -> None:
    """The database's schema."""


@db_group.command("upgrade")
@command(commits=False)
def upgrade() -> Answer:
    """Bring the schema to the present head."""
    schema.upgrade()
    return Answer(head=schema.present())


@db_group.command("check")
@command(commits=False)
def check() -> Answer:
    """Compare the schema with the models."""
    differences: list[Any] = schema.differences()
    content = {"head": schema.present(), "expected": schema.head(), "differences": [str(d) for d in differences]}
    if differences or schema.present() != schema.head():
        return Answer.refusing(content)
    return Answer(content)


def upgrade_if_needed() -> None:
    """Bring the schema to the present head unless it is there already."""
    with create_app().app_context():
        if schema.present() != schema.head():
            schema.upgrade()
