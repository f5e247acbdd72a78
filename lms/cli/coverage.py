"""The coverage figures."""

from __future__ import annotations

from datetime import datetime

import click

from lms.cli.output import Answer, command
from lms.kernel.actor import SYSTEM
from lms.reporting import queries


@click.command()
@click.option("--as-at", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day described.")
@click.option("--known-at", type=click.DateTime(["%Y-%m-%d"]), help="What had been recorded by the end of this day.")
@click.option("--requirement", help="Only this requirement, by code.")
@click.option("--agency", help="Only this agency and those beneath it, by code.")
@command(commits=False)
def coverage(as_at: datetime, known_at: datetime | None, requirement: str | None, agency: str | None) -> Answer:
    """The coverage figures of a day (docs/rules.md, section 2.5)."""
    return Answer(
        queries.coverage_json(
            actor=SYSTEM,
            as_at=as_at.date(),
            known_on=known_at.date() if known_at else None,
            requirement=requirement,
            agency=agency,
        )
    )
