"""Journey 6: an auditor finds a statement and checks its proof elsewhere; an administrator gives a key and ends it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.house.source import ROOT
from tests.journeys.auditor import Auditor
from tests.journeys.conftest import Product
from tests.journeys.visitor import Visitor

Visitors = Callable[..., Visitor]
JONAS, SIGRID = "auditor@valdora.example", "admin@valdora.example"


def given_a_sealed_record(product: Product) -> None:
    """As the worker does every five minutes."""
    lms = str(Path(sys.executable).parent / "lms")
    environ = os.environ | {"LMS_VAR": str(product.var), "LMS_BASE_URL": product.url}
    environ.pop("DATABASE_URL", None)
    subprocess.run([lms, "records", "seal"], check=True, env=environ, cwd=ROOT, capture_output=True)


def test_an_auditor_follows_a_person_to_a_statement_and_checks_its_proof_at_home(
    visitor: Visitors, product: Product, tmp_path: Path
) -> None:
    given_a_sealed_record(product)
    jonas = Auditor(visitor(), JONAS)
    jonas.when_she_opens_the_record()
    jonas.looks("record")
    newest = jonas.sentences()
    jonas.main.get_by_role("link", name="Older").click()
    expect(jonas.main.get_by_role("link", name="Newer")).to_be_visible()
    assert set(jonas.sentences()) != set(newest)
    jonas.when_she_asks_for(Person="Amina Diallo", What_happened="completed …")
    assert jonas.sentences()
    assert all(words.startswith("Amina Diallo completed") for words in jonas.sentences())
    jonas.looks("filtered")
    jonas.main.get_by_role("link", name="Clear").click()
    jonas.when_she_asks_for(Agency="\u2003Ministry of Finance")
    expect(jonas.main).to_contain_text("Agency: Ministry of Finance")
    jonas.when_she_asks_for(Person="Amina Diallo", What_happened="completed …")
    jonas.when_she_opens("Amina Diallo completed")
    expect(jonas.main).to_contain_text("Checked just now: the proof holds")
    jonas.main.get_by_text("Check it yourself").click()
    jonas.looks("statement")
    jonas.shows_whole("pre")
    proof = jonas.downloaded("Proof", tmp_path)
    checkpoint = jonas.downloaded("Checkpoint", tmp_path)
    assert jonas.downloaded("Verifier", tmp_path).name == "verify.py"
    told = jonas.verified(tmp_path, proof.name, "--checkpoint", checkpoint.name)
    assert told.returncode == 0 and told.stdout.startswith("checked 1\nbroken 0\nThe file's own key was believed")
    proof.write_bytes(proof.read_bytes().replace(b"completed", b"mastered!"))
    assert jonas.verified(tmp_path, proof.name).returncode == 1


def test_what_is_typed_wrong_is_said_beside_the_field(visitor: Visitors) -> None:
    jonas = Auditor(visitor(), JONAS)
    jonas.page.goto("/records?since=2026-13-45&who=Nobody+Of+That+Name")
    expect(jonas.page.get_by_role("alert")).to_contain_text("This is not a day")
    jonas.looks("wrong-day")
    assert jonas.tops("label") == jonas.tops("input:not([type=hidden]), select, button") == 2  # rows that stand in line
    expect(jonas.page.get_by_role("alert").get_by_role("link")).to_have_count(2)  # all that is wrong at once
    jonas.page.get_by_role("alert").get_by_role("link", name="This is not a day").click()
    expect(jonas.main.get_by_label("Recorded from")).to_be_focused()
    jonas.page.goto("/records?who=ka")
    expect(jonas.main).to_contain_text("Which of these do you mean?")
    jonas.looks("which-person")
    jonas.page.goto("/records?since=2100-01-01")
    expect(jonas.main).to_contain_text("No statement is like that")
    jonas.looks("nothing")


def test_an_auditor_sees_checkpoints_and_whose_keys_there_are(visitor: Visitors, product: Product) -> None:
    given_a_sealed_record(product)
    jonas = Auditor(visitor(), JONAS)
    jonas.when_she_opens_the_record()
    jonas.main.get_by_role("link", name="Sealed checkpoints").click()
    expect(jonas.page.locator("h1")).to_have_text("Sealed checkpoints")
    expect(jonas.main.get_by_role("table")).to_have_count(2)
    jonas.looks("checkpoints")
    expect(jonas.main.get_by_role("link", name="Keys")).to_have_count(1)
    answer = jonas.page.goto("/records/keys")
    assert answer is not None and answer.status == 200
    expect(jonas.main.get_by_role("button")).to_have_count(0)  # he sees them, and makes or ends none


def test_an_administrator_gives_a_key_and_ends_it_without_script(visitor: Visitors) -> None:
    for script in (True, False):
        sigrid = Auditor(visitor(script=script), SIGRID, f"keys-{'script' if script else 'plain'}")
        name = f"Simulator {script}"
        sigrid.page.goto("/records/keys")
        sigrid.main.get_by_role("link", name="Make a key").first.click()
        sigrid.main.get_by_role("button", name="Make the key").click()
        expect(sigrid.main.get_by_role("heading", name="There is a problem")).to_be_visible()
        sigrid.looks("wrong")
        sigrid.main.get_by_label("Who uses it").fill(name)
        sigrid.main.get_by_label("Send statements").check()
        sigrid.main.get_by_role("button", name="Make the key").click()
        expect(sigrid.page.locator("h1")).to_have_text("Your new key")
        assert len(sigrid.main.get_by_label("Secret (password)").input_value()) > 40
        sigrid.looks("made")
        sigrid.shows_whole("textarea")
        sigrid.main.get_by_role("link", name="I have copied it").click()
        sigrid.looks("list")
        sigrid.main.locator("tbody tr").filter(has_text=name).get_by_role("link").click()
        sigrid.looks("revoke")
        sigrid.main.get_by_role("button", name="Revoke this key").click()
        row = sigrid.main.locator("tbody tr").filter(has_text=name)
        expect(row).to_contain_text("Revoked")
