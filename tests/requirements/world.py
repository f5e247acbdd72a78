"""The worked example of the rules (docs/rules.md, section 2.8), lived day by day through the real actions.

    world = build()
    standing_by_person(world.security(), [AS_AT], end_of(AS_AT))[AS_AT][world.people["P01"]]
    record_late(world)          # P12's completion of 30 March, recorded on 5 April

Every fact is recorded on the day it became true, so that history as known then can be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, insert

from lms.agencies import actions as agencies
from lms.kernel import clock, ids
from lms.kernel.actor import EVERYWHERE, SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.people import actions as people
from lms.people import queries as people_queries
from lms.requirements import actions as requirements
from lms.requirements.queries import RequirementRow, requirement_by_code
from lms.skills import actions as skills
from lms.skills.models import RoleTarget
from lms.xapi import record
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Thing
from lms.xapi.statements import extension, iri

D = date.fromisoformat
AS_AT: Final = D("2026-03-31")
EARLIER: Final = D("2026-01-31")
EXPECTED: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "reference" / "expected.json").read_text(encoding="utf-8")
)
TREE: Final = {"GOV": None, "FIN": "GOV", "TAX": "FIN", "HLT": "GOV"}
KINDS: Final = {"GOV": "government", "FIN": "ministry", "TAX": "agency", "HLT": "ministry"}
FOUNDED: Final = D("2015-01-01")
# The example's job families, by the codes that the product ships.
FAMILIES: Final = {"policy": "PA", "admin": "CA", "frontline": "FL"}
TARGETS: Final = {
    "PA": {"1.2": 4, "1.3": 4, "5.3": 3},
    "CA": {"1.3": 3, "4.2": 3},
    "FL": {"2.1": 3, "4.2": 3},
}
# person, agency, first day, first day no longer, family, grade, percent of a week
POSTS: Final = (
    ("P01", "FIN", "2020-01-06", None, "policy", "G5", 100),
    ("P02", "FIN", "2021-03-01", None, "admin", "G3", 100),
    ("P03", "TAX", "2026-03-20", None, "frontline", "G2", 100),
    ("P04", "TAX", "2019-05-01", None, "frontline", "G2", 100),
    ("P05", "TAX", "2018-09-03", None, "frontline", "G3", 50),
    ("P06", "FIN", "2017-01-02", None, "policy", "G5", 100),
    ("P07", "HLT", "2022-02-01", None, "admin", "G3", 100),
    ("P08", "HLT", "2023-06-01", None, "policy", "G4", 60),
    ("P09", "HLT", "2020-10-01", "2026-03-31", "admin", "G3", 100),
    ("P10", "FIN", "2021-07-01", None, "policy", "G4", 100),
    ("P11", "FIN", "2026-02-20", None, "admin", "G2", 100),
    ("P12", "HLT", "2024-04-02", None, "admin", "G3", 100),
)
SECURITY_DONE: Final = {
    "P01": "2025-04-10",
    "P02": "2024-12-01",
    "P04": "2025-06-12",
    "P05": "2025-09-01",
    "P06": "2025-11-15",
    "P08": "2025-05-20",
    "P09": "2025-10-01",
    "P10": "2025-08-08",
}
# person, competence, level, day, how it was shown
LEVELS: Final = (
    ("P01", "1.2", 4, "2025-05-01", "tested"),
    ("P01", "1.3", 4, "2025-05-01", "tested"),
    ("P01", "5.3", 3, "2025-05-02", "tested"),
    ("P02", "1.3", 2, "2025-02-01", "tested"),
    ("P05", "2.1", 3, "2025-03-03", "tested"),
    ("P05", "4.2", 3, "2025-09-01", "tested"),
    ("P06", "1.2", 5, "2024-10-01", "tested"),
    ("P06", "1.3", 3, "2024-10-01", "tested"),
    ("P08", "1.2", 4, "2025-05-21", "tested"),
    ("P08", "5.3", 4, "2025-05-21", "self"),
    ("P10", "1.2", 4, "2025-08-09", "tested"),
    ("P10", "1.3", 4, "2025-08-09", "tested"),
    ("P10", "5.3", 3, "2025-08-09", "tested"),
    ("P12", "1.3", 3, "2025-12-01", "tested"),
)


@dataclass(frozen=True, slots=True)
class World:
    """The ids of what was built, by the names of the example."""

    agencies: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def security(self) -> RequirementRow:
        """Requirement SEC."""
        row = requirement_by_code("SEC")
        assert row is not None
        return row

    def name_of(self, person_id: int) -> str:
        """A person's name in the example."""
        return next(name for name, known in self.people.items() if known == person_id)


def build() -> World:
    """Live the example from the founding of the government to the end of March 2026."""
    world = World()
    events: list[tuple[date, Callable[[], object]]] = [(FOUNDED, lambda: _found(world))]
    events += [(D(post[2]), lambda post=post: _hire(world, *post)) for post in POSTS]  # type: ignore[misc]
    events += [(D("2023-06-01"), lambda: _second_post_of_p08(world))]
    events += [(D(day), _completion(world, who, "security", D(day))) for who, day in SECURITY_DONE.items()]
    events += [(D(row[3]), _level_shown(world, *row)) for row in LEVELS]
    events += [
        (D("2025-01-01"), lambda: _require(world)),
        (D("2025-06-01"), lambda: _exempt(world)),
        (D("2026-01-01"), lambda: _second(world)),
        (D("2026-01-05"), lambda: _absence(world)),
        (D("2026-02-01"), lambda: _transfer(world)),
    ]
    for day, happen in sorted(events, key=lambda event: event[0]):
        with on_the_day(day):
            happen()
    return world


