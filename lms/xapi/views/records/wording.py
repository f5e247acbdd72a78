"""Statements, moments and keys as people read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_babel import format_date, format_datetime, format_decimal, get_locale
from flask_babel import gettext as _

from lms.kernel.sealing import jobs
from lms.xapi.queries.browsing import IMPORTED, LAUNCHED, OURS, Deed, Line, Place
from lms.xapi.queries.keys import KeyRow
from lms.xapi.rules.sentences import in_language

A_MOMENT = timedelta(minutes=10)


def language() -> str:
    """The reader's language."""
    return str(get_locale())


def sentence(line: Line) -> str:
    """Who did what: "Amina Diallo passed Phishing check, 80%"."""
    return str(_("%(who)s %(did)s", who=line.who, did=deed(line)))


def deed(line: Line) -> str:
    """What was done, without who did it."""
    parameters = dict(line.sentence.parameters)
    if line.statement["object"].get("objectType") == "StatementRef":
        parameters["what"] = _("another statement")
    return str(_(line.sentence.key, **parameters))


def deeds(met: Sequence[Deed]) -> dict[str, str]:
    """What people did, each by its verb, in the order of the words; where two share them, the host tells them apart."""
    words = {one.verb: str(_(one.sentence.key, **one.sentence.parameters)) for one in met}
    shared = Counter(words.values())
    told = {
        one.verb: f"{words[one.verb]} ({one.host})" if shared[words[one.verb]] > 1 else words[one.verb] for one in met
    }
    return dict(sorted(told.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def places(known: Sequence[Place]) -> dict[str, str]:
    """The agencies to choose from, each by its code, indented as they stand."""
    return {place.code: "\u2003" * place.depth + place.name for place in known if place.is_open}


def told_by(line: Line) -> str:
    """On whose word."""
    return senders().get(line.sender) or line.told_by


def senders() -> dict[str, str]:
    """Whoever tells something without a key."""
    return {OURS: _("This system"), LAUNCHED: _("A launched unit"), IMPORTED: _("Import from a file")}


def is_late(line: Line) -> bool:
    """Whether it was recorded noticeably later than it happened, or even before."""
    return abs(line.stored - line.happened) > A_MOMENT


def withdrawn(line: Line) -> str:
    """Since when it counts for nothing; nothing where it stands."""
    if line.withdrawn_by is None:
        return ""
    if line.withdrawn_at is None:
        return str(_("Withdrawn"))
    return str(_("Withdrawn on %(day)s", day=day(line.withdrawn_at)))


def named(definition: Mapping[str, Any], iri: str) -> str:
    """An activity's name in the reader's language; its IRI where it has none."""
    return in_language(definition.get("name", {}), language()) or iri


def moment(value: datetime) -> str:
    """A moment to the minute."""
    return str(format_datetime(value, "d MMM y, HH:mm 'UTC'"))


def exactly(value: datetime) -> str:
    """A moment to the millisecond, as auditors need it."""
    return str(format_datetime(value, "d MMM y, HH:mm:ss.SSS 'UTC'"))


def next_sealing() -> str:
    """When the record is sealed next."""
    return moment(datetime(1970, 1, 1, tzinfo=UTC) + (jobs.period() + 1) * jobs.EVERY)


def day(value: date | datetime) -> str:
    """A day."""
    return str(format_date(value, "d MMM y"))


def short_day(value: date) -> str:
    """A day of this year."""
    return str(format_date(value, "d MMM"))


def number(count: int) -> str:
    """A count with its thousands apart."""
    return str(format_decimal(count))


def short(text: str) -> str:
    """The beginning of a long code."""
    return f"{text[:12]}…" if len(text) > 13 else text


def scopes() -> dict[str, str]:
    """What each scope opens, in a few words."""
    return {
        "statements/read": _("Read all statements"),
        "statements/read/mine": _("Read the statements it sent itself"),
        "statements/write": _("Send statements"),
        "state": _("Read and keep the states of activities"),
        "activities_profile": _("Read and keep documents about activities"),
        "agents_profile": _("Read and keep documents about people"),
        "all/read": _("Read everything in the record"),
        "all": _("Everything, withdrawing statements included"),
    }


def explained() -> dict[str, str]:
    """What to think of before a scope is given."""
    return {
        "statements/read": _("Everybody's learning, under pseudonymous accounts."),
        "statements/read/mine": _("For a system that only checks what it has sent."),
        "statements/write": _("For a course, a simulator or another learning system that reports what people did."),
        "state": _("Where somebody stopped, kept by the activity itself."),
        "activities_profile": _("What a course keeps for all who take it."),
        "agents_profile": _("What a system keeps about a person beside statements."),
        "all/read": _("For reports and copies elsewhere: statements, states and documents."),
        "all": _("Give this to nobody but a system that replaces the record's own clients."),
    }


def state(row: KeyRow) -> tuple[str, str]:
    """Whether a key opens the record now, as a chip."""
    names: dict[str, str] = {"active": _("Active"), "expired": _("Expired"), "revoked": _("Revoked")}
    return row.state, names[row.state]
