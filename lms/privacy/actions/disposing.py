"""Letting go what is old enough, batch by batch, with a certificate of what went."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from lms.kernel import audit, clock, ids
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.privacy import policy
from lms.privacy.queries import standing
from lms.xapi.actions.erasure import Erased, erase, in_turn
from lms.xapi.models import Disposal
from lms.xapi.queries import retention
from lms.xapi.rules.retention import Due

AT_ONCE = 2000  # a batch holds the writer for well under a second
_columns: Any = Disposal.__table__


def dispose_some(*, actor: Actor) -> Erased:
    """Let one batch go by the first rule that lets anything go; nothing where none is left.

    Rules and holds are read anew for each batch: what a hold covers stays, however far a run has come. A rule's
    certificate counts all its batches and ends with the last of them.
    """
    policy.must_govern(actor)
    in_turn()
    held = standing.held()
    for due in standing.lets_go():
        numbers = retention.going(due, held, limit=AT_ONCE)
        if numbers:
            certificate = _open(due)
            entry = {"rule": due.rule.id, "certificate": str(certificate)}
            gone = erase(actor=actor, seqs=numbers, held=held, entry=entry)
            _count(certificate, gone)
            return gone
        _end(actor, due)
    return Erased()


def _open(due: Due) -> Any:
    """The certificate of a rule's present run, made with its first batch."""
    known = run(select(Disposal.id).where(Disposal.rule_id == due.rule.id, Disposal.ended_at.is_(None))).scalar()
    if known is not None:
        return known
    certificate = ids.new()
    begun = {"began_at": clock.now(), "until": due.before, "statements": 0, "carried": 0}
    run(insert(Disposal).values(id=certificate, rule_id=due.rule.id, **begun))
    return certificate


def _count(certificate: Any, gone: Erased) -> None:
    counted = {
        "statements": _columns.c.statements + gone.statements,
        "carried": _columns.c.carried + gone.carried,
    }
    run(update(_columns).where(_columns.c.id == certificate).values(**counted))


def _end(actor: Actor, due: Due) -> None:
    row = run(select(_columns).where(_columns.c.rule_id == due.rule.id, _columns.c.ended_at.is_(None))).first()
    if row is None:
        return
    run(update(_columns).where(_columns.c.id == row.id).values(ended_at=clock.now()))
    after = {
        "rule": due.rule.id,
        "class": due.rule.record_class,
        "until": due.before.isoformat(),
        "statements": row.statements,
        "carried": row.carried,
    }
    audit.note(actor=actor, action="privacy.dispose", subject=("certificate", row.id), after=after)
