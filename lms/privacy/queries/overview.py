"""What would go now, for those who say what is kept."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lms.agencies.models import Agency
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.people.queries import names_of
from lms.privacy import policy
from lms.privacy.queries import standing
from lms.xapi.queries import retention
from lms.xapi.queries.retention import DisposalRow, HoldRow, RuleRow


@dataclass(frozen=True, slots=True)
class Going:
    """How many statements of an agency a rule lets go now; `agency` is empty for those of none."""

    rule_id: int
    record_class: str
    agency: str
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Rules and holds in force, what would go now, and what went; with the names of agencies and of persons held."""

    rules: list[RuleRow]
    holds: list[HoldRow]
    going: list[Going]
    gone: list[DisposalRow]
    agencies: dict[int, str]
    people: dict[int, str]

    @property
    def count(self) -> int:
        """How many statements would go now."""
        return sum(row.count for row in self.going)


def preview(actor: Actor) -> list[Going]:
    """What the rules let go now, by class and agency; whatever a hold keeps back is not counted."""
    policy.must_see(actor)
    held, names = standing.held(), agency_names()
    found = []
    for due in standing.lets_go():
        counts = retention.counts(due, held)
        for agency, count in sorted(counts.items(), key=lambda pair: names.get(pair[0] or 0, "")):
            found.append(Going(due.rule.id, due.rule.record_class, names.get(agency or 0, ""), count))
    return found


def overview(actor: Actor) -> Overview:
    """Everything about what is kept and what goes."""
    policy.must_see(actor)
    holds = retention.holds()
    people = names_of({hold.person_id for hold in holds if hold.person_id is not None})
    return Overview(retention.rules(), holds, preview(actor), retention.disposals(), agency_names(), people)


def agency_names() -> dict[int, str]:
    """Every agency, open or closed, by name."""
    return {row.id: row.name for row in run(select(Agency.id, Agency.name).order_by(Agency.name))}
