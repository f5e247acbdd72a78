"""A government whose people also learn elsewhere: a course that is required, a sender outside, an administrator."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from courses import actions as courses
from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, reading, transaction
from lms.requirements import actions as requirements
from lms.requirements.models import Fulfilment
from lms.skills import actions as skills
from lms.skills.models import Attainment
from lms.xapi.actions.keys import create_key
from lms.xapi.actions.rebuild import rebuild
from lms.xapi.rules import verbs
from lms.xapi.statements import account
from tests.conftest import NOW
from tests.courses.conftest import small
from tests.factories import Made, Make
from tests.xapi.conftest import Lrs, basic

ELSEWHERE = "https://academy.example/courses/7"
COURSE = "course:one-thing"
SPEAKS = {"X-Experience-API-Version": "2.0.0"}
Row = tuple[Any, ...]


@dataclass
class Elsewhere:
    """Amina and Boris of the ministry of finance, and what may be said of them."""

    client: FlaskClient
    make: Make
    amina: Made
    boris: Made
    administrator: Made
    key: dict[str, str] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return self.make.actor(self.administrator)

    def say(
        self, who: Made, verb: str = verbs.PASSED, activity: str = ELSEWHERE, *, hours: float = 0, **more: Any
    ) -> str:
        """The sender outside says something of somebody; returns the statement's id."""
        said = {"actor": account(who.account_name), "verb": {"id": verb}, "object": {"id": activity}, **more}
        with clock.at(NOW + timedelta(hours=hours)):
            answer = self.lrs().post(said)
        assert answer.status_code == 200, answer.text
        return str(answer.json[0])

    def void(self, statement_id: str, *, hours: float) -> str:
        thing = {"objectType": "StatementRef", "id": statement_id}
        return self.say(self.amina, verbs.VOIDED, hours=hours, object=thing)

    def lrs(self) -> Lrs:
        return Lrs(self.client, self.key)

    def recognise(self, *, hours: float, activity: str = ELSEWHERE, **more: Any) -> int:
        asked: dict[str, Any] = {"target": COURSE, "assurance": "tested", "why": "Same syllabus, same test."}
        with clock.at(NOW + timedelta(hours=hours)), transaction():
            return skills.recognise(actor=self.actor, activity=activity, **{**asked, **more})

    def withdraw(self, recognition_id: int, *, hours: float) -> None:
        with clock.at(NOW + timedelta(hours=hours)), transaction():
            skills.withdraw(actor=self.actor, recognition_id=recognition_id, why="The test leaked.")

    def attained(self, who: Made) -> list[Row]:
        """Target, assurance, hours after now at which it was recorded and revoked."""
        columns = (Attainment.target, Attainment.assurance, Attainment.recorded_at, Attainment.revoked_at)
        with reading():
            rows = db.session.execute(select(*columns).where(Attainment.person_id == who.id)).all()
        return sorted((row[0], row[1], _hours(row[2]), _hours(row[3])) for row in rows)

    def fulfilled(self, who: Made) -> list[Row]:
        """Hours after now at which something was recorded that fulfils a requirement, and revoked."""
        columns = (Fulfilment.recorded_at, Fulfilment.revoked_at)
        with reading():
            rows = db.session.execute(select(*columns).where(Fulfilment.person_id == who.id)).all()
        return sorted((_hours(row[0]), _hours(row[1])) for row in rows)

    def differences(self) -> list[str]:
        """What a rebuild from zero would change."""
        with transaction():
            return [str(one) for one in rebuild(actor=SYSTEM, check=True).differences]


def build(make: Make, client: FlaskClient) -> Elsewhere:
    """Found it."""
    root = make.root()
    finance = make.agency("FIN", parent=root, kind="ministry")
    amina, boris = make.person(agency=finance, family="CA"), make.person(agency=finance, family="CA")
    administrator = make.person(agency=root, roles=["administrator"])
    with transaction():
        skills.load_frameworks(actor=SYSTEM)
    with transaction():
        version_id = courses.import_course(actor=SYSTEM, files=small(), name="folder").version_id
    with transaction():
        assert version_id is not None
        courses.publish(actor=SYSTEM, version_id=version_id)
    with transaction():
        requirements.create_requirement(
            actor=SYSTEM,
            code="ONE",
            title="One thing",
            target=COURSE,
            agency_id=root,
            effective_from=date(2026, 1, 1),
        )
    world = Elsewhere(client, make, amina, boris, administrator)
    world.key = new_key()
    return world


def new_key(name: str = "Academy", *scopes: str) -> dict[str, str]:
    with transaction():
        made = create_key(actor=SYSTEM, name=name, scopes=scopes or ("all",))
    return SPEAKS | basic(made.key, made.secret)


def _hours(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - NOW) / timedelta(hours=1)
