"""Whom somebody may see: the same to a page that shows one person and to one that searches, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lms.kernel.actor import SYSTEM
from lms.kernel.db import glance
from lms.kernel.errors import NotThere
from lms.people import actions, queries
from tests.conftest import NOW
from tests.factories import Make, sent

TODAY = NOW.date()


@pytest.mark.parametrize("role", ["hr_officer", "auditor", "line_manager", "administrator", "learner", "trainer"])
def test_a_person_is_seen_within_reach_and_is_not_there_outside(make: Make, role: str) -> None:
    top = make.root()
    health, tax = make.agency("MOH", parent=top), make.agency("TAX", parent=top)
    clinic = make.agency("CLINIC", parent=health)
    inside, outside = make.person(agency=clinic), make.person(agency=tax)
    one = make.person(agency=health, roles=[] if role == "learner" else [role])
    actor = make.actor(one)
    expected = {
        "administrator": {inside.id, outside.id, one.id},
        "learner": set(),
        "trainer": set(),
    }.get(role, {inside.id, one.id})
    with glance():
        assert {card.id for card in queries.search_people(actor)} == expected
        for person in (inside, outside):
            if person.id in expected:
                assert queries.person_visible(actor, person.id, TODAY).id == person.id
            else:
                with pytest.raises(NotThere):
                    queries.person_visible(actor, person.id, TODAY)
        with pytest.raises(NotThere):
            queries.person_visible(actor, 4711, TODAY)


def test_after_a_transfer_the_new_agency_sees_the_person_and_the_old_one_no_longer(make: Make, commit: Any) -> None:
    top = make.root()
    old, new = make.agency("OLD", parent=top), make.agency("NEW", parent=top)
    amina = make.person(agency=old)
    before, after = (make.actor(make.person(agency=agency, roles=["hr_officer"])) for agency in (old, new))
    with commit():
        actions.transfer(actor=SYSTEM, person_id=amina.id, agency_id=new, on=TODAY)
    with glance():
        assert queries.person_visible(after, amina.id, TODAY).agency_id == new
        with pytest.raises(NotThere):
            queries.person_visible(before, amina.id, TODAY)
        assert queries.person_visible(before, amina.id, date(2026, 11, 22)).agency_id == old


def test_people_are_found_by_name_number_and_address_whatever_the_case(make: Make) -> None:
    make.person(name="Øystein Dahl", email="oystein@gov.example")
    make.person(name="Per 100%", email="per_1@gov.example")
    with glance():
        for text in ("øystein", "ØYSTEIN", "dahl øys", "OYSTEIN@"):
            assert [card.name for card in queries.search_people(SYSTEM, text)] == ["Øystein Dahl"], text
        assert [card.name for card in queries.search_people(SYSTEM, "0%")] == ["Per 100%"]
        assert queries.search_people(SYSTEM, "_ystein") == []
        assert len(queries.search_people(SYSTEM, "gov.example", limit=1)) == 1


def test_the_number_of_queries_does_not_grow_with_the_people(make: Make) -> None:
    top = make.root()
    officer = make.actor(make.person(agency=top, roles=["hr_officer"]))
    make.people(6, agency=top, account=False)
    with glance(), sent() as statements:
        assert len(queries.search_people(officer)) == 7
        assert len(queries.population(TODAY, NOW)) == 7
        assert len(queries.primary_spans(NOW)) == 7
    assert len(statements) == 4
