"""Forms of this room: how long records are kept, what is kept back, and who is erased and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

LONGEST_WHY: Final = 2000
MOST_MONTHS: Final = 1200
LONG_WHY: Final = _l("Give the reason in at most 2,000 characters")
NO_CLASS: Final = _l("There is no such class of records: choose one of these")
NO_AGENCY: Final = _l("There is no such agency: choose one from the list")
CLASSES: Final = (
    SelectChoice("sign_ins", _l("Signing in and out")),
    SelectChoice("reading", _l("Opening and reading")),
    SelectChoice("answers", _l("Single answers in quizzes")),
    SelectChoice("results", _l("Results and everything else said here")),
    SelectChoice("outside", _l("What other systems said")),
)


class Whole(IntegerField):
    """A whole number; of what is none its range says what it should be, once."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class ReasonForm(FlaskForm):
    """Why something ends."""

    why = TextAreaField(_l("Reason"), [InputRequired(_l("Give the reason")), Length(max=LONGEST_WHY, message=LONG_WHY)])


class RuleForm(FlaskForm):
    """How long a class of records is kept, and where."""

    record_class = RadioField(
        _l("Which records"),
        choices=CLASSES,
        validators=[InputRequired(_l("Choose a class"))],
        invalid_choice_message=NO_CLASS,
    )
    agency_id = SelectField(
        _l("Where"), coerce=int, default=0, invalid_value_message=NO_AGENCY, invalid_choice_message=NO_AGENCY
    )
    months = Whole(
        _l("Months they are kept"),
        [
            InputRequired(_l("Enter a number of months")),
            NumberRange(1, MOST_MONTHS, _l("Enter a number of months from 1 to 1200")),
        ],
    )
    why = TextAreaField(_l("Reason"), [InputRequired(_l("Give the reason")), Length(max=LONGEST_WHY, message=LONG_WHY)])

    def __init__(self, agencies: Mapping[int, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency_id.choices = [(0, _("Everywhere")), *agencies.items()]

    @property
    def terms(self) -> dict[str, Any]:
        """What was chosen, as the rule takes it."""
        return {
            "record_class": self.record_class.data,
            "agency_id": self.agency_id.data or None,
            "months": self.months.data,
            "why": self.why.data,
        }


class HoldForm(FlaskForm):
    """What is kept back: a person, an agency, or a class of records."""

    person = StringField(
        _l("Person"), [Length(max=254, message=_l("This is too long: enter an HR number or an e-mail address"))]
    )
    agency_id = SelectField(
        _l("Agency"), coerce=int, default=0, invalid_value_message=NO_AGENCY, invalid_choice_message=NO_AGENCY
    )
    record_class = SelectField(_l("Class of records"), default="", invalid_choice_message=NO_CLASS)
    why = TextAreaField(_l("Reason"), [InputRequired(_l("Give the reason")), Length(max=LONGEST_WHY, message=LONG_WHY)])

    def __init__(self, agencies: Mapping[int, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency_id.choices = [(0, _("None")), *agencies.items()]
        self.record_class.choices = [SelectChoice("", _("None")), *CLASSES]

    def validate(self, extra_validators: Any = None) -> bool:
        """One thing is kept back, and for a reason: whatever is missing is told at once."""
        fields = super().validate(extra_validators)
        chosen = [(self.person.data or "").strip(), self.agency_id.data, self.record_class.data]
        if sum(bool(one) for one in chosen) != 1:
            text = _("Say what to keep back: one person, one agency or one class of records")
            self.person.errors = [*self.person.errors, text]
            return False
        return bool(fields)


class EraseForm(FlaskForm):
    """Why a person is erased, said knowing that nobody can bring back what goes."""

    why = TextAreaField(_l("Reason"), [InputRequired(_l("Give the reason")), Length(max=LONGEST_WHY, message=LONG_WHY)])
    sure = BooleanField(
        _l("I know that nobody can bring this back"),
        [InputRequired(_l("Confirm that you know nobody can bring this back"))],
    )


class FindForm(FlaskForm):
    """Whom somebody asks about."""

    class Meta:
        csrf = False

    q = StringField(
        _l("Name, HR number or e-mail address"),
        [Length(max=200, message=_l("This is too long: a part of the name is enough"))],
    )
