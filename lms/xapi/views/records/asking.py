"""What the address of the list asks for: read, checked, and given back as parts of other addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _

from lms.xapi.forms import FilterForm
from lms.xapi.queries import browsing
from lms.xapi.queries.browsing import Listing, Something, Wish
from lms.xapi.views.records import wording

MOST = 10
LARGEST = 2**63 - 1
LARGEST_KEY = 2**31 - 1
HIDDEN = ("person", "agent", "registration")  # in the address, without a field of their own


@dataclass(frozen=True, slots=True)
class Meant:
    """Whoever and whatever may be meant by what was typed; one of each stands in the address instead."""

    part: str
    found: Sequence[Something]


@dataclass(slots=True)
class Asked:
    """The filter as it was sent, what it means, and between whom the reader has to choose."""

    form: FilterForm
    wish: Wish
    kept: dict[str, str]
    choices: list[Meant] = field(default_factory=list)
    onward: str | None = None

    @property
    def is_clear(self) -> bool:
        """Whether statements can be shown."""
        return not self.form.errors and not self.choices


def asked() -> Asked:
    """Read the address."""
    given = request.args
    verbs = {choice.value: choice.name for choice in browsing.verbs_met()}
    keys = {choice.value: choice.name for choice in browsing.senders_met()}
    senders = {**wording.senders(), **keys}
    form = FilterForm(verbs, senders, given)
    form.validate()
    kept = {name: given[name] for name in (*HIDDEN, *form.data) if given.get(name, "").strip()}
    if kept.get("who"):
        kept = {name: text for name, text in kept.items() if name not in ("person", "agent")}
    found = Asked(form, _wish(form), kept)
    if not form.errors:
        _resolve(found)
    return found


def address(kept: Mapping[str, str | None], **more: Any) -> str:
    """The list with some filters; those that are None are left out."""
    return url_for("records.statements", **{**kept, **more})


def chips(found: Asked, listing: Listing) -> list[tuple[str, str]]:
    """Each filter in force in words, and the list without it."""
    words = {
        "person": _("Person: %(name)s", name=listing.person or _("not known any more")),
        "agent": _("Account: %(name)s", name=listing.agent or _("not known")),
        "registration": _("Registration: %(id)s", id=wording.short(found.kept.get("registration", ""))),
        "activity": _("Activity: %(name)s", name=wording.named(listing.activity, found.wish.activity)),
        "verb": _("What happened: %(word)s", word=_chosen(found.form.verb)),
        "sender": _("Told by: %(name)s", name=_chosen(found.form.sender)),
        "since": _("From %(day)s", day=wording.day(found.wish.begin) if found.wish.begin else ""),
        "until": _("Until %(day)s", day=wording.day(found.wish.end) if found.wish.end else ""),
        "withdrawn": _("Withdrawn ones too"),
    }
    return [(words[part], address({**found.kept, part: None})) for part in found.kept if part in words]


def _wish(form: FilterForm) -> Wish:
    given = request.args
    return Wish(
        person_id=_number("person", LARGEST_KEY),
        agent_id=_number("agent", LARGEST_KEY),
        verb=form.verb.data or "",
        activity=(form.activity.data or "").strip(),
        sender=form.sender.data or "",
        registration=_uuid(given.get("registration", "")),
        begin=form.since.data,
        end=form.until.data,
        withdrawn=bool(form.withdrawn.data),
        older=_number("older", LARGEST),
        newer=_number("newer", LARGEST),
    )


def _resolve(found: Asked) -> None:
    """Names become what they mean: one meaning leads on, several are offered, none is an error beside the field."""
    typed = {"who": found.kept.get("who", "").strip(), "activity": found.wish.activity}
    parts: dict[str, str] = {}
    if typed["who"]:
        part, people = _people(typed["who"])
        _settle(found, parts, "who", Meant(part, people))
    if typed["activity"] and "://" not in typed["activity"]:
        things = browsing.activities_called(typed["activity"], MOST, wording.language())
        if [thing.key for thing in things] != [typed["activity"]]:
            _settle(found, parts, "activity", Meant("activity", things))
    if parts and found.is_clear:
        found.onward = address({**found.kept, "who": None, **parts})


def _settle(found: Asked, parts: dict[str, str], name: str, meant: Meant) -> None:
    """Take the one meaning that there is."""
    if len(meant.found) == 1:
        parts[meant.part] = meant.found[0].key
    elif meant.found:
        found.choices.append(meant)
    else:
        nothing = {
            "who": _("Nobody here is known by that: try a name, a mail address or an account"),
            "activity": _("No activity is called that: try a word of its title or its whole address"),
        }
        found.form[name].errors = [nothing[name]]


def _people(text: str) -> tuple[str, list[Something]]:
    known = browsing.people_called(text, MOST)
    if known:
        return "person", [Something(str(one.id), one.name, one.account_name) for one in known]
    return "agent", list(browsing.agents_called(text))


def _chosen(field: Any) -> str:
    return next((str(choice.label) for choice in field.choices if choice.value == field.data), field.data or "")


def _number(name: str, largest: int) -> int | None:
    found = request.args.get(name, "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 20 and int(found) <= largest else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
