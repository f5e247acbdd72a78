"""One statement: what it says, what is around it, and its proof."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select, update

from lms.kernel import ids
from lms.kernel.actor import SYSTEM
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, reading, transaction
from lms.kernel.sealing.models import Leaf
from lms.kernel.sealing.tree import BLOCK
from lms.xapi.actions.erasure import erase
from lms.xapi.actions.sealing import erase_statements
from lms.xapi.models import StatementRow
from lms.xapi.queries import evidence
from lms.xapi.queries.proofs import STATEMENTS
from lms.xapi.rules import verbs
from lms.xapi.rules.retention import Held
from tests.counting import Counting
from tests.factories import Make
from tests.xapi.conftest import Lrs
from tests.xapi.drafts import course
from tests.xapi.pages.conftest import Reader, does, link, sealed, sent, sentences


def test_one_statement_says_who_what_when_and_on_whose_word(auditor: Reader, make: Make) -> None:
    amina, registration = make.person(name="Amina Diallo"), ids.new()
    does(amina, verbs.REGISTERED, registration=registration)
    fact = does(amina, verbs.PASSED, registration=registration, result={"score": {"scaled": 0.8}})
    page = auditor.get(f"/records/{fact.id}").text
    assert '<h1 class="cd-h1">Amina Diallo passed Security check, 80%</h1>' in page
    for words in ("23 Nov 2026, 09:30:00.000 UTC", "own word: figures may rest on it", str(registration)):
        assert words in page
    assert "&#34;verb&#34;: {" in page
    of = auditor.get("/records", registration=str(registration)).text
    assert "2 statements, newest first" in of
    assert f'href="/records?person={amina.id}"' in page
    assert f'href="/records?registration={registration}&amp;withdrawn=y"' in page


def test_a_withdrawn_one_is_told_and_linked_with_what_withdrew_it(auditor: Reader, lrs: Lrs) -> None:
    target = lrs.post(sent()).json[0]
    said = {"verb": {"id": verbs.VOIDED}, "object": {"objectType": "StatementRef", "id": target}}
    voiding = lrs.post(sent(**said)).json[0]
    page = auditor.get(f"/records/{target}").text
    assert "Withdrawn on 23 Nov 2026" in page
    assert "Nothing any more: it was withdrawn" in page
    assert f'href="/records/{voiding}"' in page
    assert "Referred to by" in page
    page = auditor.get(f"/records/{voiding}").text
    assert "It refers to" in page
    assert f'href="/records/{target}"' in page
    assert "Word from outside" in page


def test_what_is_not_sealed_says_when_it_will_be(auditor: Reader, make: Make) -> None:
    fact = does(make.person(), verbs.COMPLETED)
    page = auditor.get(f"/records/{fact.id}").text
    assert "It is not sealed yet. The next sealing is due at 23 Nov 2026, 09:35 UTC" in page
    assert auditor.get(f"/records/{fact.id}/proof.json").status_code == 422
    assert auditor.get(f"/records/{ids.new()}").status_code == 404
    assert auditor.get(f"/records/{ids.new()}/proof.json").status_code == 404


def test_where_the_seal_was_destroyed_the_page_says_so(auditor: Reader, make: Make) -> None:
    fact = does(make.person(), verbs.COMPLETED)
    sealed()
    with transaction():
        erase_statements(seqs=[fact.seq], entry={"rule": "test"})
    page = auditor.get(f"/records/{fact.id}").text
    assert "Its seal was destroyed when it was erased" in page
    assert auditor.get(f"/records/{fact.id}/proof.json").status_code == 404


def test_things_of_ours_are_called_as_we_call_them(auditor: Reader, make: Make, lrs: Lrs) -> None:
    amina, registration = make.person(name="Amina Diallo"), ids.new()
    does(amina, verbs.COMPLETED, registration=registration)
    context = {"registration": str(registration)}
    for thing in (course("sec-201").iri, course("sec-999").iri):
        said = {"id": thing, "definition": {"name": {"en": "Nobel prize"}}}
        lrs.post(sent(object=said, context=context))
    page = auditor.get("/records").text
    assert "Nobel prize" not in page
    shown = sentences(page)
    assert "Vera Visitor practised Security check" in shown
    assert "Vera Visitor practised sec-999" in shown
    assert "Amina Diallo completed Security check" in shown
    with reading():
        found = evidence.trail(registration)
    named = [one.sentence.parameters["what"] for one in found]
    assert named == ["Security check", "Security check", "sec-999"]
    for one in found:
        assert str(one.sentence.parameters["what"]) in auditor.get(f"/records/{one.id}").text
        assert auditor.get(f"/records/{one.id}").text.count("Nobel prize") <= 1  # where its text stands as it came


def test_of_an_erased_statement_its_entry_is_left(
    auditor: Reader, signed_in: Callable[[str], Reader], make: Make
) -> None:
    facts = [does(make.person(), verbs.COMPLETED) for _ in range(3)]
    sealed()
    for number in (2, 1):
        with transaction():
            erase(actor=SYSTEM, seqs=[facts[number].seq], held=Held(), entry={"certificate": "test"})
    answer = auditor.get(f"/records/{facts[1].id}")
    assert answer.status_code == 410
    assert "This statement was erased on 23 Nov 2026" in answer.text
    positions = re.findall(r"Position (\d+) of the sealed log", answer.text)
    with reading():
        wanted = select(Leaf.position).where(Leaf.log == STATEMENTS.number, Leaf.subject == facts[1].seq)
        assert positions[0] == str(db.session.scalar(wanted))
        last = select(func.max(Leaf.position)).where(Leaf.log == STATEMENTS.number)
        assert positions[1] == str(db.session.scalar(last))
    assert auditor.get(f"/records/{facts[1].id}/proof.json").status_code == 404
    assert auditor.get(f"/records/{facts[0].id}").status_code == 200
    assert signed_in("hr_officer").get(f"/records/{facts[1].id}").status_code == 403


def test_the_proof_is_checked_and_holds_elsewhere_too(auditor: Reader, make: Make, tmp_path: Path) -> None:
    facts = [does(person, verbs.COMPLETED) for person in make.people(5)]
    sealed()
    page = auditor.get(f"/records/{facts[2].id}").text
    assert "Checked just now: the proof holds" in page
    assert "of the 6 entries that checkpoint 1 signs" in page
    proof = auditor.get(link(page, "Proof"))
    assert proof.headers["Content-Disposition"] == f'attachment; filename="proof-{facts[2].id}.json"'
    checkpoint = auditor.get(link(page, "Checkpoint"))
    key = auditor.get("/records/checkpoints/statements/keys.txt").text.strip()
    files = {"proof.json": proof.data, "checkpoint.txt": checkpoint.data, "verify.py": _verifier(auditor, page)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    told = _verified(tmp_path, "--key", key, "--checkpoint", "checkpoint.txt")
    assert (told.returncode, told.stdout) == (0, "checked 1\nbroken 0\n")
    (tmp_path / "proof.json").write_bytes(proof.data.replace(b"completed", b"mastered!"))
    assert _verified(tmp_path, "--key", key).returncode == 1
    with transaction():
        exported = db.session.query(AuditEvent).filter_by(action="exported").one()
    assert exported.subject_id == str(facts[2].person_id)


def test_a_changed_statement_is_shown_to_be_one(auditor: Reader, make: Make) -> None:
    fact = does(make.person(), verbs.COMPLETED)
    sealed()
    with transaction():
        row = StatementRow.__table__
        text = db.session.query(StatementRow).filter_by(id=fact.id).one().payload
        db.session.execute(update(row).where(row.c.id == fact.id).values(payload=text.replace("sec-201", "sec-202")))
    page = auditor.get(f"/records/{fact.id}").text
    assert "the proof does not hold" in page
    assert "What is stored is not what was sealed" in page


def test_a_statement_costs_few_reads(auditor: Reader, make: Make, lrs: Lrs, count_queries: Counting) -> None:
    """Also one from outside about a thing of ours that rests on another, is spoken of by others, and is withdrawn."""
    amina = make.person()
    facts = [does(amina, verbs.COMPLETED) for _ in range(100)]
    ours = {"id": course("sec-201").iri}
    before = lrs.post(sent()).json[0]
    said = lrs.post(sent(object=ours, context={"statement": {"objectType": "StatementRef", "id": before}})).json[0]
    about = {"objectType": "StatementRef", "id": said}
    for verb in ("https://elsewhere.example/verbs/liked", verbs.VOIDED):
        lrs.post(sent(object=about, verb={"id": verb}))
    for _ in range(2**BLOCK):
        does(amina, verbs.COMPLETED)
    sealed()
    for id, links in ((facts[4].id, 0), (said, 3)):
        with count_queries() as made:
            page = auditor.get(f"/records/{id}").text
        assert "the proof holds" in page
        around = page.partition('<h2 class="cd-h2">Around it</h2>')[2]
        assert around.count('href="/records/') == links
        reads = [words for words in made if not words.startswith(("INSERT", "UPDATE"))]
        assert len(reads) <= 10, reads


def _verifier(reader: Reader, page: str) -> bytes:
    return reader.get(link(page, "Verifier")).data


def _verified(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "verify.py", "proof.json", *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
