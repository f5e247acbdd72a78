"""Times and answers as these pages say them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask_babel import format_datetime, format_time
from flask_babel import gettext as _

from assessments.queries.attempts import AttemptHead
from assessments.queries.quizzes import PastAttempt
from lms.web.shells import language


def saved_text(saved_at: datetime | None) -> str:
    """“Saved 10:42”; nothing before the first save."""
    return _saved(saved_at.replace(second=0, microsecond=0), language()) if saved_at else ""


@lru_cache(maxsize=100)
def _saved(minute: datetime, said_in: str) -> str:
    """The same for all that was saved within a minute; in a language."""
    return str(_("Saved %(time)s", time=format_time(minute, "HH:mm")))


def moment_text(moment: datetime | None) -> str:
    """A moment for people."""
    return str(format_datetime(moment, "d MMMM y, HH:mm")) if moment else ""


@dataclass(frozen=True, slots=True)
class AttemptEntry:
    """An attempt in the list of one's attempts."""

    title: str
    when: str
    iso: str
    icon: str
    tone: str
    text: str = ""
    url: str = ""


def attempt_entries(past: Iterable[PastAttempt]) -> list[AttemptEntry]:
    """One's attempts, the last one first."""
    return [_entry(attempt) for attempt in sorted(past, key=lambda one: one.number, reverse=True)]


def _entry(attempt: PastAttempt) -> AttemptEntry:
    name = _("Attempt %(n)s", n=attempt.number)
    moment = attempt.submitted_at or attempt.started_at
    when, iso = moment_text(moment), moment.isoformat()
    if attempt.submitted_at is None:
        return AttemptEntry(_("%(attempt)s: begun", attempt=name), when, iso, "play", "info")
    percent = attempt.percent or 0
    if attempt.passed:
        title, icon, tone = _("%(attempt)s: passed with %(n)s%%", attempt=name, n=percent), "check", "ok"
    else:
        title, icon, tone = _("%(attempt)s: %(n)s%%, not passed", attempt=name, n=percent), "close", "warn"
    return AttemptEntry(title, when, iso, icon, tone, url=f"/learn/attempts/{attempt.id}/result")


def lead(kind: str) -> str:
    """What to do with a question of a kind, in one short sentence."""
    sentences = {
        "single": _("Select one answer."),
        "scenario": _("Select what you would do."),
        "truefalse": _("Select true or false."),
        "multi": _("Select all that apply."),
        "short": _("Write a short answer."),
        "number": _("Write a number."),
        "match": _("Choose a partner for each line."),
        "order": _("Put these in the right order with the arrow buttons."),
    }
    return str(sentences.get(kind, ""))


def minutes_left(head: AttemptHead, now: datetime) -> int | None:
    """Whole minutes until the deadline, rounded up."""
    if head.deadline_at is None:
        return None
    return max(0, -(-int((head.deadline_at - now).total_seconds()) // 60))
