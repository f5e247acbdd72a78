"""A small government in which something happens at every turn, drawn from a seed, through the real actions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from lms.agencies import actions as agencies
from lms.agencies.models import Agency
from lms.kernel import clock
from lms.kernel.actor import EVERYWHERE, SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.kernel.errors import CadreError
from lms.people import actions as people
from lms.people.models import Assignment, Person
from lms.requirements import actions as requirements
from lms.requirements.models import Exemption, Requirement
from lms.skills import actions as skills
from lms.skills.models import Attainment
from lms.xapi.actions.inbound import accept
from lms.xapi.rules import verbs
from tests.requirements.world import complete

TODAY = date(2026, 11, 23)
FAMILIES = ("CA", "PA", "FL")
ASSESSOR = Actor("person", person_id=0, account_name="p-assessor", powers={"profiles.verify": EVERYWHERE})
RECORDS = Actor(
    "client", account_name="c-records", powers={"statements.write": EVERYWHERE, "statements.void": EVERYWHERE}
)


class Life:
    """Happenings of a government; each is a unit of work of its own, and what is refused leaves nothing behind."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed)
        self._count = 0
        with transaction():
            skills.load_frameworks(actor=SYSTEM)
            self._government()
            officer = people.register_person(actor=SYSTEM, hr_number="L0", name="Officer")
        powers = {"exemptions.decide": EVERYWHERE}
        self._officer = Actor("person", person_id=officer, account_name="p-officer", powers=powers)
        for _ in range(6):
            self.happen(self.hire)

    def happen(self, deed: Callable[[], object] | None = None) -> str:
        """Let one thing happen that is not refused; returns what it was."""
        while True:
            chosen = deed or self._draw.choice(self.deeds)
            try:
                with transaction():
                    chosen()
            except CadreError:
                continue
            return chosen.__name__

    @property
    def deeds(self) -> list[Callable[[], object]]:
        """Everything that changes a few people's facts; what happens often stands more than once."""
        often = [self.attain, self.attain, self.transfer, self.be_away, self.be_exempt]
        once = [self.hire, self.second, self.end, self.correct, self.revoke, self.withdraw_exemption]
        return [*often, *once, self.show, self.merge, self.leave, self.second_post]

    def hire(self) -> None:
        """Somebody new."""
        self._count += 1
        id = people.register_person(actor=SYSTEM, hr_number=f"L{self._count}", name=f"Person {self._count}")
        people.assign(
            actor=SYSTEM, person_id=id, agency_id=self._one(Agency), starts_on=self._day(900, -30), **self._terms()
        )

    def second_post(self) -> None:
        """A second post beside the first."""
        where, since = self._one(Agency), self._day(200, -30)
        people.assign(
            actor=SYSTEM, person_id=self._one(Person), agency_id=where, starts_on=since, is_primary=False,
            **self._terms(),
        )  # fmt: skip

    def transfer(self) -> None:
        """Somebody moves, perhaps into another job family."""
        terms: Any = {"family": self._draw.choice(FAMILIES)} if self._draw.random() < 0.3 else {}
        people.transfer(
            actor=SYSTEM, person_id=self._one(Person), agency_id=self._one(Agency), on=self._day(400, -30), **terms
        )

    def second(self) -> None:
        """Somebody is lent."""
        on = self._day(100, -10)
        until = on + timedelta(60)
        people.second(actor=SYSTEM, person_id=self._one(Person), host_agency_id=self._one(Agency), on=on, until=until)

    def end(self) -> None:
        """An assignment ends."""
        people.end_assignment(actor=SYSTEM, assignment_id=self._one(Assignment), on=self._day(300, -30))

    def correct(self) -> None:
        """An assignment is taken back as a whole: a row ends and none comes."""
        row = db.session.get(Assignment, self._one(Assignment))
        assert row is not None
        people.end_assignment(actor=SYSTEM, assignment_id=row.id, on=row.starts_on)

    def leave(self) -> None:
        """Somebody leaves the service."""
        people.leave_service(actor=SYSTEM, person_id=self._one(Person), on=self._day(100, -30))

    def be_away(self) -> None:
        """A long absence."""
        start = self._day(300, -30)
        end = start + timedelta(self._draw.randrange(20, 150)) if self._draw.random() < 0.8 else None
        people.note_absence(actor=SYSTEM, person_id=self._one(Person), starts_on=start, ends_on=end)

    def be_exempt(self) -> None:
        """An exemption."""
        start = self._day(300, -30)
        requirements.exempt(
            actor=self._officer, person_id=self._one(Person), requirement_id=self._one(Requirement), starts_on=start,
            ends_on=start + timedelta(self._draw.randrange(10, 200)), reason="For a reason",
        )  # fmt: skip

    def withdraw_exemption(self) -> None:
        """An exemption is taken back."""
        requirements.withdraw_exemption(actor=self._officer, exemption_id=self._one(Exemption))

    def attain(self) -> None:
        """A course is completed, on a day that may lie far back."""
        slug = self._draw.choice(("security", "leading", "other"))
        levels = {code: self._draw.randrange(1, 7) for code in self._draw.sample(("1.1", "1.2", "4.2", "5.2"), 2)}
        day, sure = self._day(900), self._draw.choice(("tested", "tested", "participation"))
        complete(self._one(Person), slug, day, levels=levels, assurance=sure, competence_months=12)

    def show(self) -> None:
        """A profile is verified."""
        levels = {self._draw.choice(("1.1", "1.2", "1.3", "4.2")): self._draw.randrange(1, 7)}
        skills.verify_profile(actor=ASSESSOR, person_id=self._one(Person), levels=levels, on=self._day(300))

    def revoke(self) -> None:
        """What proved something is voided."""
        found = db.session.scalars(select(Attainment.statement_id).where(Attainment.revoked_at.is_(None))).all()
        if found:
            proof = self._draw.choice(sorted(found))
            accept(actor=RECORDS, body=json.dumps(_voiding(str(proof))).encode(), version="2.0.0")

    def merge(self) -> None:
        """Two records of one person are joined: one of them no longer counts in full-time equivalents."""
        db.session.execute(update(Person).where(Person.id == self._one(Person)).values(status="merged"))

    def require(self, code: str = "") -> None:
        """A new requirement, which accepts what was attained before."""
        self._count += 1
        requirements.create_requirement(
            actor=SYSTEM, code=code or f"R{self._count}", title="New", agency_id=self._one(Agency),
            target=self._draw.choice(("course:security", "course:leading", "1.1")), effective_from=self._day(500),
            families=self._draw.choice(((), ("CA",), ("PA", "FL"))),
            recurrence=self._draw.choice(("none", "from_completion", "from_expiry")),
        )  # fmt: skip

    def reorganise(self) -> None:
        """An agency moves under another."""
        agencies.move_agency(
            actor=SYSTEM, agency_id=self._one(Agency), parent_id=self._one(Agency), on=self._day(100, -10)
        )

    def _government(self) -> None:
        on = date(2020, 1, 1)
        top = agencies.open_agency(actor=SYSTEM, code="GOV", name="Government", kind="government", on=on)
        for code in ("A", "B", "C", "D"):
            agencies.open_agency(actor=SYSTEM, code=code, name=code, kind="agency", parent_id=top, on=on)
        for code, slug, mode in (("SEC", "security", "from_expiry"), ("LEAD", "leading", "from_completion")):
            requirements.create_requirement(
                actor=SYSTEM, code=code, title=code, target=f"course:{slug}", agency_id=top, recurrence=mode,
                effective_from=date(2025, 1, 1), families=("PA",) if code == "LEAD" else (),
            )  # fmt: skip

    def _terms(self) -> Any:
        return {"family": self._draw.choice(FAMILIES), "fte_percent": self._draw.choice((50, 100))}

    def _day(self, before: int, least: int = 0) -> date:
        return clock.today() - timedelta(self._draw.randrange(least, before))

    def _one(self, model: Any) -> int:
        wanted = select(model.id).order_by(model.id)
        if hasattr(model, "withdrawn_at"):
            wanted = wanted.where(model.withdrawn_at.is_(None))
        if model is Person:
            wanted = wanted.where(Person.status != "merged")
        return self._draw.choice(db.session.scalars(wanted).all() or [-1])


def _voiding(statement_id: str) -> dict[str, Any]:
    return {
        "actor": {"objectType": "Agent", "mbox": "mailto:records@gov.example"},
        "verb": {"id": verbs.VOIDED},
        "object": {"objectType": "StatementRef", "id": statement_id},
    }
