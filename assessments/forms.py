"""What an attempt's pages send: read strictly, so that nobody can slip in a score (row C2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from assessments.rules.responses import FormValues
from lms.kernel.errors import Refused

PAIR: Final = "match-"  # match-<left side> = <right side>
ANSWERS: Final = ("choice", "answer", "order")
ALONE: Final = frozenset({"csrf_token"})
KNOWN: Final = ALONE | {"revision", "save_id", "flagged", "go", "move", *ANSWERS}
LONGEST_SAVE_ID: Final = 40
MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSent:
    """An answer as it came, with where to go next: "next", "previous", "review", or "" to stay."""

    values: FormValues
    revision: int
    save_id: str
    flagged: bool
    go: str


class ExtraTimeForm(FlaskForm):
    """How much more time a person has in quizzes with a limit."""

    factor = RadioField(
        lazy_gettext("Time in quizzes with a limit"),
        choices=[
            SelectChoice("1", lazy_gettext("As everybody")),
            SelectChoice("5/4", lazy_gettext("A quarter more")),
            SelectChoice("3/2", lazy_gettext("Half as much again")),
            SelectChoice("2", lazy_gettext("Twice as much")),
            SelectChoice("unlimited", lazy_gettext("No limit")),
        ],
        validators=[InputRequired(lazy_gettext("Choose how much time this person has."))],
    )


def read_answer(form: MultiDict[str, str]) -> AnswerSent:
    """Read a question's form; raises Refused for a field that no question has."""
    pairs = {name.removeprefix(PAIR): value for name, value in form.items() if name.startswith(PAIR)}
    _refuse_unknown(name for name in form if name not in KNOWN and not name.startswith(PAIR))
    listed = [value for name in ANSWERS for value in form.getlist(name)]
    return AnswerSent(
        values=pairs or moved(listed, form.get("move", "")),
        revision=_revision(form.get("revision", "")),
        save_id=form.get("save_id", "")[:LONGEST_SAVE_ID],
        flagged="flagged" in form,
        go=form.get("go", ""),
    )


def read_nothing(form: MultiDict[str, str]) -> None:
    """Make sure that a form of one button says nothing else; raises Refused."""
    _refuse_unknown(name for name in form if name not in ALONE)


def moved(items: list[str], move: str) -> list[str]:
    """The items with one of them a place further up or down: `up:k`; anything else leaves them as they are."""
    direction, _colon, item = move.partition(":")
    if item not in items or direction not in ("up", "down"):
        return items
    at = items.index(item)
    to = at - 1 if direction == "up" else at + 1
    if not 0 <= to < len(items):
        return items
    others = [*items[:at], *items[at + 1 :]]
    return [*others[:to], item, *others[to:]]


def _refuse_unknown(names: Iterable[str]) -> None:
    unknown = sorted(names)
    if unknown:
        message = _("Nothing was saved: the field “%(name)s” is unknown here.", name=unknown[0][:60])
        raise Refused(message, errors={name[:60]: _("unknown field") for name in unknown})


def _revision(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return int(text)
    message = _("Nothing was saved: the form does not say which revision it shows. Reload the page.")
    raise Refused(message, errors={"revision": message})
