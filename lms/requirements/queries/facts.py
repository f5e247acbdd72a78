"""Everything that decides where people stand, read in one statement for any number of people and requirements.

One statement, because a course page may spend two and a table of all agencies ten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple, TypeVar

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from lms.agencies.models import AgencyParent
from lms.kernel.db import Dated, UtcDateTime, run
from lms.kernel.db.prepared import Prepared
from lms.people.models import Absence, Assignment
from lms.requirements.models import Exemption, Fulfilment
from lms.requirements.queries.membership import Audience, Edge, Post
from lms.requirements.queries.rows import RequirementRow
from lms.requirements.rules import Accepted, Evidence, PersonFacts, RequirementTerms, Span, accept

_FULFILLED, _POST, _ABSENT, _EXEMPT, _UNDER = range(5)
# How a fulfilment stands at the moment of knowledge: not on record, on record for good, on record but revoked since.
_UNKNOWN, _KNOWN, _REVOKED_SINCE = range(3)
_KNOWN_AT: Final = bindparam("known_at", type_=UtcDateTime())
_REQUIREMENTS: Final = bindparam("requirements", type_=Integer, expanding=True)
_PEOPLE: Final = bindparam("people", type_=Integer, expanding=True)
_PERSON: Final = bindparam("person", type_=Integer)
_NO_NUMBER: Final = cast(null(), Integer)
_NO_WORD: Final = cast(null(), String)
_ALWAYS: Final = date.min
V = TypeVar("V")
Whom = Literal["everybody", "some", "one"]
_PART: Final = 5000  # ids in one statement; beyond it everybody is read


class _Fulfilled(NamedTuple):
    """A fulfilment, and what was known of it."""

    achieved_on: date
    expires_on: date | None
    assurance: int
    known: int


@dataclass(slots=True)
class Found:
    """What one statement found, sorted by what it is; fulfilments and exemptions by requirement, then person."""

    posts: dict[int, list[Post]] = field(default_factory=dict)
    absences: dict[int, list[Span]] = field(default_factory=dict)
    exemptions: dict[int, dict[int, list[Span]]] = field(default_factory=dict)
    fulfilled: dict[int, dict[int, list[_Fulfilled]]] = field(default_factory=dict)
    edges: dict[int, list[Edge]] = field(default_factory=dict)

    def renewed(self, person_ids: Collection[int], fresh: Found) -> Found:
        """The same with everything about some people as found again; the tree stays as it was."""
        return Found(
            renewed(self.posts, person_ids, fresh.posts),
            renewed(self.absences, person_ids, fresh.absences),
            _renewed_each(self.exemptions, person_ids, fresh.exemptions),
            _renewed_each(self.fulfilled, person_ids, fresh.fulfilled),
            self.edges,
        )


def renewed(old: Mapping[int, V], person_ids: Collection[int], fresh: Mapping[int, V]) -> dict[int, V]:
    """Something by person, with that of some people as found again; who is not found again has none any more."""
    kept = dict(old)
    for person_id in person_ids:
        kept.pop(person_id, None)
    kept.update(fresh)
    return kept


def _renewed_each(
    old: Mapping[int, dict[int, V]], person_ids: Collection[int], fresh: Mapping[int, dict[int, V]]
) -> dict[int, dict[int, V]]:
    return {which: renewed(old.get(which, {}), person_ids, fresh.get(which, {})) for which in {*old, *fresh}}


def facts(
    requirement: RequirementRow, known_at: datetime | None, person_ids: Collection[int] | None = None
) -> dict[int, PersonFacts]:
    """The facts of everyone who ever had a primary assignment, under one requirement.

    As known at a moment; without one, all that is on record.
    """
    return facts_by_requirement([requirement], known_at, person_ids)[requirement.code]


def facts_by_requirement(
    requirements: Sequence[RequirementRow], known_at: datetime | None, person_ids: Collection[int] | None = None
) -> dict[str, dict[int, PersonFacts]]:
    """The same under several requirements, by code; one statement whatever their number."""
    found = _read([requirement.id for requirement in requirements], known_at, person_ids)
    staff: dict[tuple[int, tuple[str, ...]], dict[int, PersonFacts]] = {}
    by_code: dict[str, dict[int, PersonFacts]] = {}
    for requirement in requirements:
        audience = requirement.agency_id, requirement.families
        if audience not in staff:
            staff[audience] = _staff(Audience(*audience, found.edges), found)
        by_code[requirement.code] = _under(requirement, staff[audience], found)
    return by_code


def found_of(person_ids: Collection[int] | None = None) -> Found:
    """All that is on record about everybody or some people, under every requirement there is or will be."""
    if person_ids is None:
        return sorted_out(run(_WHOLE).all())
    if len(person_ids) == 1:
        return sorted_out(_rows((), None, person_ids))
    return sorted_out(run(_WHOLE_OF_SOME, {"people": list(person_ids)}).all())


def facts_found(
    requirement: RequirementRow, found: Found, edges: Mapping[int, Sequence[Edge]]
) -> dict[int, PersonFacts]:
    """The facts of those who were found, under a requirement and over a tree."""
    audience = Audience(requirement.agency_id, requirement.families, edges)
    return _under(requirement, _staff(audience, found), found)


def _staff(audience: Audience, found: Found) -> dict[int, PersonFacts]:
    """What holds of everyone under any requirement with the same audience."""
    return {
        person_id: PersonFacts(audience.spans(posts), tuple(found.absences.get(person_id, ())))
        for person_id, posts in found.posts.items()
    }


def _under(requirement: RequirementRow, staff: Mapping[int, PersonFacts], found: Found) -> dict[int, PersonFacts]:
    """Add what holds under this requirement alone."""
    exemptions = found.exemptions.get(requirement.id, {})
    fulfilled = found.fulfilled.get(requirement.id, {})
    by_person = dict(staff)
    for person_id in fulfilled.keys() | exemptions.keys():
        same = staff.get(person_id)
        if same is not None and same.audience:
            by_person[person_id] = PersonFacts(
                same.audience,
                same.absences,
                tuple(exemptions.get(person_id, ())),
                _accepted(requirement.terms, fulfilled.get(person_id, ())),
            )
    return by_person


def _accepted(terms: RequirementTerms, fulfilled: Sequence[_Fulfilled]) -> tuple[Accepted, ...]:
    """What counted, with its expiry as far as was known.

    The stored expiries know every record there is; where some were not known yet, they are worked out from the rest.
    """
    if all([item.known == _KNOWN for item in fulfilled]):
        return tuple([Accepted(item.achieved_on, item.expires_on, item.assurance, _ALWAYS) for item in fulfilled])
    known = [item for item in fulfilled if item.known != _UNKNOWN]
    return accept(terms, (Evidence(item.achieved_on, item.assurance, _ALWAYS) for item in known), _ALWAYS)


def _read(requirement_ids: Sequence[int], known_at: datetime | None, person_ids: Collection[int] | None) -> Found:
    return sorted_out(_rows(requirement_ids, known_at, person_ids))


def sorted_out(rows: Iterable[Any]) -> Found:
    """What some rows of `parts` say."""
    found = Found()
    for kind, who, what, start, end, family, number, known in rows:
        if kind == _FULFILLED:
            theirs = found.fulfilled.setdefault(what, {})
            theirs.setdefault(who, []).append(_Fulfilled(start, end, number, known))
        elif kind == _POST:
            found.posts.setdefault(who, []).append(Post(what, family, start, end or date.max))
        elif kind == _ABSENT:
            found.absences.setdefault(who, []).append(Span(start, end))
        elif kind == _EXEMPT:
            found.exemptions.setdefault(what, {}).setdefault(who, []).append(Span(start, end))
        else:
            found.edges.setdefault(who, []).append(Edge(what, start, end or date.max))
    return found


def _rows(
    requirement_ids: Sequence[int], known_at: datetime | None, person_ids: Collection[int] | None
) -> Iterable[Any]:
    past = known_at is not None
    asked: dict[str, Any] = {"known_at": known_at} if past else {}
    if person_ids is not None and len(person_ids) == 1:  # those under every requirement, as they are few
        return _OF_ONE[past].all(person=next(iter(person_ids)), **asked)
    asked["requirements"] = list(requirement_ids)
    if person_ids is None or len(person_ids) > _PART:
        return run(_OF_EVERYBODY[past], asked).all()
    return run(_OF_SOME[past], {**asked, "people": list(person_ids)}).all()


def parts(whom: Whom, past: bool, named: bool = True) -> list[Select[Any]]:
    """One select for each sort of fact; all give kind, who, what, first day, end, family, number, what was known.

    Under the requirements `named` alone, or under every one.
    """
    posts = _dated(past, _POST, Assignment, Assignment.person_id, Assignment.agency_id, Assignment.family)
    absences = _dated(past, _ABSENT, Absence, Absence.person_id, _NO_NUMBER).where(Absence.long_term)
    edges = _dated(past, _UNDER, AgencyParent, AgencyParent.child_id, AgencyParent.parent_id)
    exemptions = _dated(past, _EXEMPT, Exemption, Exemption.person_id, Exemption.requirement_id)
    fulfilled = _fulfilments(past)
    if named:
        exemptions = exemptions.where(Exemption.requirement_id.in_(_REQUIREMENTS))
        fulfilled = fulfilled.where(Fulfilment.requirement_id.in_(_REQUIREMENTS))
    of_people = (
        (fulfilled, Fulfilment.person_id),
        (posts.where(Assignment.is_primary), Assignment.person_id),
        (absences, Absence.person_id),
        (exemptions, Exemption.person_id),
    )
    return [*(_of(whom, part, who) for part, who in of_people), _above_one(edges) if whom == "one" else edges]


def _above_one(edges: Select[Any]) -> Select[Any]:
    """Of the whole tree, what stood above the agencies where somebody ever was."""
    above = select(Assignment.agency_id.label("id")).where(Assignment.person_id == _PERSON).cte("above", recursive=True)
    above = above.union(select(AgencyParent.parent_id).join(above, AgencyParent.child_id == above.c.id))
    return edges.where(AgencyParent.child_id.in_(select(above.c.id)))


def _of(whom: Whom, part: Select[Any], who: Any) -> Select[Any]:
    if whom == "everybody":
        return part
    return part.where(who == _PERSON if whom == "one" else who.in_(_PEOPLE))


def _fulfilments(past: bool) -> Select[Any]:
    days = (Fulfilment.achieved_on, Fulfilment.expires_on)
    columns = (_number(_FULFILLED), Fulfilment.person_id, Fulfilment.requirement_id, *days, _NO_WORD)
    if not past:
        return select(*columns, Fulfilment.assurance, _number(_KNOWN)).where(Fulfilment.revoked_at.is_(None))
    on_record = case(
        (Fulfilment.recorded_at > _KNOWN_AT, _UNKNOWN),
        (Fulfilment.revoked_at.is_(None), _KNOWN),
        (Fulfilment.revoked_at <= _KNOWN_AT, _UNKNOWN),
        else_=_REVOKED_SINCE,
    )
    return select(*columns, Fulfilment.assurance, on_record)


def _dated(past: bool, kind: int, row: type[Dated], who: Any, what: Any, word: Any = _NO_WORD) -> Select[Any]:
    """Dated facts on record: those that are now, or those that were at a moment past."""
    columns: tuple[Any, ...] = (who, what, row.starts_on, row.ends_on, word, _NO_NUMBER, _NO_NUMBER)
    known: Any = row.withdrawn_at.is_(None)
    if past:
        known = and_(row.recorded_at <= _KNOWN_AT, or_(known, row.withdrawn_at > _KNOWN_AT))
    wanted: Select[Any] = select(_number(kind), *columns).where(known)
    return wanted


def _number(value: int) -> Any:
    return literal_column(str(value), Integer)


# Written once: putting the statement together takes longer than running it for one person.
_OF_EVERYBODY: Final = [union_all(*parts("everybody", past)) for past in (False, True)]
_OF_SOME: Final = [union_all(*parts("some", past)) for past in (False, True)]
_OF_ONE: Final = [Prepared(union_all(*parts("one", past, named=False))) for past in (False, True)]
_WHOLE: Final = union_all(*parts("everybody", False, named=False))
_WHOLE_OF_SOME: Final = union_all(*parts("some", False, named=False))
