"""What is new is sealed once, in any portions; a checkpoint stands for all of it, and a proof for one."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Executable, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from lms.kernel import clock
from lms.kernel.audit import AUDIT, AuditEvent
from lms.kernel.db import db, run, transaction
from lms.kernel.errors import NotThere, Refused
from lms.kernel.sealing import anchors, live, proofs, shelf, signing, tree, verify
from lms.kernel.sealing.models import Leaf, SealedCheckpoint
from lms.kernel.sealing.sealer import erase, seal
from lms.settings import Settings, SettingsRefused
from tests.conftest import NOW
from tests.kernel.sealing.conftest import Deeds, seal_all
from tests.together import together


def leaves() -> list[Leaf]:
    with transaction():
        anew = select(Leaf).order_by(Leaf.position).execution_options(populate_existing=True)
        return list(db.session.scalars(anew))


def numbers() -> list[int]:
    with transaction():
        return list(db.session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)))


def test_what_is_new_is_sealed_once_and_a_checkpoint_stands_for_it(deeds: Deeds) -> None:
    assert (seal_all(), leaves()) == (0, [])
    deeds(3)
    assert (seal_all(), seal_all()) == (3, 0)
    deeds(300)
    assert seal_all(at_once=70) == 300
    found = leaves()
    assert [leaf.subject for leaf in found] == numbers()
    assert len({leaf.salt for leaf in found}) == 303
    with transaction():
        last = db.session.scalars(select(SealedCheckpoint).order_by(SealedCheckpoint.number.desc())).first()
    assert last is not None
    assert (last.number, last.size, last.at) == (6, 303, NOW)
    assert verify.Checkpoint(last.note).root == tree.root([tree.leaf(leaf.entry) for leaf in found])
    assert live.check(AUDIT) == (303, [])


def test_what_was_committed_late_is_sealed_later(deeds: Deeds) -> None:
    deeds(3)
    with transaction():
        late = numbers()[1]
    row = {"at": NOW, "actor": "a", "action": "b", "subject_kind": "c", "subject_id": "d", "why": ""}
    with transaction():
        run(insert(AuditEvent), {**row, "id": late + 2000})
    seal_all()
    with transaction():
        run(insert(AuditEvent), {**row, "id": late + 1990})
    assert seal_all() == 1
    assert leaves()[-1].subject == late + 1990
    assert live.check(AUDIT) == (5, [])


def test_every_deed_has_a_proof_that_a_stranger_can_check(deeds: Deeds, tmp_path: Path) -> None:
    deeds(5)
    seal_all()
    deeds(300)
    seal_all()
    deeds(1)
    with transaction():
        *sealed, new = numbers()
        for number in sealed[::13]:
            proof = proofs.proof(AUDIT, number)
            item = json.loads(proof.line())
            assert verify.check_proof(item, [proof.key]) == []
            changed = item | {"payload": item["payload"].replace("test.deed", "test.dead")}
            assert verify.check_proof(changed) == [(proof.position, "changed: it is not what was sealed")]
        with pytest.raises(Refused, match="not sealed yet"):
            proofs.proof(AUDIT, new)
    file = tmp_path / "proof.json"
    file.write_text(proof.line(), "utf-8")
    assert verify.check_file(file, [proof.key], []) == (1, [], "")
    other = verify.check_file(file, [proof.key.replace(proof.origin, "elsewhere")], [])
    assert other == (1, [(proof.position, "signature: the checkpoint is not signed by a known key")], "")
    file.write_text('{"origin":1,"path":1}\n', "utf-8")
    assert verify.check_file(file, [proof.key], []) == (1, [(0, "changed: it is not what was sealed")], "")


def test_a_later_log_is_shown_to_go_on_from_an_older_one(deeds: Deeds) -> None:
    roots = {}
    for count in (100, 60, 200):
        deeds(count)
        seal_all()
        with transaction():
            one = verify.Checkpoint(proofs.newest_checkpoint(AUDIT) or "")
        roots[one.size] = one.root
    with transaction():
        for old in (100, 160, 360):
            path = proofs.continuation(AUDIT, old, 360)
            assert tree.goes_on(old, roots[old], 360, roots[360], path)


def test_a_proof_reads_a_few_hundred_entries_at_most(deeds: Deeds, monkeypatch: pytest.MonkeyPatch) -> None:
    deeds(1000)
    seal_all()
    read: list[int] = []
    entries = shelf.entries
    monkeypatch.setattr(shelf, "entries", lambda log, begin, end: read.append(end - begin) or entries(log, begin, end))
    with transaction():
        proofs.proof(AUDIT, numbers()[500])
    assert sum(read) <= 2 * tree.WIDTH


def test_what_is_erased_leaves_its_entry_and_says_so(deeds: Deeds) -> None:
    deeds(4)
    seal_all()
    deeds(2)
    gone = [*numbers()[1:3], numbers()[5]]
    before = leaves()
    with transaction():
        assert erase(AUDIT, gone, {"rule": "age"}) == 3
        assert erase(AUDIT, gone, {"rule": "age"}) == 0
        run(delete(AuditEvent).where(AuditEvent.id.in_(gone[:2])))
        run(update(AuditEvent).where(AuditEvent.id == gone[2]).values(actor=""))
    assert seal_all() == 0  # what came before was sealed with it
    after = leaves()
    assert [leaf.entry for leaf in after[:4]] == [leaf.entry for leaf in before]
    assert [leaf.position for leaf in after if leaf.salt is None] == [1, 2, 5]
    assert json.loads(after[6].erasure or "") == {
        "erasure": {"at": NOW.isoformat(), "positions": [[1, 2], [5, 5]], "rule": "age"}
    }
    assert live.check(AUDIT) == (7, [])
    with transaction(), pytest.raises(NotThere):
        proofs.proof(AUDIT, gone[0])


@pytest.mark.parametrize("deed", [delete(AuditEvent), update(AuditEvent).values(why="")])
def test_J5_the_database_refuses_to_change_or_remove_a_deed(deeds: Deeds, deed: Executable) -> None:
    deeds(2)
    for _ in range(2):
        with pytest.raises(DBAPIError, match="deeds are never changed or removed"), transaction():
            run(deed)
        seal_all()
    assert len(numbers()) == 2


@pytest.mark.only("postgresql")
def test_J5_nor_all_at_once(deeds: Deeds) -> None:
    deeds(1)
    with pytest.raises(DBAPIError, match="deeds are never changed or removed"), transaction():
        db.session.connection().exec_driver_sql("truncate audit_event")
    assert len(numbers()) == 1


def test_the_key_is_made_once_for_its_owner_alone_and_may_be_renewed(app: Flask, deeds: Deeds, tmp_path: Path) -> None:
    path = app.extensions["cadre.settings"].sealing_key
    deeds(2)
    seal_all()
    former = signing.signer_here().public("audit")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing.signer_here().public("audit") == former
    signing.renew_key()
    now = signing.signer_here().public("audit")
    deeds(2)
    seal_all()
    deeds(1)
    seal_all()
    assert now != former
    with transaction():
        assert proofs.public_keys(AUDIT) == [proofs.PublicKey(former, 2, 2), proofs.PublicKey(now, 4, 5)]
    assert live.check(AUDIT) == (5, [])
    assert live.check(AUDIT, [former, now]) == (5, [])
    why = "signature: checkpoint 1 is not signed for this log by a known key"
    assert live.check(AUDIT, [now]) == (5, [(0, why)])
    assert [name.name for name in path.parent.iterdir() if name.name.startswith("sealing-key")] == ["sealing-key"]


def test_a_key_that_is_none_is_named(app: Flask, deeds: Deeds) -> None:
    settings: Settings = app.extensions["cadre.settings"]
    settings.sealing_key.write_text("not a key", "ascii")
    with pytest.raises(SettingsRefused, match="LMS_SEALING_KEY"):
        signing.signer_here()


def test_a_database_that_was_set_back_is_found_out(deeds: Deeds, checkpoints: Path) -> None:
    deeds(3)
    seal_all()
    deeds(2)
    seal_all()
    with transaction():
        (kept,) = anchors.kept(AUDIT)
        assert kept == proofs.newest_checkpoint(AUDIT)
        run(delete(SealedCheckpoint).where(SealedCheckpoint.number == 2))
        run(delete(Leaf).where(Leaf.position >= 3))
    (position, why), *_ = live.check(AUDIT)[1]
    assert (position, why) == (3, "rollback: a checkpoint covers 5 entries, the last one here 3")
    deeds(4)
    seal_all()  # the history goes on otherwise; what was kept is not written over
    with transaction():
        assert len(anchors.kept(AUDIT)) == 2
    assert [position for position, _why in live.check(AUDIT)[1]] == [3]


def test_a_kept_file_that_is_no_checkpoint_any_more_is_named_and_stops_no_sealing(
    deeds: Deeds, checkpoints: Path
) -> None:
    for content in (b"\0" * 40, b"\xff", b""):
        deeds(1)
        seal_all()
        *_, path = sorted(checkpoints.iterdir())
        path.write_bytes(content)
        deeds(1)
        assert seal_all() == 1
        with pytest.raises(Refused, match="is no checkpoint any more"):
            live.check(AUDIT)
        path.unlink()
        assert live.check(AUDIT)[1] == []


def test_what_was_erased_before_it_was_sealed_is_not_said_to_be_sealed_later(deeds: Deeds) -> None:
    with transaction(), pytest.raises(NotThere, match="erased before it was sealed"):
        proofs.proof(AUDIT, 1)


def test_a_new_day_has_a_file_of_its_own(deeds: Deeds, checkpoints: Path) -> None:
    deeds(1)
    seal_all()
    with clock.at(NOW.replace(day=NOW.day + 1)):
        deeds(1)
        seal_all()
    assert len(list(checkpoints.iterdir())) == 2


def test_a_row_that_slipped_in_among_old_ones_is_found(deeds: Deeds) -> None:
    deeds(2)
    with transaction():
        row = {"at": NOW, "actor": "a", "action": "b", "subject_kind": "c", "subject_id": "d", "why": ""}
        run(insert(AuditEvent), {**row, "id": 10 * AUDIT.lateness})
    seal_all()
    with transaction():
        run(insert(AuditEvent), {**row, "id": 1000})
    assert seal_all() == 0
    ((position, why),) = live.check(AUDIT)[1]
    assert (position, why[:26]) == (3, "inserted: row 1000 was nev")
    with transaction():
        assert seal(AUDIT, beyond=-1).entries == 1
    assert live.check(AUDIT) == (4, [])


@pytest.mark.only("postgresql")
def test_two_sealers_take_turns(app: Flask, deeds: Deeds) -> None:
    deeds(40)

    def work() -> None:
        while seal_all(at_once=3):
            pass

    together(*[work] * 3, app=app)
    with transaction():
        assert db.session.scalar(select(func.count()).select_from(Leaf)) == 40
    assert live.check(AUDIT) == (40, [])
