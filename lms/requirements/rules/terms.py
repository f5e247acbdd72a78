"""The facts that decide where a person stands: terms of a requirement, dated staff facts, accepted attainments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Mode = Literal["none", "from_completion", "from_expiry", "fixed_cycle"]
Status = Literal["not_applicable", "excused", "exempt", "met", "not_yet_due", "in_grace", "overdue"]
Reason = Literal["never", "lapsed"]

RECURRENCES: Final[tuple[Mode, ...]] = ("none", "from_completion", "from_expiry", "fixed_cycle")
STATUSES: Final[tuple[Status, ...]] = (
    "not_applicable",
    "excused",
    "exempt",
    "met",
    "not_yet_due",
    "in_grace",
    "overdue",
)
_TESTED: Final = 2
_DECEMBER: Final = 12


class UnusableTerms(ValueError):
    """The terms of a requirement contradict themselves; the message says which and what to write instead."""


@dataclass(frozen=True, slots=True)
class Span:
    """A staff fact that holds on [start, end); `end` None is open.

    It is known to whoever asks at `known_on` if recorded_on ≤ known_on < withdrawn_on. Left out, it was always known.
    """

    start: date
    end: date | None = None
    recorded_on: date = date.min
    withdrawn_on: date = date.max

    def covers(self, day: date, known_on: date | None = None) -> bool:
        """Say whether the fact holds on a day, as far as was known; without `known_on`, on that day."""
        if self.start > day or (self.end is not None and self.end <= day):
            return False
        return self.recorded_on <= (known_on or day) < self.withdrawn_on


@dataclass(frozen=True, slots=True)
class Extension:
    """A later due date, granted once for the due date it names; the original stays on record."""

    due_on: date
    until: date
    recorded_on: date = date.min
    withdrawn_on: date = date.max


@dataclass(frozen=True, slots=True)
class DueRule:
    """When a first completion is due: some days after the spell began, or on a fixed day with a minimum notice."""

    initial_days: int = 30
    fixed_on: date | None = None
    min_notice_days: int = 14

    def __post_init__(self) -> None:
        """Refuse negative periods."""
        if self.initial_days < 0 or self.min_notice_days < 0:
            raise UnusableTerms("A due rule has a negative period: write initial and notice days as 0 or more.")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Whether and how an accepted attainment runs out; `cycle_start_month` and `early_days` serve `fixed_cycle`."""

    mode: Mode = "none"
    validity_months: int = 12
    window_days: int = 60
    cycle_start_month: int = 4
    early_days: int = 0

    def __post_init__(self) -> None:
        """Refuse a mode that does not exist and periods that make no sense."""
        if self.mode not in RECURRENCES:
            raise UnusableTerms(f"Recurrence {self.mode!r} is unknown: use one of {', '.join(RECURRENCES)}.")
        if self.validity_months < 1 and self.mode in ("from_completion", "from_expiry"):
            raise UnusableTerms(f"Recurrence {self.mode} needs a validity of at least 1 month.")
        if not 1 <= self.cycle_start_month <= _DECEMBER:
            raise UnusableTerms("The month in which a cycle starts must be 1 to 12.")
        if self.window_days < 0 or self.early_days < 0:
            raise UnusableTerms("The renewal window and the early days must be 0 or more.")


@dataclass(frozen=True, slots=True)
class RequirementTerms:
    """What a requirement asks, as far as it decides a status; in force on [effective_from, effective_to)."""

    effective_from: date
    effective_to: date | None = None
    due: DueRule = field(default_factory=DueRule)
    recurrence: Recurrence = field(default_factory=Recurrence)
    grace_days: int = 14
    return_days: int = 28
    min_rank: int = _TESTED
    min_level: int = 0

    def __post_init__(self) -> None:
        """Refuse negative periods."""
        if self.grace_days < 0 or self.return_days < 0:
            raise UnusableTerms("Grace and return days must be 0 or more.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """An attainment of the target or of an equivalent, before the requirement gives it an expiry."""

    achieved_on: date
    assurance_rank: int
    recorded_on: date
    revoked_on: date | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """An attainment with the expiry that the requirement gives it.

    It counts for whoever asks at `known_on` if recorded_on ≤ known_on and it was not revoked by then.
    """

    achieved_on: date
    expires_on: date | None
    assurance_rank: int
    recorded_on: date
    revoked_on: date | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything about one person that decides the status under one requirement.

    `audience`: when the person's assignment matched the audience; `absences`: the long ones only.
    """

    audience: tuple[Span, ...]
    absences: tuple[Span, ...] = ()
    exemptions: tuple[Span, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    extensions: tuple[Extension, ...] = ()
