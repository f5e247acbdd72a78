"""A table a month for the statements to come."""

from __future__ import annotations

import click

from lms.cli.output import Answer, command
from lms.xapi.actions import partitions


@click.command("partitions")
@click.option("--months", type=click.IntRange(1, 120), default=12, show_default=True, help="How many months ahead.")
@command()
def partitions_(months: int) -> Answer:
    """Make the months to come partitions of their own (PostgreSQL); those that are there stay as they are."""
    return Answer(made=partitions.make_ahead(months))
