"""Classes of records, when they are old enough to go, and what holds keep back."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from lms.xapi.rules import verbs

RecordClass = Literal["sign_ins", "reading", "answers", "results", "outside"]
CLASSES: Final[tuple[RecordClass, ...]] = ("sign_ins", "reading", "answers", "results", "outside")
_ADL: Final = "http://adlnet.gov/expapi/verbs/"
VERBS: Final[Mapping[RecordClass, frozenset[str]]] = {
    "sign_ins": frozenset({verbs.LOGGED_IN, verbs.LOGGED_OUT}),
    "reading": frozenset(
        {
            verbs.EXPERIENCED,
            verbs.LAUNCHED,
            verbs.INITIALIZED,
            verbs.TERMINATED,
            verbs.ATTEMPTED,
            _ADL + "progressed",
            _ADL + "suspended",
            _ADL + "resumed",
        }
    ),
    "answers": frozenset({verbs.ANSWERED}),
}
NAMED: Final = frozenset().union(*VERBS.values())  # whatever else we say is a result


def class_of(verb: str, *, own: bool) -> RecordClass:
    """The class that a statement belongs to: by whose word it is, and by its verb."""
    if not own:
        return "outside"
    return next((name for name, iris in VERBS.items() if verb in iris), "results")


def months_before(moment: datetime, months: int) -> datetime:
    """The moment some calendar months earlier; a day that its month lacks becomes the month's last."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    if years < 1:
        return moment.replace(year=1, month=1, day=1)
    return moment.replace(year=years, month=month + 1, day=min(moment.day, monthrange(years, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Rule:
    """After how many months a class goes; of an agency and those beneath it, or everywhere."""

    id: int
    record_class: RecordClass
    agency_id: int | None
    months: int


@dataclass(frozen=True, slots=True)
class Held:
    """What may not go: statements of persons, of agencies (those beneath them included), and of classes."""

    persons: frozenset[int] = field(default_factory=frozenset)
    agencies: frozenset[int] = field(default_factory=frozenset)
    classes: frozenset[str] = field(default_factory=frozenset)

    def keeps(self, record_class: str, person_id: int | None, agency_id: int | None) -> bool:
        """Whether a statement is held back."""
        return person_id in self.persons or agency_id in self.agencies or record_class in self.classes


@dataclass(frozen=True, slots=True)
class Due:
    """Statements that a rule lets go: of its class, of some agencies, stored before a moment.

    `agencies` counts None for statements that belong to no agency.
    """

    rule: Rule
    before: datetime
    agencies: frozenset[int | None]


def due(rules: Iterable[Rule], parents: Mapping[int, int | None], now: datetime) -> list[Due]:
    """What each rule lets go now: of several rules, an agency follows the one that stands nearest above it.

    `parents` names what each agency last stood under, closed agencies included.
    """
    chosen: dict[int, set[int | None]] = {}
    known = list(rules)
    by_place = {(rule.record_class, rule.agency_id): rule for rule in known}
    for record_class in CLASSES:
        for agency in (None, *parents):
            rule = _nearest(by_place, record_class, agency, parents)
            if rule is not None:
                chosen.setdefault(rule.id, set()).add(agency)
    return [
        Due(rule, months_before(now, rule.months), frozenset(chosen[rule.id])) for rule in known if rule.id in chosen
    ]


def _nearest(
    rules: Mapping[tuple[RecordClass, int | None], Rule],
    record_class: RecordClass,
    agency: int | None,
    parents: Mapping[int, int | None],
) -> Rule | None:
    met: set[int] = set()
    while agency is not None and agency not in met:
        found = rules.get((record_class, agency))
        if found is not None:
            return found
        met.add(agency)
        agency = parents.get(agency)
    return rules.get((record_class, None))
