"""The learning record: its export, and rebuilding what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lms.cli.looking import looking
from lms.cli.output import Answer, command
from lms.cli.record_import import import_
from lms.cli.record_keys import key_group
from lms.cli.record_partitions import partitions_
from lms.kernel.actor import SYSTEM
from lms.xapi.actions import export as exporting
from lms.xapi.actions import rebuild


class Moment(click.ParamType[datetime]):
    """A moment in ISO 8601; UTC where it names no zone."""

    name = "moment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment, or say how one is written."""
        try:
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a moment; write it like 2026-11-23T07:00:00Z.", param, ctx)


@click.group()
def records() -> None:
    """The learning record."""


records.add_command(key_group)
records.add_command(import_)
records.add_command(partitions_)


@records.command("export")
@click.option("--since", type=Moment(), help="Only statements stored after this moment (ISO 8601; UTC by default).")
@click.option(
    "--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="A file; standard output when left out."
)
@click.option(
    "--parquet",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder of Parquet files instead; only what it does not hold yet is added.",
)
@command(commits=False)
def export(since: datetime | None, target: Path | None, folder: Path | None) -> Answer:
    """Write statements as JSON lines or Parquet; into files, and then say how many."""
    if folder is not None:
        if target is not None:
            raise click.UsageError("--to is for JSON lines and --parquet is for Parquet: give one of the two.")
        written = exporting.export_parquet(folder, since=since)
        return Answer(statements=written.statements, files=written.files)
    statements = exporting.export_lines(since=since)
    if target is None:
        for line in statements:
            click.echo(line)
        return Answer()
    with target.open("w", encoding="utf-8") as file:
        return Answer(statements=sum(1 for line in statements if file.write(line + "\n")))


@records.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare; change nothing and hold nobody up.")
@command()
def rebuild_(check: bool) -> Answer:
    """Project everything anew from the statements."""
    if check:
        with looking():
            result = rebuild.rebuild(actor=SYSTEM, check=True)
    else:
        result = rebuild.rebuild(actor=SYSTEM, check=False)
    content = {
        "statements": result.statements,
        "differences": len(result.differences),
        "examples": [str(difference) for difference in result.differences[:20]],
    }
    return Answer.refusing(content) if check and result.differences else Answer(content)
