"""Opening, moving and closing agencies, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from lms.agencies import actions, queries
from lms.kernel import clock
from lms.kernel.actor import ANONYMOUS, SYSTEM
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.errors import NotAllowed, NotThere, Refused
from tests.factories import Make, sent

MARCH = date(2026, 3, 1)


def test_a_code_is_never_used_again_even_once_its_agency_is_closed(make: Make, commit: Any) -> None:
    top = make.agency("GOV")
    old = make.agency("TAX", parent=top)
    with commit():
        actions.close_agency(actor=SYSTEM, agency_id=old, on=MARCH)
    with pytest.raises(Refused) as refused:
        make.agency("tax", parent=top, on=date(2026, 4, 1))
    assert "code" in refused.value.errors
    assert queries.tree(date(2026, 2, 28)).by_code("TAX")
    assert queries.tree(MARCH).by_code("TAX") is None


def test_a_move_changes_the_tree_from_its_day_on_and_never_before(make: Make, commit: Any) -> None:
    top = make.agency("GOV")
    one, two = make.agency("ONE", parent=top), make.agency("TWO", parent=top)
    unit = make.agency("UNIT", parent=one, kind="unit")
    known_before = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    with clock.at(datetime(2026, 11, 23, 10, tzinfo=UTC)), commit():
        actions.move_agency(actor=SYSTEM, agency_id=unit, parent_id=two, on=MARCH)
    assert queries.tree(date(2026, 2, 28)).path(unit) == [top, one, unit]
    assert queries.tree(MARCH).path(unit) == [top, two, unit]
    assert queries.tree(MARCH, known_before).path(unit) == [top, one, unit]


def test_no_agency_comes_to_stand_beneath_itself(make: Make, commit: Any) -> None:
    top = make.agency("GOV")
    one = make.agency("ONE", parent=top)
    two = make.agency("TWO", parent=one)
    with pytest.raises(Refused), commit():
        actions.move_agency(actor=SYSTEM, agency_id=one, parent_id=two, on=MARCH)
    assert queries.tree(MARCH).path(two) == [top, one, two]


def test_a_move_before_one_already_recorded_is_refused(make: Make, commit: Any) -> None:
    top = make.agency("GOV")
    one, two = make.agency("ONE", parent=top), make.agency("TWO", parent=top)
    with commit():
        actions.move_agency(actor=SYSTEM, agency_id=two, parent_id=one, on=MARCH)
    with pytest.raises(Refused), commit():
        actions.move_agency(actor=SYSTEM, agency_id=two, parent_id=top, on=date(2026, 1, 1))


def test_an_agency_with_others_beneath_it_is_not_closed(make: Make, commit: Any) -> None:
    top = make.agency("GOV")
    make.agency("ONE", parent=top)
    with pytest.raises(Refused), commit():
        actions.close_agency(actor=SYSTEM, agency_id=top, on=MARCH)


def test_nothing_is_put_under_an_agency_that_is_not_open(make: Make) -> None:
    top = make.agency("GOV", on=MARCH)
    with pytest.raises(Refused):
        make.agency("EARLY", parent=top, on=date(2026, 1, 1))
    with pytest.raises(NotThere):
        make.agency("LOST", parent=4711)


@pytest.mark.parametrize("wrong", [{"kind": "club"}, {"name": " "}, {"time_zone": "Mars/Base"}])
def test_what_is_wrong_with_an_agency_is_named_by_field(make: Make, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        make.agency("X", **wrong)
    assert set(refused.value.errors) == set(wrong)


def test_posts_have_codes_of_their_own(make: Make, commit: Any) -> None:
    top = make.agency("GOV")
    with commit():
        actions.create_post(actor=SYSTEM, agency_id=top, code="P-1", title="Clerk", on=MARCH)
    with pytest.raises(Refused), commit():
        actions.create_post(actor=SYSTEM, agency_id=top, code="p-1", title="Clerk", on=MARCH)


def test_only_who_may_manage_agencies_changes_them(make: Make, commit: Any) -> None:
    trainer = make.actor(make.person(roles=["trainer"]))
    for actor in (trainer, ANONYMOUS):
        with pytest.raises(NotAllowed), commit():
            actions.open_agency(actor=actor, code="X", name="X", kind="agency", on=MARCH)


def test_every_change_of_the_tree_is_in_the_audit_log(make: Make, commit: Any) -> None:
    top = make.agency("GOV")
    one, two = make.agency("ONE", parent=top), make.agency("TWO", parent=top)
    with commit():
        actions.move_agency(actor=SYSTEM, agency_id=two, parent_id=one, on=MARCH)
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None and event.action == "agencies.move"
    assert event.before == {"parent": top} and event.after == {"parent": one, "on": "2026-03-01"}


def test_the_whole_tree_costs_one_query(make: Make) -> None:
    top = make.agency("GOV")
    for number in range(5):
        make.agency(f"A{number}", parent=top)
    with sent() as statements:
        assert len(queries.tree().rows) == 6
    assert len(statements) == 1
