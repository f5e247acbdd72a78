"""The whole record in the order of storing, as far as nothing can appear any more: JSON lines, or Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Row as Found
from sqlalchemy import Select, select

from lms.kernel.db import run
from lms.xapi import queries
from lms.xapi.formats.columns import Row, outcome
from lms.xapi.models import Agent, StatementRow, Verb
from lms.xapi.rules import iris, order, verbs

if TYPE_CHECKING:
    from lms.xapi.formats.parquet import Written

_AT_ONCE = 1000
_row = StatementRow
_LINES = select(_row.seq, _row.payload)
_COLUMNS = select(
    _row.seq,
    _row.id,
    _row.stored,
    _row.timestamp,
    _row.actor_id,
    _row.verb_id,
    _row.registration,
    _row.authority_id,
    _row.voided_by,
    _row.payload,
)


def export_lines(since: datetime | None = None) -> Iterator[str]:
    """Every statement stored after a moment (UTC where it names no zone), voided ones too, one a line."""
    for page in _pages(_LINES, _beyond(since)):
        for found in page:
            yield found.payload


def export_parquet(folder: Path, since: datetime | None = None) -> Written:
    """Add to a folder of Parquet files what it does not hold yet; raises Refused for a folder of something else."""
    from lms.xapi.formats import parquet  # large, and nothing else of the product needs it

    with parquet.opened(folder, iris.iri()) as opened:
        return opened.add(_rows(max(opened.last, _beyond(since))))


def _beyond(since: datetime | None) -> int:
    """The number after which statements are wanted."""
    if since is None:
        return 0
    return order.after(since if since.tzinfo else since.replace(tzinfo=UTC)) - 1


def _pages(wanted: Select[*tuple[Any, ...]], last: int) -> Iterator[Sequence[Found[*tuple[Any, ...]]]]:
    """Statements page by page. What commits later has a later number than all of them, so that none is passed over."""
    end = order.after(queries.consistent_through())
    wanted = wanted.where(_row.seq < end).order_by(_row.seq).limit(_AT_ONCE)
    while page := run(wanted.where(_row.seq > last)).all():
        yield page
        last = page[-1].seq


def _rows(last: int) -> Iterator[Row]:
    for page in _pages(_COLUMNS, last):
        agents = _names(Agent.id, Agent.ifi, (key for found in page for key in (found.actor_id, found.authority_id)))
        words = _names(Verb.id, Verb.iri, (found.verb_id for found in page))
        for found in page:
            yield _in_columns(found, agents[found.actor_id], words[found.verb_id], agents[found.authority_id])


def _names(key: Any, name: Any, wanted: Iterable[int]) -> dict[int, str]:
    return dict(run(select(key, name).where(key.in_(set(wanted)))).tuples().all())


def _in_columns(found: Found[*tuple[Any, ...]], actor: str, verb: str, authority: str) -> Row:
    statement = orjson.loads(found.payload)
    thing, result = statement["object"], outcome(statement)
    return Row(
        seq=found.seq,
        id=str(found.id),
        stored=found.stored,
        timestamp=found.timestamp,
        actor=actor,
        verb=verb,
        object_id=thing.get("id"),
        object_type=thing.get("objectType", "Activity"),
        registration=str(found.registration) if found.registration else None,
        authority=authority,
        success=result.success,
        completion=result.completion,
        score_scaled=result.score_scaled,
        voided=found.voided_by is not None,
        voids=thing["id"] if verb == verbs.VOIDED else None,
        payload=found.payload,
    )
