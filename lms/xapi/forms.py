"""Forms of this room: what of the record is shown, and a new key to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, Form, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.kernel import clock
from lms.xapi.policy import SCOPES

LONGEST_NAME: Final = 120
FIRST, LAST = date(1970, 1, 1), date(2100, 12, 31)
Choices = Mapping[str, str]


class Day(DateField):
    """A day; says how one is written where it cannot be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata([text.strip() for text in valuelist])
        except ValueError:
            raise ValueError(_("This is not a day: write it as 2026-03-31")) from None


class Offered:
    """One of the choices; tells what was sent instead, as a list cannot show it."""

    def __init__(self, words: Any) -> None:
        self._words = words

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse anything else."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(str(self._words) % {"value": field.data[:60]})


class FilterForm(Form):
    """Which statements are shown; sent as part of the address."""

    who = StringField(
        _l("Person"), [Length(max=200, message=_l("This is too long: a name, a mail address or an account is enough"))]
    )
    activity = StringField(
        _l("Activity"), [Length(max=1000, message=_l("This is too long: an address has at most 1,000 characters"))]
    )
    agency = SelectField(
        _l("Agency"),
        [Offered(_l("No agency within your area has the code “%(value)s”: choose one from the list"))],
        default="",
        validate_choice=False,
    )
    verb = SelectField(
        _l("What happened"),
        [Offered(_l("Nothing on record is called “%(value)s”: choose one from the list"))],
        default="",
        validate_choice=False,
    )
    sender = SelectField(
        _l("Told by"),
        [Offered(_l("Nobody called “%(value)s” tells anything here: choose one from the list"))],
        default="",
        validate_choice=False,
    )
    since = Day(_l("Recorded from"), [Optional()])
    until = Day(_l("Recorded until"), [Optional()])
    withdrawn = SelectField(
        _l("Withdrawn ones"),
        [Offered(_l("“%(value)s” means nothing here: choose whether they are left out or shown too"))],
        choices=[SelectChoice("", _l("Left out")), SelectChoice("y", _l("Shown too"))],
        default="",
        validate_choice=False,
    )
    registration = StringField(_l("Registration"))

    def __init__(self, agencies: Choices, verbs: Choices, senders: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            self.agency: {"": _("All within my area"), **agencies},
            self.verb: {"": _("Anything"), **verbs},
            self.sender: {"": _("Anybody"), **senders},
        }
        for field, choices in offered.items():
            field.choices = [SelectChoice(*pair) for pair in choices.items()]

    def validate_registration(self, field: Field) -> None:
        """As it is written."""
        try:
            UUID((field.data or "").strip() or 32 * "0")
        except ValueError:
            text = _("This is not a registration: copy one from a statement's page, or leave it empty")
            raise ValidationError(text) from None

    def validate_since(self, field: Field) -> None:
        """Within what a calendar holds."""
        _near(field.data)

    def validate_until(self, field: Field) -> None:
        """Not before the beginning."""
        _near(field.data)
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(_("This day is before the first one: choose a later one"))


class KeyForm(FlaskForm):
    """Who gets a key, what it opens, and until when."""

    name = StringField(
        _l("Who uses it"),
        [
            InputRequired(_l("Enter who uses the key")),
            Length(max=LONGEST_NAME, message=_l("Use at most 120 characters")),
        ],
    )
    scopes = SelectMultipleField(
        _l("What it may do"),
        [InputRequired(_l("Choose at least one thing that the key may do"))],
        invalid_choice_message=_l("A key cannot do “%(value)s”: choose from these"),
    )
    expires_on = Day(_l("Stops working on"), [Optional()])

    def __init__(self, scopes: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes.choices = [SelectChoice(scope, scopes[scope]) for scope in SCOPES]

    def validate_expires_on(self, field: Field) -> None:
        """In the future."""
        _near(field.data)
        if field.data and field.data <= clock.today():
            raise ValidationError(_("Choose a day after today"))


class RevocationForm(FlaskForm):
    """Nothing but the wish to end a key."""


def _near(day: date | None) -> None:
    if day is not None and not FIRST <= day <= LAST:
        raise ValidationError(_("This day is too far away: choose one from 1970 to 2100"))
