"""Registering Valdora's agencies and people, and what becomes of their employment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from lms.agencies import actions as agency_actions
from lms.demo.accounts import ACCOUNTS, PASSWORD, DemoAccount
from lms.demo.calendar import Diary
from lms.demo.government import AGENCIES
from lms.demo.staffing import PlannedPerson
from lms.kernel.actor import SYSTEM
from lms.people import actions as people_actions
from lms.people.rules import passwords

FOUNDED = date(2009, 1, 1)


@dataclass(slots=True)
class Registry:
    """Who has been registered so far: ids by the plan's index, and the printed accounts by address."""

    agencies: dict[str, int] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    accounts: dict[int, int] = field(default_factory=dict)
    managers: dict[str, int] = field(default_factory=dict)
    demo: dict[str, int] = field(default_factory=dict)
    password_hash: str = ""


def found_government(registry: Registry) -> None:
    """Open every agency under its parent."""
    registry.password_hash = passwords.hashed(PASSWORD)
    for agency in AGENCIES:
        registry.agencies[agency.code] = agency_actions.open_agency(
            actor=SYSTEM,
            code=agency.code,
            name=agency.name,
            kind=agency.kind,
            parent_id=registry.agencies[agency.parent] if agency.parent else None,
            on=FOUNDED,
        )


def hire(registry: Registry, person: PlannedPerson) -> None:
    """Register a person with an assignment and an account."""
    agency = person.agency.code
    person_id = _register(registry, person.name, person.mail, f"V{person.index:05d}")
    registry.people[person.index] = person_id
    people_actions.assign(
        actor=SYSTEM,
        person_id=person_id,
        agency_id=registry.agencies[agency],
        starts_on=person.starts_on,
        title=person.title,
        family=person.family,
        grade=person.grade,
        fte_percent=person.fte_percent,
        employment=person.employment,
        manager_id=registry.managers.get(agency),
    )
    registry.managers.setdefault(agency, person_id)
    registry.accounts[person.index] = people_actions.open_account(
        actor=SYSTEM, person_id=person_id, email=person.mail, password_hash=registry.password_hash
    )


def hire_demo_accounts(registry: Registry, first: date) -> None:
    """Register the people whose accounts are printed, with their roles."""
    for number, account in enumerate(ACCOUNTS):
        person_id = _register(registry, account.name, account.email, f"VD{number:03d}")
        registry.demo[account.email] = person_id
        starts = first - timedelta(900 + 40 * number)
        people_actions.assign(
            actor=SYSTEM,
            person_id=person_id,
            agency_id=registry.agencies[account.agency],
            starts_on=starts,
            title=account.title,
            family=account.family,
            grade="G5",
            manager_id=registry.managers.get(account.agency),
        )
        registry.accounts[-1 - number] = people_actions.open_account(
            actor=SYSTEM, person_id=person_id, email=account.email, password_hash=registry.password_hash
        )
        _grant(registry, account, person_id, starts)


def plan_fates(diary: Diary, registry: Registry, people: Sequence[PlannedPerson], first: date) -> None:
    """Note when people join, leave, move, go on secondment or are long absent."""
    for person in people:
        if person.starts_on >= first:
            diary.note(person.starts_on, partial(hire, registry, person), hour=7)
        if person.leaves_on is not None:
            diary.note(person.leaves_on, partial(_leave, registry, person), hour=17)
        if person.transfer is not None:
            diary.note(person.transfer[0], partial(_transfer, registry, person), hour=7)
        if person.secondment is not None:
            diary.note(person.secondment[0], partial(_second, registry, person), hour=7)
        if person.absence is not None:
            diary.note(person.absence[0], partial(_absent, registry, person), hour=7)


def _register(registry: Registry, name: str, mail: str, number: str) -> int:
    return people_actions.register_person(actor=SYSTEM, hr_number=number, name=name, work_mail=mail)


def _grant(registry: Registry, account: DemoAccount, person_id: int, starts: date) -> None:
    for grant in account.grants:
        role, _, scope = grant.partition("@")
        agency = registry.agencies[scope or account.agency] if role != "administrator" else None
        people_actions.grant_role(actor=SYSTEM, person_id=person_id, role=role, agency_id=agency, starts_on=starts)


def _leave(registry: Registry, person: PlannedPerson) -> None:
    assert person.leaves_on is not None
    people_actions.leave_service(actor=SYSTEM, person_id=registry.people[person.index], on=person.leaves_on)


def _transfer(registry: Registry, person: PlannedPerson) -> None:
    assert person.transfer is not None
    on, agency = person.transfer
    people_actions.transfer(
        actor=SYSTEM,
        person_id=registry.people[person.index],
        agency_id=registry.agencies[agency],
        on=on,
        manager_id=registry.managers.get(agency),
    )


def _second(registry: Registry, person: PlannedPerson) -> None:
    assert person.secondment is not None
    on, agency = person.secondment
    people_actions.second(
        actor=SYSTEM, person_id=registry.people[person.index], host_agency_id=registry.agencies[agency], on=on
    )


def _absent(registry: Registry, person: PlannedPerson) -> None:
    assert person.absence is not None
    begins, ends = person.absence
    people_actions.note_absence(actor=SYSTEM, person_id=registry.people[person.index], starts_on=begins, ends_on=ends)
