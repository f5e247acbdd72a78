"""All commands as one, and how it is run."""

from __future__ import annotations

import sys

import click

from lms.cli import courses, coverage, database, demo, jobs, people, privacy, records, sealing, serving
from lms.cli.output import Answer
from lms.kernel.errors import CadreError
from lms.settings import SettingsRefused


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cadre-lms", prog_name="lms")
def lms() -> None:
    """Cadre: staff digital-skills learning for governments."""


for group in (
    serving.serve,
    database.db_group,
    demo.demo,
    people.users,
    courses.courses,
    coverage.coverage,
    records.records,
    privacy.privacy,
    jobs.jobs,
):
    lms.add_command(group)
for part in sealing.COMMANDS:
    records.records.add_command(part)
records.records.add_command(privacy.retention)


def run() -> None:
    """Run one command; whatever the product refuses is said in plain words and ends with exit code 1."""
    try:
        lms.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as ending:
        sys.exit(ending.exit_code)
    except click.Abort:
        sys.exit(130)
    except (CadreError, SettingsRefused) as error:
        Answer.refusal(str(error) or "Not found.", as_json="--json" in sys.argv)
        sys.exit(1)
