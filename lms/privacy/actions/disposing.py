"""Letting go what is old enough, batch by batch, with a certificate of what went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, update

from lms.kernel import audit, clock, ids
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.privacy import policy
from lms.privacy.queries import standing
from lms.xapi.actions.erasure import Erased, erase, in_turn
from lms.xapi.models import Disposal
from lms.xapi.queries import retention
from lms.xapi.rules.retention import Due

AT_ONCE = 1000  # a batch holds the writer for well under a second
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
        run_so_far = _under_way(due)
        beyond = run_so_far.reached if run_so_far else 0
        numbers = retention.going(due, held, beyond=beyond, limit=AT_ONCE)
        if numbers:
            certificate = run_so_far.id if run_so_far else _begin(due)
            entry = {"rule": due.rule.id, "certificate": str(certificate)}
            gone = erase(actor=actor, seqs=numbers, held=held, entry=entry)
            _count(certificate, gone, numbers[-1])
            return gone
        if run_so_far:
            _end(actor, due.rule.id, due.rule.record_class, run_so_far)
    return Erased()


def end_run(*, actor: Actor, rule_id: int, record_class: str) -> None:
    """Complete the certificate of a rule that ends while it lets go: it counts what went until now."""
    policy.must_govern(actor)
    in_turn()
    for row in run(_open(rule_id)).all():
        _end(actor, rule_id, record_class, row)


def _under_way(due: Due) -> Any:
    """A rule's run that has not ended; None where there is none."""
    return run(_open(due.rule.id)).first()


def _open(rule_id: int) -> Select[Any]:
    return select(_columns).where(_columns.c.rule_id == rule_id, _columns.c.ended_at.is_(None))


def _begin(due: Due) -> UUID:
    """The certificate of a run, made with its first batch."""
    certificate = ids.new()
    begun = {"began_at": clock.now(), "until": due.before, "reached": 0, "statements": 0, "carried": 0}
    run(insert(Disposal).values(id=certificate, rule_id=due.rule.id, **begun))
    return certificate


def _count(certificate: UUID, gone: Erased, reached: int) -> None:
    counted = {
        "statements": _columns.c.statements + gone.statements,
        "carried": _columns.c.carried + gone.carried,
        "reached": reached,
    }
    run(update(_columns).where(_columns.c.id == certificate).values(**counted))


def _end(actor: Actor, rule_id: int, record_class: str, row: Any) -> None:
    run(update(_columns).where(_columns.c.id == row.id).values(ended_at=clock.now()))
    after = {
        "rule": rule_id,
        "class": record_class,
        "until": row.until.isoformat(),
        "statements": row.statements,
        "carried": row.carried,
    }
    audit.note(actor=actor, action="privacy.dispose", subject=("certificate", row.id), after=after)
