"""Keys to the learning record: made, listed, revoked."""

from __future__ import annotations

from datetime import datetime

import click

from lms.cli.output import Answer, command
from lms.kernel.actor import SYSTEM
from lms.xapi.actions import keys
from lms.xapi.policy import SCOPES
from lms.xapi.queries.keys import KeyRow, all_keys


@click.group("key")
def key_group() -> None:
    """Keys to the record."""


@key_group.command("create")
@click.option("--name", required=True, help="Who uses it.")
@click.option("--scope", "scopes", multiple=True, required=True, help=f"May be repeated: {', '.join(SCOPES)}.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC) with whose begin it ends.")
@command()
def create(name: str, scopes: tuple[str, ...], expires: datetime | None) -> Answer:
    """Make a Basic key; its secret is shown this once."""
    on = expires.date() if expires else None
    made = keys.create_key(actor=SYSTEM, name=name, scopes=list(scopes), expires_on=on)
    shown = Answer(name=name, scopes=list(scopes), key=made.key, secret=made.secret)
    return Answer(shown, expires=str(on)) if on else shown


@key_group.command("list")
@command(commits=False)
def list_() -> Answer:
    """Every key with its scopes, the newest first; no secret can be shown again."""
    found = all_keys()
    answer = Answer(keys=[_shown(row) for row in found])
    answer.told = [_line(row) for row in found] or ["There is no key yet."]
    return answer


@key_group.command("revoke")
@click.argument("key")
@command()
def revoke(key: str) -> Answer:
    """End a key for good."""
    keys.revoke_key(actor=SYSTEM, key=key)
    return Answer(key=key, state="revoked")


def _shown(row: KeyRow) -> dict[str, object]:
    return {
        "key": row.key,
        "name": row.name,
        "scopes": list(row.scopes),
        "state": row.state,
        "created": row.created_at.isoformat(),
        "expires": row.expires_at.isoformat() if row.expires_at else None,
        "revoked": row.revoked_at.isoformat() if row.revoked_at else None,
        "last_used": row.last_used_on.isoformat() if row.last_used_on else None,
    }


def _line(row: KeyRow) -> str:
    used = f"last used {row.last_used_on}" if row.last_used_on else "never used"
    until = f", until {row.expires_at:%Y-%m-%d}" if row.expires_at else ""
    return f"{row.key}  {row.name}  {row.state}{until}  {used}  {' '.join(row.scopes)}"
