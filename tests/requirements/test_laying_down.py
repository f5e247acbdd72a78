"""Laying down a requirement: what is refused, and what people attained before."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.actor import EVERYWHERE, SYSTEM, Actor, Reach
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.requirements.actions import create_requirement
from lms.requirements.actions.projection import RequirementProjector
from lms.requirements.models import Fulfilment
from lms.requirements.queries import requirement_by_code, requirements_in_force, standing_by_person
from lms.skills.actions import load_frameworks, verify_profile
from lms.skills.queries import attainments_of
from lms.xapi.actions.inbound import accept
from lms.xapi.actions.rebuild import rebuild
from lms.xapi.rules import verbs
from tests.factories import Make
from tests.requirements.world import complete

FROM = date(2025, 1, 1)


def require(agency_id: int, **terms: Any) -> int:
    given: dict[str, Any] = {"code": "SEC", "title": "Security", "target": "course:sec-201", "effective_from": FROM}
    return create_requirement(**{"actor": SYSTEM, "agency_id": agency_id, **given, **terms})


def fulfilments() -> list[tuple[object, ...]]:
    return [row[4:7] for row in RequirementProjector().contents()]


def test_terms_that_cannot_be_are_refused(make: Make, commit: Any) -> None:
    root = make.root()
    with commit():
        require(root)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"code": ""}, "code"),
        ({"code": "sec"}, "code"),
        ({"title": " "}, "title"),
        ({"target": "sec-201"}, "target"),
        ({"target": "9.9"}, "target"),
        ({"effective_to": FROM}, "effective_to"),
        ({"recurrence": "sometimes"}, "recurrence"),
        ({"validity_months": None}, "recurrence"),
        ({"grace_days": -1}, "recurrence"),
        ({"min_assurance": "certain"}, "min_assurance"),
    ]
    for terms, field in wrong:
        with pytest.raises(Refused) as refused, commit():
            require(root, **{"code": "NEW", **terms})
        assert set(refused.value.errors) == {field}, terms


def test_only_who_manages_an_agency_requires_something_of_it(make: Make, commit: Any) -> None:
    root = make.root()
    here, there = make.agency("FIN", parent=root), make.agency("HLT", parent=root)
    officer = Actor("person", person_id=1, powers={"requirements.manage": Reach(agencies=frozenset({here}))})
    with commit():
        require(here, actor=officer)
    reader = Actor("person", powers={"people.see": EVERYWHERE})
    for actor, agency in ((officer, there), (officer, root), (reader, here)):
        with pytest.raises(NotAllowed), commit():
            require(agency, actor=actor, code="NEW")
    with pytest.raises(NotThere), commit():
        require(99_999, code="NEW")


def test_a_requirement_is_found_as_it_was_laid_down_and_noted(make: Make, commit: Any) -> None:
    root = make.root()
    with commit():
        more = {"recurrence": "none", "legal_basis": " Circular 4/2025 "}
        require(root, families=["PA"], effective_to=date(2027, 1, 1), **more)
    row = requirement_by_code("SEC")
    assert row is not None and row.course_slug == "sec-201"
    assert (row.agency, row.families, row.legal_basis) == ("Government", ("PA",), "Circular 4/2025")
    assert row.terms.recurrence.mode == "none" and row.terms.due.initial_days == 30
    assert [found.code for found in requirements_in_force(FROM)] == ["SEC"]
    assert requirements_in_force(FROM - timedelta(1)) == requirements_in_force(date(2027, 1, 1)) == []
    assert requirements_in_force(FROM, clock.now() - timedelta(1)) == []
    assert db.session.scalars(select(AuditEvent.action)).all().count("requirements.create") == 1


def test_what_was_attained_before_counts_as_if_the_requirement_had_been_there(make: Make, commit: Any) -> None:
    root = make.root()
    early, late = make.person(account=False), make.person(account=False)
    with commit():
        require(root)
        for person in (early, late):
            complete(person.id, "sec-201", date(2025, 3, 1))
            complete(person.id, "sec-201", date(2026, 2, 1))
        complete(late.id, "sec-201", date(2025, 1, 15), assurance="participation")
        complete(late.id, "acc-202", date(2025, 1, 15))
    live = fulfilments()
    with commit():
        require(root, code="SEC2")
    replayed = [row[4:7] for row in RequirementProjector().contents() if row[1] == "SEC2"]
    assert replayed == live and len(live) == 4
    assert sorted({row[2] for row in live}, key=str) == [date(2026, 3, 1), date(2027, 3, 1)]
    with commit():
        assert rebuild(actor=SYSTEM, check=False).differences == []


def test_a_late_record_moves_the_renewal_that_it_makes_and_history_keeps_what_was_known(
    make: Make, commit: Any
) -> None:
    renewal, missing = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 5, 4, 12, tzinfo=UTC)
    with clock.at(datetime(2024, 1, 2, tzinfo=UTC)):
        root, person = make.root(), make.person(account=False)
    with commit():
        require(root)
    with clock.at(renewal), commit():
        complete(person.id, "sec-201", date(2026, 3, 1))
    assert fulfilments() == [("course:sec-201", date(2026, 3, 1), date(2027, 3, 1))]
    with clock.at(missing), commit():  # the sheet of the year before turns up: March was a renewal in its window
        complete(person.id, "sec-201", date(2025, 4, 10))
    assert sorted(fulfilments(), key=str) == [
        ("course:sec-201", date(2025, 4, 10), date(2026, 4, 10)),
        ("course:sec-201", date(2026, 3, 1), date(2027, 4, 10)),
    ]
    row = requirement_by_code("SEC")
    assert row is not None
    day = date(2026, 6, 1)
    for known_at, until in ((missing - timedelta(1), date(2027, 3, 1)), (missing, date(2027, 4, 10))):
        assert standing_by_person(row, [day], known_at)[day][person.id].expires_on == until
    with commit():
        assert rebuild(actor=SYSTEM, check=False).differences == []


def test_a_voided_completion_fulfils_nothing_from_then_on(make: Make, commit: Any) -> None:
    root, person = make.root(), make.person(account=False)
    with commit():
        require(root)
    with clock.at(datetime(2026, 3, 1, 15, tzinfo=UTC)), commit():
        complete(person.id, "sec-201", date(2026, 3, 1))
    proof = attainments_of(person.id)[0].statement_id
    before, later = clock.now(), clock.now() + timedelta(hours=1)
    with clock.at(later), commit():
        accept(actor=_voiding_client(), body=json.dumps(_voiding(str(proof))).encode(), version="2.0.0")
    row = requirement_by_code("SEC")
    assert row is not None
    day = date(2026, 11, 22)
    found = [standing_by_person(row, [day], moment)[day][person.id].status for moment in (before, later)]
    assert found == ["met", "overdue"]
    assert db.session.scalars(select(Fulfilment.revoked_at)).all() == [later]
    with commit():
        require(root, code="SEC2")
    assert len(set(fulfilments())) == 1
    with commit():
        assert rebuild(actor=SYSTEM, check=False).differences == []


def test_a_competence_can_be_required_and_a_verified_profile_fulfils_it(make: Make, commit: Any) -> None:
    root, person = make.root(), make.person(account=False)
    assessor = Actor("person", person_id=0, account_name="p-assessor", powers={"profiles.verify": EVERYWHERE})
    with commit():
        load_frameworks(actor=SYSTEM)
        require(root, target="4.2", recurrence="from_completion", validity_months=24)
    with commit():
        verify_profile(actor=assessor, person_id=person.id, levels={"4.2": 3, "1.1": 3}, on=date(2026, 3, 2))
    assert fulfilments() == [("4.2", date(2026, 3, 2), date(2028, 3, 2))]


def _voiding_client() -> Actor:
    reach = {"statements.write": EVERYWHERE, "statements.void": EVERYWHERE}
    return Actor("client", account_name="c-records", powers=reach)


def _voiding(statement_id: str) -> dict[str, Any]:
    return {
        "actor": {"objectType": "Agent", "mbox": "mailto:records@gov.example"},
        "verb": {"id": verbs.VOIDED},
        "object": {"objectType": "StatementRef", "id": statement_id},
    }
