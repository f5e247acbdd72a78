"""What the word of others counts for: participation, until an administrator recognises the activity for more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lms.skills.rules.assurance import COUNTS_FROM
from lms.xapi.rules.iris import begins

PARTICIPATION: Final = 1
UNRECOGNISED: Final = 0  # the recognition of what nobody had to recognise
LONGEST_TARGET: Final = 80
_KIND: Final = "activity:"


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody outside says that one of our people did; `sender` is the identifier of the authority.

    `shows_success` is true for passed and mastered, and for completed with success.
    """

    activity: str
    sender: str
    shows_success: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A decision on what an activity counts as; of any sender where `sender` is empty, until it is withdrawn."""

    id: int
    activity: str
    is_prefix: bool
    sender: str
    target: str
    level: int | None
    assurance: int
    valid_months: int | None
    recorded_at: datetime
    withdrawn_at: datetime | None

    def covers(self, activity: str, sender: str) -> bool:
        """Whether the decision is about an activity, as a sender names it."""
        named = begins(activity, self.activity) if self.is_prefix else activity == self.activity
        return named and self.sender in ("", sender)

    def counts(self, word: Word) -> bool:
        """Whether the decision applies to a word: a test takes success, taking part does not."""
        return self.covers(word.activity, word.sender) and (word.shows_success or self.assurance < COUNTS_FROM)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a word counts as, from when to when; by which recognition."""

    recognition: int
    target: str
    level: int | None
    assurance: int
    valid_months: int | None
    recorded_at: datetime
    revoked_at: datetime | None


def activity_target(activity: str) -> str:
    """How an activity elsewhere stands among what people attained: by its IRI, or its hash where that is too long."""
    target = _KIND + activity
    if len(target) <= LONGEST_TARGET:
        return target
    return f"{_KIND}sha256:{hashlib.sha256(activity.encode()).hexdigest()}"


def activity_of(target: str) -> str | None:
    """The activity elsewhere that was taken part in, by IRI or hash; None where something of ours was attained."""
    return target.removeprefix(_KIND) if target.startswith(_KIND) else None


def counted(
    word: Word, stored: datetime, withdrawn_at: datetime | None, recognitions: Iterable[Recognition]
) -> Iterator[Counted]:
    """Everything that a word counts as, by what has been decided up to now.

    It follows from the statement and the decisions alone, whichever came first: a decision counts from its own moment
    on, and its withdrawal or the statement's ends it. `withdrawn_at` is when the statement was voided.
    """
    target = activity_target(word.activity)
    yield Counted(UNRECOGNISED, target, None, PARTICIPATION, None, stored, _end(stored, withdrawn_at))
    for decided in recognitions:
        if not decided.counts(word) or (decided.withdrawn_at is not None and decided.withdrawn_at < stored):
            continue
        since = max(stored, decided.recorded_at)
        until = _end(since, withdrawn_at, decided.withdrawn_at)
        yield Counted(decided.id, decided.target, decided.level, decided.assurance, decided.valid_months, since, until)


def _end(since: datetime, *moments: datetime | None) -> datetime | None:
    """The first of some moments, but nothing ends before it began."""
    ends = [moment for moment in moments if moment is not None]
    return max(since, min(ends)) if ends else None