def record_late(world: World) -> None:
    """P12 completed security on 30 March; the attendance sheet arrived on 5 April."""
    with on_the_day(D("2026-04-05")):
        complete(world.people["P12"], "security", D("2026-03-30"), valid_months=12)


def complete(
    person_id: int,
    slug: str,
    day: date,
    *,
    assurance: str = "tested",
    valid_months: int | None = None,
    levels: Mapping[str, int] | None = None,
    competence_months: int = 36,
) -> Draft:
    """Record that somebody completed a course on a day; the clock says when that was recorded."""
    course = Thing(iri=iri("courses", slug), type=verbs.COURSE, name={"en": slug})
    said: dict[str, Any] = {
        extension("assurance"): assurance,
        extension("competences"): [{"code": code, "level": level} for code, level in (levels or {}).items()],
        extension("competence-months"): competence_months,
    }
    if valid_months is not None:
        said[extension("valid-months")] = valid_months
    draft = Draft(
        stamp=people_queries.stamp(person_id, day),
        verb=verbs.COMPLETED,
        object=course,
        registration=ids.new(),
        revision="1",
        grouping=(course,),
        extensions=said,
        timestamp=datetime.combine(day, time(12), UTC),
    )
    record(draft)
    return draft


def end_of(day: date) -> datetime:
    """The last moment of a day: what had been recorded by its end."""
    return datetime.combine(day, time(23, 59, 59, 999999), UTC)


@contextmanager
def on_the_day(day: date) -> Iterator[None]:
    """A unit of work in the afternoon of a day."""
    with clock.at(datetime.combine(day, time(15), UTC)), transaction():
        yield


def _found(world: World) -> None:
    for code, above in TREE.items():
        parent = world.agencies[above] if above else None
        world.agencies[code] = agencies.open_agency(
            actor=SYSTEM, code=code, name=code.title(), kind=KINDS[code], parent_id=parent, on=FOUNDED
        )
    skills.load_frameworks(actor=SYSTEM)
    db.session.execute(delete(RoleTarget))  # the example has targets of its own
    rows = [(family, code, level) for family, levels in TARGETS.items() for code, level in levels.items()]
    names = ("family", "competence", "level")
    dated = {"starts_on": FOUNDED, "recorded_at": clock.now()}
    db.session.execute(insert(RoleTarget), [{**dict(zip(names, row, strict=True)), **dated} for row in rows])


def _hire(
    world: World, name: str, agency: str, start: str, end: str | None, family: str, grade: str, percent: int
) -> None:
    person_id = people.register_person(actor=SYSTEM, hr_number=name, name=name)
    world.people[name] = person_id
    people.assign(
        actor=SYSTEM,
        person_id=person_id,
        agency_id=world.agencies[agency],
        starts_on=D(start),
        ends_on=D(end) if end else None,
        family=FAMILIES[family],
        grade=grade,
        fte_percent=percent,
    )


def _second_post_of_p08(world: World) -> None:
    people.assign(
        actor=SYSTEM,
        person_id=world.people["P08"],
        agency_id=world.agencies["FIN"],
        starts_on=D("2023-06-01"),
        is_primary=False,
        family="PA",
        grade="G4",
        fte_percent=40,
    )


def _require(world: World) -> None:
    requirements.create_requirement(
        actor=SYSTEM,
        code="SEC",
        title="Data protection and security",
        target="course:security",
        agency_id=world.agencies["GOV"],
        effective_from=D("2025-01-01"),
        initial_days=30,
        recurrence="from_expiry",
        validity_months=12,
        window_days=60,
        grace_days=14,
        legal_basis="Circular 4/2025",
    )


def _exempt(world: World) -> None:
    officer = Actor(
        "person", person_id=world.people["P01"], account_name="p-officer", powers={"exemptions.decide": EVERYWHERE}
    )
    requirements.exempt(
        actor=officer,
        person_id=world.people["P07"],
        requirement_id=world.security().id,
        starts_on=D("2025-06-01"),
        ends_on=D("2026-06-01"),
        reason="Leads the restoration of the archive",
    )


def _second(world: World) -> None:
    people.second(actor=SYSTEM, person_id=world.people["P06"], host_agency_id=world.agencies["HLT"], on=D("2026-01-01"))


def _absence(world: World) -> None:
    people.note_absence(actor=SYSTEM, person_id=world.people["P04"], starts_on=D("2026-01-05"))


def _transfer(world: World) -> None:
    people.transfer(
        actor=SYSTEM, person_id=world.people["P10"], agency_id=world.agencies["HLT"], on=D("2026-02-01"), grade="G5"
    )


def _completion(world: World, who: str, slug: str, day: date) -> Callable[[], object]:
    return lambda: complete(world.people[who], slug, day, valid_months=12)


def _level_shown(world: World, who: str, competence: str, level: int, day: str, assurance: str) -> Callable[[], object]:
    slug = f"skill-{competence.replace('.', '-')}"
    return lambda: complete(world.people[who], slug, D(day), assurance=assurance, levels={competence: level})
