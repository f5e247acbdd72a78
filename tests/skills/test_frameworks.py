"""The frameworks that ship, and the levels that job families need."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from lms.kernel.actor import EVERYWHERE, SYSTEM, Actor
from lms.kernel.errors import Malformed, NotAllowed
from lms.skills import queries
from lms.skills.actions import load_frameworks
from lms.skills.formats import read_families, read_framework


def test_loading_gives_both_frameworks_with_their_credit_and_all_role_targets(app: Flask, commit: Any) -> None:
    with commit():
        loaded = load_frameworks(actor=SYSTEM)
    assert (loaded.frameworks, loaded.competences, loaded.targets) == (2, 30, 7 * 30)
    digcomp, supplement = queries.frameworks()
    assert (digcomp.version, supplement.version) == ("3.0", "1.0")
    assert "CC BY 4.0" in digcomp.credit
    found = queries.competences()
    assert list(found)[:3] == ["1.1", "1.2", "1.3"] and list(found)[-1] == "DG4"
    assert found["4.2"].title == "Protecting personal data and privacy"
    assert found["4.2"].area == "Safety, wellbeing and responsible use"


def test_loading_again_changes_nothing(app: Flask, commit: Any) -> None:
    with commit():
        load_frameworks(actor=SYSTEM)
    with commit():
        again = load_frameworks(actor=SYSTEM)
    assert (again.frameworks, again.competences, again.targets) == (0, 0, 0)
    assert len(queries.competences()) == 30


def test_role_targets_hold_from_2025_on(app: Flask, commit: Any) -> None:
    with commit():
        load_frameworks(actor=SYSTEM)
    assert queries.targets(date(2024, 12, 31)) == {}
    held = queries.targets(date(2025, 1, 1))
    assert set(held) == set(queries.families()) == {"FL", "CA", "PA", "SO", "MG", "SL", "LD"}
    assert held["SL"]["CH1"] == 6 and held["FL"]["3.4"] == 1


def test_only_an_administrator_loads_frameworks(app: Flask, commit: Any) -> None:
    with pytest.raises(NotAllowed), commit():
        load_frameworks(actor=Actor("person", powers={"courses.author": EVERYWHERE}))


@pytest.mark.parametrize("body", [b"[]", b'{"format": "other/1"}', b'{"format": "cadre-framework/1", "areas": 3}'])
def test_a_file_that_is_no_framework_is_refused_by_its_name(body: bytes) -> None:
    with pytest.raises(Malformed, match=r"mine\.json"):
        read_framework(body, "mine.json")


def test_a_file_that_holds_no_role_targets_is_refused_by_its_name() -> None:
    with pytest.raises(Malformed, match=r"mine\.json"):
        read_families(b'{"format": "cadre-role-targets/1", "families": [{"code": "X"}]}', "mine.json")
