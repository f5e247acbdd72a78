"""What activities are: every statement that says so adds to it (xAPI 2.4.4.1)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from lms.kernel import strict_json
from lms.kernel.db import memory, run
from lms.kernel.db.prepared import Among
from lms.kernel.db.unit import Notes, when_kept
from lms.xapi.actions import terms
from lms.xapi.actions.rows import Worded
from lms.xapi.models import Activity
from lms.xapi.rules import definitions
from lms.xapi.rules.naming import definitions_in

Seen = dict[str, int]
_MOST = 20_000
_MEMORY = "xapi.definitions"
_table: Any = Activity.__table__
_READ = Among(
    select(_table.c.id, _table.c.iri, _table.c.definition).order_by(_table.c.id).with_for_update(of=_table),
    _table.c.iri,
)
_SAY = update(_table).where(_table.c.id == bindparam("which")).values(definition=bindparam("said"))


def learn(stored: Iterable[Worded], *, but: Callable[[str], bool] | None = None) -> None:
    """Add what statements say of activities to what is known of them, `but` of those.

    What a worker has seen said last of an activity is not looked at again.
    """
    new: dict[str, list[Mapping[str, Any]]] = {}
    seen, said_here = _seen(), terms.known().said
    for worded in stored:
        for iri, mark in worded.names.marked:
            if said_here.get(iri, seen.get(iri)) != mark and not (but and but(iri)):
                said_here[iri] = mark
                new.setdefault(iri, []).extend(definitions_in(worded.statement, iri))
    if new:
        terms.in_turn()
        _say(new)


def _say(said: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Read what is kept of some activities, and write those of which more is known now."""
    rows = _READ.all(said)
    changes = []
    for row in rows:
        kept = whole = json.loads(row.definition)
        for definition in said[row.iri]:
            whole = definitions.merged(whole, definition)
        if whole != kept:
            changes.append({"which": row.id, "said": strict_json.write(whole)})
    if changes:
        run(_SAY, changes)


def forget() -> None:
    """Remember nothing of what was said any more: the database has been exchanged or emptied."""
    memory.forget(_MEMORY)


def _seen() -> Seen:
    return memory.memory(_MEMORY, dict)


@when_kept
def _kept(noted: Notes) -> None:
    """Remember what has been said once it is kept."""
    said = terms.known_in(noted).said
    if not said:
        return
    if len(_seen()) > _MOST:
        forget()
    _seen().update(said)
