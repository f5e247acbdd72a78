"""Who gives and takes roles, and that somebody is always left who can (row B6), on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.kernel.actor import ANONYMOUS, SYSTEM
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, glance, transaction
from lms.kernel.errors import CadreError, Conflict, NotAllowed, NotThere, Refused
from lms.people import actions, policy, queries
from tests.conftest import NOW
from tests.factories import Made, Make
from tests.together import together

TODAY = NOW.date()


def grants(person: Made) -> list[tuple[str, int | None]]:
    with glance():
        return [(grant.role, grant.agency_id) for grant in queries.grants_of(person.id, TODAY)]


def grant_of(person: Made) -> int:
    with glance():
        return queries.grants_of(person.id, TODAY)[0].id


@pytest.mark.parametrize("held", policy.ROLES)
@pytest.mark.parametrize("to_himself", [True, False])
def test_B6_only_an_administrator_gives_roles_and_never_to_himself(
    make: Make, commit: Any, held: str, to_himself: bool
) -> None:
    top = make.root()
    one, other = make.person(roles=[] if held == "learner" else [held]), make.person()
    actor, target = make.actor(one), one if to_himself else other
    for role in policy.ROLES:
        with commit():
            try:
                spell = {"starts_on": date(2020, 1, 1), "ends_on": date(2021, 1, 1)}
                actions.grant_role(actor=actor, person_id=target.id, role=role, agency_id=top, **spell)
                given = True
            except NotAllowed:
                given = False
        assert given == (held == "administrator" and not to_himself), role
    refused = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "people.grant_role_refused")).all()
    assert len(refused) == (0 if given else len(policy.ROLES))
    assert all(event.actor == one.account_name for event in refused)


def test_B6_nobody_takes_his_own_role_away(make: Make, commit: Any) -> None:
    one, two = make.people(2, roles=["administrator"])
    with commit(), pytest.raises(NotAllowed):
        actions.revoke_role(actor=make.actor(one), grant_id=grant_of(one), on=TODAY)
    with commit():
        actions.revoke_role(actor=make.actor(one), grant_id=grant_of(two), on=TODAY)
    assert grants(two) == []


def test_B6_the_last_administrator_stays(make: Make, commit: Any) -> None:
    one, two = make.people(2, roles=["administrator"])
    without_account = make.person(account=False, roles=["administrator"])
    with commit():
        actions.disable_account(actor=make.actor(one), account_id=two.account_id or 0)
    for removal in (
        lambda: actions.revoke_role(actor=SYSTEM, grant_id=grant_of(one), on=TODAY),
        lambda: actions.disable_account(actor=SYSTEM, account_id=one.account_id or 0),
    ):
        with commit(), pytest.raises(Conflict):
            removal()
    assert make.actor(one).roles == {"administrator"}
    assert grants(without_account) == [("administrator", None)]
    with commit():
        actions.enable_account(actor=SYSTEM, account_id=two.account_id or 0)
        actions.revoke_role(actor=SYSTEM, grant_id=grant_of(one), on=TODAY)


@pytest.mark.parametrize("how", ["revoke", "disable", "one of each"])
def test_B6_of_the_last_two_administrators_removed_at_once_one_stays(make: Make, app: Flask, how: str) -> None:
    both = make.people(2, roles=["administrator"])
    ids = [grant_of(person) for person in both]
    db.session.remove()

    def remove(number: int) -> int:
        try:
            with transaction():
                if how == "revoke" or (how == "one of each" and number):
                    actions.revoke_role(actor=SYSTEM, grant_id=ids[number], on=TODAY)
                else:
                    actions.disable_account(actor=SYSTEM, account_id=both[number].account_id or 0)
        except CadreError as error:
            return error.status
        return 200

    assert sorted(together(partial(remove, 0), partial(remove, 1), app=app)) == [200, 409]
    with glance():
        actors = [queries.actor_of(person.account_id or 0, TODAY) for person in both]
    assert sum(actor is not None and "administrator" in actor.roles for actor in actors) == 1


def test_a_role_holds_from_its_day_until_the_day_it_is_revoked(make: Make, commit: Any) -> None:
    amina = make.person(roles=["trainer"])
    with commit():
        actions.revoke_role(actor=SYSTEM, grant_id=grant_of(amina), on=TODAY)
    with glance():
        assert [grant.role for grant in queries.grants_of(amina.id, TODAY - timedelta(1))] == ["trainer"]
    assert grants(amina) == []
    assert make.actor(amina).roles == {"learner"}
    with pytest.raises(NotThere), commit():
        actions.revoke_role(actor=SYSTEM, grant_id=4711, on=TODAY)


def test_a_scoped_role_says_over_which_agency(make: Make, commit: Any) -> None:
    amina = make.person()
    for role in sorted(policy.SCOPED):
        with pytest.raises(Refused) as refused, commit():
            actions.grant_role(actor=SYSTEM, person_id=amina.id, role=role, starts_on=TODAY)
        assert "agency_id" in refused.value.errors
    with pytest.raises(Refused), commit():
        actions.grant_role(actor=SYSTEM, person_id=amina.id, role="king", starts_on=TODAY)


def test_the_same_role_is_not_given_twice_over_the_same_days(make: Make) -> None:
    top = make.root()
    amina = make.person(roles=["trainer"], agency=top)
    with pytest.raises(Refused):
        make.role(amina, "trainer", top)
    make.role(amina, "trainer", make.agency("OTHER", parent=top))
    assert make.actor(amina).reach("courses.author").agencies == {grant[1] for grant in grants(amina)}


def test_a_user_is_created_whole_and_a_made_up_password_is_shown_once(make: Make, commit: Any) -> None:
    make.agency("MOH", parent=make.root())
    with commit():
        created = actions.create_user(
            actor=SYSTEM, email="Lena.Ortiz@gov.example", role="hr_officer", agency_code="moh"
        )
    assert created.password and len(created.password) >= 12
    with glance():
        actor = queries.actor_of(created.id, TODAY)
        tree = actor and queries.person_card(actor.person_id or 0, TODAY)
    assert actor and tree
    assert (actor.name, actor.roles) == ("Lena Ortiz", {"hr_officer"})
    assert actor.reach("people.see").agencies == {tree.agency_id}
    with commit():
        entered = actions.sign_in(email="lena.ortiz@gov.example", password=created.password, source="console")
    assert entered.actor == actor


@pytest.mark.parametrize("wrong", [{"agency_code": "NONE"}, {"email": "lena"}, {"role": "king"}, {"password": "short"}])
def test_a_user_who_cannot_be_created_leaves_nothing_behind(make: Make, commit: Any, wrong: dict[str, str]) -> None:
    make.agency("MOH", parent=make.root())
    asked = {"email": "lena@gov.example", "role": "learner", "agency_code": "MOH", "password": "seven quiet rivers"}
    with pytest.raises(Refused), commit():
        actions.create_user(actor=SYSTEM, **{**asked, **wrong})
    with glance():
        assert queries.search_people(SYSTEM) == []
        assert queries.entrant("lena@gov.example", TODAY) is None


def test_an_address_and_a_person_have_one_account(make: Make, commit: Any) -> None:
    amina, other = make.person(), make.person(account=False)
    for person, email in ((other, amina.email.upper()), (amina, "second@gov.example")):
        with pytest.raises(Refused), commit():
            actions.open_account(actor=SYSTEM, person_id=person.id, email=email, password="seven quiet rivers")


def test_everybody_changes_his_own_password_only(make: Make, commit: Any) -> None:
    amina, boss = make.person(), make.person(roles=["administrator"])
    for actor in (make.actor(boss), ANONYMOUS):
        with pytest.raises(NotAllowed), commit():
            actions.change_password(
                actor=actor, account_id=amina.account_id or 0, current="x", new="four green bottles"
            )
