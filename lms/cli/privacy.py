"""A person's data: taking it along, erasing somebody, and letting records go that are old enough."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lms.cli.output import Answer, command
from lms.kernel import audit
from lms.kernel.actor import SYSTEM
from lms.kernel.db import reading, transaction
from lms.privacy.actions import disposing, erasing
from lms.privacy.queries import export, overview
from lms.privacy.queries.people import person_called


@click.group()
def privacy() -> None:
    """A person's data."""


@privacy.command("export")
@click.argument("person")
@click.option(
    "--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="A file; standard output when left out."
)
@command()
def export_(person: str, target: Path | None) -> Answer:
    """Write everything that is kept about a person (by number, HR number, account name or address)."""
    number = person_called(person)
    content = export.about(SYSTEM, number)
    audit.note(actor=SYSTEM, action="privacy.export", subject=("person", number))
    text = json.dumps(content, ensure_ascii=False, indent=2)
    if target is None:
        click.echo(text)
        return Answer()
    target.write_text(text + "\n", encoding="utf-8")
    return Answer(person=number, rows=sum(len(part["rows"]) for part in content["tables"].values()))


@privacy.command("erase")
@click.argument("person")
@click.option("--why", required=True, help="The reason; it stays, so name nobody in it.")
@click.confirmation_option("--yes", prompt="Nobody can bring back what is erased. Erase this person?")
@command()
def erase(person: str, why: str) -> Answer:
    """Erase a person for good: who it was goes, what past counts are made of stays."""
    gone = erasing.erase_person(actor=SYSTEM, person_id=person_called(person), why=why)
    return Answer(
        certificate=str(gone.certificate),
        statements=gone.statements,
        carried=gone.carried,
        answers=gone.answers,
        deeds=gone.deeds,
        mails=gone.mails,
    )


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
@command(commits=False)
def retention(dry_run: bool) -> Answer:
    """Let go what the rules let go now and no hold keeps back."""
    if dry_run:
        with reading():
            going = overview.preview(SYSTEM)
        rows = [{"rule": row.rule_id, "class": row.record_class, "agency": row.agency, "n": row.count} for row in going]
        return Answer(statements=sum(row.count for row in going), going=rows)
    statements = carried = 0
    while True:
        with transaction():
            gone = disposing.dispose_some(actor=SYSTEM)
        if not gone.statements:
            return Answer(statements=statements, carried=carried)
        statements, carried = statements + gone.statements, carried + gone.carried
