"""Erasing a person: who it was goes, what past counts are made of stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, insert, select

from assessments.actions.erasing import erase_writing
from lms.kernel import audit, clock, ids
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.kernel.errors import Conflict, Refused
from lms.people.actions.erasing import Former, erase_identity, known_as
from lms.people.models import Person
from lms.privacy import policy
from lms.privacy.actions import traces
from lms.privacy.models import Erasure
from lms.privacy.queries import standing
from lms.privacy.rules.naming import Names, is_telling
from lms.requirements.actions.erasing import erase_reasons
from lms.xapi.actions import forgetting
from lms.xapi.actions.erasure import in_turn
from lms.xapi.actions.forgetting import Somebody
from lms.xapi.actions.rebuild import hold_the_road

LONGEST_WHY = 2000


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """What went with a person, under the certificate that the sealed logs speak of."""

    certificate: UUID
    statements: int
    carried: int
    answers: int
    deeds: int
    mails: int


def erase_person(*, actor: Actor, person_id: int, why: str) -> ErasedPerson:
    """Erase a person for good, in one transaction; totals stay what they were.

    Raises NotAllowed, NotThere, Refused without a reason or for one that names the person, and Conflict under a legal
    hold, for the last administrator, and for somebody who was erased already.
    """
    policy.must_erase(actor, person_id)
    in_turn()
    hold_the_road()  # a statement that is being stored is found, and one that comes later finds nobody
    former = known_as(person_id)
    _refuse_twice(person_id)
    names = _names(former)
    _check_why(why, names)
    somebody = Somebody(person_id, former.account_name, former.mails)
    seqs = forgetting.numbers_about(somebody)
    _refuse_held(person_id, seqs)
    gone = _erase(actor, former, somebody, seqs, names)
    after = {"certificate": str(gone.certificate), "statements": gone.statements, "carried": gone.carried}
    audit.note(actor=actor, action="privacy.erase_person", subject=("person", person_id), after=after, why=why.strip())
    return gone


def _erase(actor: Actor, former: Former, somebody: Somebody, seqs: Sequence[int], names: Names) -> ErasedPerson:
    person_id, certificate = former.person_id, ids.new()
    entry = {"certificate": str(certificate)}
    record = forgetting.forget(actor=actor, somebody=somebody, seqs=seqs, held=standing.held(), entry=entry)
    answers = erase_writing(actor=actor, person_id=person_id)
    exemptions = erase_reasons(actor=actor, person_id=person_id)
    mails = traces.withdraw_mail(former.mails, names)
    traces.strike_names(names)
    deeds = traces.empty_deeds(_subjects(former, exemptions), names, entry)
    erase_identity(actor=actor, person_id=person_id)
    counts = {"statements": record.statements, "carried": record.carried}
    run(insert(Erasure).values(person_id=person_id, certificate=certificate, at=clock.now(), **counts))
    return ErasedPerson(certificate, record.statements, record.carried, answers, deeds, mails)


def _subjects(former: Former, exemptions: Sequence[int]) -> list[tuple[str, int]]:
    account = [("account", former.account_id)] if former.account_id is not None else []
    return [("person", former.person_id), *account, *(("exemption", number) for number in exemptions)]


def _names(former: Former) -> Names:
    """What leads to the person; a name that others bear too, or a short one, leads to nobody in particular."""
    same = run(select(Person.id).where(Person.name == former.name).limit(2)).all()
    name = former.name if len(same) == 1 and is_telling(former.name) else ""
    return Names.of([name, former.hr_number, former.account_name, *former.mails])


def _check_why(why: str, names: Names) -> None:
    text = ""
    if not why.strip():
        text = "Give the reason: an auditor will read it."
    elif len(why) > LONGEST_WHY:
        text = f"Give the reason in at most {LONGEST_WHY} characters."
    elif names.stand_in([why]):
        text = "The reason names the person: it stays, so write it without names, numbers and addresses."
    if text:
        raise Refused(text, errors={"why": text})


def _refuse_twice(person_id: int) -> None:
    if run(select(exists().where(Erasure.person_id == person_id))).scalar():
        raise Conflict("This person was erased already.")


def _refuse_held(person_id: int, seqs: Sequence[int]) -> None:
    hold = standing.hold_on(person_id, seqs)
    if hold is not None:
        since = hold.since.date().isoformat()
        raise Conflict(
            f"Legal hold {hold.id} of {since} keeps this person's records back ({hold.reason}): release it first."
        )
