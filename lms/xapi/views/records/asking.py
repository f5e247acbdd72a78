"""What the address of the list asks for: read, checked, and given back as parts of other addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _

from lms.web.guards import current_actor
from lms.xapi import policy
from lms.xapi.forms import FilterForm
from lms.xapi.queries import browsing
from lms.xapi.queries.browsing import Listing, Place, Something, Wish
from lms.xapi.views.records import wording

MOST = 10
LARGEST = 2**63 - 1
LARGEST_KEY = 2**31 - 1
HIDDEN = ("person", "agent")  # in the address, without a field of their own


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
    places = browsing.places(current_actor().reach(policy.SEE))
    keys = {choice.value: choice.name for choice in browsing.senders_met()}
    deeds = wording.deeds(browsing.verbs_met(wording.language()))
    form = FilterForm(wording.places(places), deeds, {**wording.senders(), **keys}, given)
    form.validate()
    kept = {name: given[name] for name in (*HIDDEN, *form.data) if given.get(name, "").strip()}
    if kept.get("who"):
        kept = {name: text for name, text in kept.items() if name not in HIDDEN}
    found = Asked(form, _wish(form, places), kept)
    tell_unknown(found, {name for name in HIDDEN if name in kept and _number(name, LARGEST_KEY) is None})
    _resolve(found)
    return found


def tell_unknown(found: Asked, parts: Set[str]) -> None:
    """Say beside the field what is asked for and is not on record; nobody goes on asking for it."""
    words = {
        "person": _("Nobody here has the number %(text)s: type a name, a mail address or an account"),
        "agent": _("No account on record has the number %(text)s: type a name, a mail address or an account"),
        "activity": _("No activity on record has this address: check it, or type a word of its title"),
    }
    for part in sorted(parts):
        field = found.form["activity" if part == "activity" else "who"]
        text = found.kept.get(part, "")[:60]
        field.errors = [*field.errors, words[part] % {"text": text}]
        if part in HIDDEN:
            found.kept.pop(part, None)


def address(kept: Mapping[str, str | None], **more: Any) -> str:
    """The list with some filters; those that are None are left out."""
    return url_for("records.statements", **{**kept, **more})


def chips(found: Asked, listing: Listing) -> list[tuple[str, str]]:
    """Each filter in force in words, and the list without it."""
    words = {
        "person": _("Person: %(name)s", name=listing.person),
        "agent": _("Account: %(name)s", name=listing.agent),
        "registration": _("Registration: %(id)s", id=wording.short(found.kept.get("registration", ""))),
        "agency": _("Agency: %(name)s", name=_chosen(found.form.agency).strip()),
        "activity": _("Activity: %(name)s", name=wording.named(listing.activity, found.wish.activity)),
        "verb": _("What happened: %(word)s", word=_chosen(found.form.verb)),
        "sender": _("Told by: %(name)s", name=_chosen(found.form.sender)),
        "since": _("From %(day)s", day=wording.day(found.wish.begin) if found.wish.begin else ""),
        "until": _("Until %(day)s", day=wording.day(found.wish.end) if found.wish.end else ""),
        "withdrawn": _("Withdrawn ones too"),
    }
    return [(words[part], address({**found.kept, part: None})) for part in found.kept if part in words]


def _wish(form: FilterForm, places: Sequence[Place]) -> Wish:
    return Wish(
        person_id=_number("person", LARGEST_KEY),
        agent_id=_number("agent", LARGEST_KEY),
        agencies=browsing.beneath(places, form.agency.data) if form.agency.data else None,
        verb=form.verb.data or "",
        activity=(form.activity.data or "").strip(),
        sender=form.sender.data or "",
        registration=_uuid((form.registration.data or "").strip()),
        begin=form.since.data,
        end=form.until.data,
        withdrawn=bool(form.withdrawn.data),
        older=_number("older", LARGEST),
        newer=_number("newer", LARGEST),
    )


def _resolve(found: Asked) -> None:
    """Names become what they mean: one meaning leads on, several are offered, none is an error beside the field."""
    typed = {"who": found.kept.get("who", "").strip(), "activity": found.wish.activity}
    typed = {name: "" if found.form[name].errors else text for name, text in typed.items()}
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
