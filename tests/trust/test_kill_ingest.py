"""The process is killed while clients send: nothing acknowledged is lost, no batch is there by half (rows H2, E3)."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from lms.kernel.db import db, transaction
from lms.xapi.models import Link, Reference, StatementId, StatementRow
from lms.xapi.rules import verbs
from tests.rules.statement_corpus import least
from tests.trust.installations import Installation, is_whole
from tests.trust.killing import ROUNDS, Busy, retry, write_until_killed
from tests.xapi.conftest import basic, made_key

SENDERS = 4
BATCH = 20
Batch = list[dict[str, object]]


@dataclass
class Sender(Busy[Batch]):
    """A client that sends batches under ids of its own, and remembers what was acknowledged and what was not."""

    headers: dict[str, str]
    told: list[Batch] = field(default_factory=list)

    def following(self) -> Batch:
        """Statements with context, and one that withdraws the first of the batch before."""
        context = {"contextActivities": {"parent": [{"id": "https://gov.example/whole"}]}}
        batch: Batch = [least(id=str(uuid4()), context=context) for _ in range(BATCH)]
        if self.told:
            target = {"objectType": "StatementRef", "id": self.told[-1][0]["id"]}
            batch[-1] = least(id=str(uuid4()), verb={"id": verbs.VOIDED}, object=target)
        return batch

    def send(self, connection: http.client.HTTPConnection, write: Batch) -> None:
        """One request with all of them."""
        headers = {"Content-Type": "application/json", **self.headers}
        connection.request("POST", "/xapi/statements", json.dumps(write), headers)

    def acknowledged(self, write: Batch) -> None:
        """The record has all of them."""
        self.told.append(write)


@pytest.fixture
def senders(installation: Installation) -> list[Sender]:
    made = made_key()
    return [Sender(basic(made.key, made.secret)) for _ in range(SENDERS)]


def kept() -> set[UUID]:
    with transaction():
        return set(db.session.scalars(select(StatementRow.id)))


def ids_of(batch: Batch) -> set[UUID]:
    return {UUID(str(statement["id"])) for statement in batch}


def test_H2_no_acknowledged_statement_is_lost_when_the_process_is_killed(
    installation: Installation, senders: list[Sender]
) -> None:
    unknown = 0
    for _ in range(ROUNDS):
        write_until_killed(installation, senders)
        there = kept()
        for sender in senders:
            assert sender.refused == []
            assert all(ids_of(batch) <= there for batch in sender.told), "an acknowledged batch"
            if sender.unknown:
                unknown += 1
                found = ids_of(sender.unknown) & there
                assert found in (set(), ids_of(sender.unknown)), "a batch by half"
    with installation.running():
        retry(installation, senders)
    told = [batch for sender in senders for batch in sender.told]
    sent = set().union(*(ids_of(batch) for batch in told))
    assert kept() == sent
    assert unknown > 0, "somebody was always in the midst of sending"
    with transaction():
        counts = {model: db.session.scalar(select(func.count()).select_from(model)) for model in (StatementId, Link)}
        voided = db.session.scalars(select(StatementRow.id).where(StatementRow.voided_by.is_not(None)))
        references = set(db.session.scalars(select(Reference.target)))
        assert counts[StatementId] == len(sent)
        assert set(voided) == references, "whatever was withdrawn is marked so"
    is_whole()
