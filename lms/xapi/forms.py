"""Forms of this room: what of the record is shown, and a new key to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

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


class FilterForm(Form):
    """Which statements are shown; sent as part of the address."""

    who = StringField(_l("Person"), [Length(max=200)])
    activity = StringField(_l("Activity"), [Length(max=1000)])
    verb = SelectField(_l("What happened"), default="", validate_choice=False)
    sender = SelectField(_l("Told by"), default="", validate_choice=False)
    since = Day(_l("Recorded from"), [Optional()])
    until = Day(_l("Recorded until"), [Optional()])
    withdrawn = SelectField(
        _l("Withdrawn ones"),
        choices=[SelectChoice("", _l("Left out")), SelectChoice("y", _l("Shown too"))],
        default="",
        validate_choice=False,
    )

    def __init__(self, verbs: Choices, senders: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verb.choices = [SelectChoice("", _("Anything")), *(SelectChoice(*pair) for pair in verbs.items())]
        self.sender.choices = [SelectChoice("", _("Anybody")), *(SelectChoice(*pair) for pair in senders.items())]

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
        [InputRequired(_l("Enter who uses the key")), Length(max=LONGEST_NAME)],
    )
    scopes = SelectMultipleField(
        _l("What it may do"), [InputRequired(_l("Choose at least one thing that the key may do"))]
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
