"""The learning record: keys to it, its export, and rebuilding what follows from it."""

from __future__ import annotations

from datetime import datetime
from typing import IO

import click

from lms.cli.output import Answer, command
from lms.kernel.actor import SYSTEM
from lms.kernel.db import reading
from lms.xapi.actions import export as exporting
from lms.xapi.actions import keys, rebuild


@click.group()
def records() -> None:
    """The learning record."""


@records.group("key")
def key_group() -> None:
    """Keys to the record."""


@key_group.command("create")
@click.option("--name", required=True)
@click.option("--scope", "scopes", multiple=True, required=True, help="Such as statements/read; may be repeated.")
@command()
def create(name: str, scopes: tuple[str, ...]) -> Answer:
    """Make a Basic key; its secret is shown this once."""
    made = keys.create_key(actor=SYSTEM, name=name, scopes=list(scopes))
    return Answer(name=name, scopes=list(scopes), key=made.key, secret=made.secret)


@records.command("export")
@click.option("--since", type=click.DateTime(), help="Only statements stored after this moment (UTC).")
@click.option("--to", "target", type=click.File("w", encoding="utf-8"), default="-", help="A file; standard output.")
def export(since: datetime | None, target: IO[str]) -> None:
    """Write statements as JSON lines."""
    from lms.app import create_app

    with create_app().app_context(), reading():
        for line in exporting.export_lines(since=since):
            target.write(line + "\n")


@records.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare; change nothing.")
@command()
def rebuild_(check: bool) -> Answer:
    """Project everything anew from the statements."""
    result = rebuild.rebuild(actor=SYSTEM, check=check)
    content = {
        "statements": result.statements,
        "differences": len(result.differences),
        "examples": [str(difference) for difference in result.differences[:20]],
    }
    return Answer.refusing(content) if check and result.differences else Answer(content)
