"""What roles allow: the whole table, and how several combine."""

from __future__ import annotations

import pytest

from lms.kernel.actor import EVERYWHERE, OWN, Reach
from lms.people.policy import POWERS, ROLES, Grant, powers_of, roles_of

HERE, THERE = Reach(agencies=frozenset({7})), Reach(agencies=frozenset({7, 8}))
OWN_THINGS = {"record.see": OWN, "catalogue.see": EVERYWHERE}
LEARNING = {**OWN_THINGS, "learning.take": OWN}
REPORTS = dict.fromkeys(("coverage.see", "coverage.export", "people.see", "evidence.see"), HERE)
DECISIONS = ("exemptions.decide", "requirements.manage", "profiles.verify")
EVERYTHING = (*REPORTS, *DECISIONS, "courses.author", "courses.see_drafts", "people.manage", "agencies.manage",
              "records.see", "records.keys", "records.recognise", "audit.see", "privacy.erase")  # fmt: skip
TABLE = {
    "learner": LEARNING,
    "line_manager": {**LEARNING, "coverage.see": HERE, "people.see": HERE, "profiles.verify": HERE},
    "hr_officer": {**LEARNING, **REPORTS, "exemptions.decide": HERE, "requirements.manage": HERE},
    "trainer": {**LEARNING, "courses.author": HERE, "courses.see_drafts": HERE, "profiles.verify": HERE},
    "auditor": {**OWN_THINGS, **REPORTS, "courses.see_drafts": HERE, "audit.see": HERE, "records.see": EVERYWHERE},
    "administrator": {**LEARNING, **dict.fromkeys(EVERYTHING, EVERYWHERE)},
}
CHANGING = {"learning.take", "courses.author", *DECISIONS, "people.manage", "agencies.manage", "records.keys",
            "records.recognise", "privacy.erase"}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_each_role_allows_what_its_table_says_and_nothing_else(role: str) -> None:
    assert dict(powers_of([Grant(role, 7)])) == TABLE[role]


def test_without_a_role_everybody_is_a_learner() -> None:
    assert dict(powers_of([])) == LEARNING
    assert roles_of([]) == {"learner"}


def test_roles_combine_and_reaches_add_up() -> None:
    powers = powers_of([Grant("hr_officer", 7), Grant("hr_officer", 8), Grant("trainer", 7)])
    assert powers["coverage.see"] == THERE
    assert powers["courses.author"] == HERE
    assert powers_of([Grant("hr_officer", 7), Grant("administrator")])["coverage.see"].everywhere


@pytest.mark.parametrize("role", ROLES)
def test_whoever_audits_only_reads_whatever_else_was_granted(role: str) -> None:
    assert not CHANGING & set(powers_of([Grant("auditor", 7), Grant(role, 7)]))


def test_a_scoped_role_without_its_agency_reaches_nobody() -> None:
    assert powers_of([Grant("hr_officer")])["people.see"] == Reach()


def test_the_table_of_powers_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        POWERS["learner"] = {}  # type: ignore[index]
