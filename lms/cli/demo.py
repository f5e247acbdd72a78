"""The demonstration government."""

from __future__ import annotations

import click

from lms import demo as demonstration
from lms.app import create_app
from lms.cli.output import Answer, command
from lms.kernel.db import transaction


@click.group()
def demo() -> None:
    """The demonstration government."""


@demo.command("load")
@click.option("--staff", default=demonstration.STAFF, show_default=True, type=click.IntRange(100, 20_000))
@click.option("--months", default=demonstration.MONTHS, show_default=True, type=click.IntRange(2, 36))
@click.option("--seed", default=demonstration.SEED, show_default=True)
@command()
def load(staff: int, months: int, seed: int) -> Answer:
    """Live the demonstration government's history through the same actions people use."""
    return Answer(demonstration.load(staff=staff, months=months, seed=seed))


def load_if_empty() -> None:
    """Load the demonstration unless somebody is here already."""
    with create_app().app_context():
        if demonstration.is_empty():
            click.echo("Making the demonstration government (once, under a minute) …")
            with transaction():
                demonstration.load()


def print_accounts() -> None:
    """Print the demonstration's accounts, one a line: role, e-mail, password."""
    for account in demonstration.ACCOUNTS:
        click.echo(f"{account.role:<14} {account.email:<36} {demonstration.PASSWORD}")
    click.echo("")
