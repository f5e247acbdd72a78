"""The process is killed while clients send: nothing acknowledged is lost, no batch is there by half (rows H2, E3)."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.xapi.actions.keys import create_key
from lms.xapi.models import Link, Reference, StatementId, StatementRow
from lms.xapi.rules import verbs
from tests.rules.statement_corpus import least
from tests.trust.test_kill import ENOUGH, ROUNDS, Installation, installation, is_whole, kill  # noqa: F401

VERSION = "X-Experience-API-Version"
SENDERS = 4
BATCH = 20
Batch = list[dict[str, object]]


@dataclass
class Sender:
    """A client that sends batches under ids of its own, and remembers what was acknowledged and what was not."""

    authorization: str
    told: list[Batch] = field(default_factory=list)
    unknown: Batch | None = None
    refused: list[tuple[int, bytes]] = field(default_factory=list)

    def send(self, port: int, count: threading.Semaphore) -> None:
        """Go on until the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        while not self.refused:
            self.unknown = self.unknown or self._next()
            try:
                self._post(connection)
            except (OSError, http.client.HTTPException):
                connection.close()
                return
            count.release()

    def retry(self, port: int) -> None:
        """Send once more what nobody knows the fate of."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        if self.unknown:
            self._post(connection)
        connection.close()

    def _next(self) -> Batch:
        """Statements with context, and one that withdraws the first of the batch before."""
        context = {"contextActivities": {"parent": [{"id": "https://gov.example/whole"}]}}
        batch: Batch = [least(id=str(uuid4()), context=context) for _ in range(BATCH)]
        if self.told:
            target = {"objectType": "StatementRef", "id": self.told[-1][0]["id"]}
            batch[-1] = least(id=str(uuid4()), verb={"id": verbs.VOIDED}, object=target)
        return batch

    def _post(self, connection: http.client.HTTPConnection) -> None:
        assert self.unknown is not None
        head = {"Content-Type": "application/json", "Authorization": self.authorization, VERSION: "2.0.0"}
        connection.request("POST", "/xapi/statements", json.dumps(self.unknown), head)
        response = connection.getresponse()
        body = response.read()
        if response.status == 200:
            self.told.append(self.unknown)
        else:
            self.refused.append((response.status, body))
        self.unknown = None


@pytest.fixture
def senders(installation: Installation) -> list[Sender]:  # noqa: F811
    with transaction():
        made = create_key(actor=SYSTEM, name="Test", scopes=["all"])
    shown = base64.b64encode(f"{made.key}:{made.secret}".encode()).decode()
    return [Sender(f"Basic {shown}") for _ in range(SENDERS)]


def send_until_killed(installation: Installation, senders: list[Sender]) -> None:  # noqa: F811
    with installation.running() as server:
        for sender in senders:
            sender.retry(installation.port)
        count = threading.Semaphore(0)
        threads = [threading.Thread(target=one.send, args=(installation.port, count)) for one in senders]
        for thread in threads:
            thread.start()
        for _ in range(ENOUGH):
            assert count.acquire(timeout=20)
        kill(server)
        for thread in threads:
            thread.join(20)


def kept() -> set[UUID]:
    with transaction():
        return set(db.session.scalars(select(StatementRow.id)))


def ids_of(batch: Batch) -> set[UUID]:
    return {UUID(str(statement["id"])) for statement in batch}


def test_H2_no_acknowledged_statement_is_lost_when_the_process_is_killed(
    installation: Installation,  # noqa: F811
    senders: list[Sender],
) -> None:
    unknown = 0
    for _ in range(ROUNDS):
        send_until_killed(installation, senders)
        there = kept()
        for sender in senders:
            assert sender.refused == []
            assert all(ids_of(batch) <= there for batch in sender.told), "an acknowledged batch"
            if sender.unknown:
                unknown += 1
                found = ids_of(sender.unknown) & there
                assert found in (set(), ids_of(sender.unknown)), "a batch by half"
    with installation.running():
        for sender in senders:
            sender.retry(installation.port)
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
