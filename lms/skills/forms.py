"""Forms of this room: what an activity elsewhere counts as, and why it does so no longer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from lms.skills.rules import LEVELS

EXACT, BEGINNING = "exact", "beginning"
LONGEST_ACTIVITY: Final = 1000
LONGEST_WHY: Final = 2000
LONG_WHY: Final = _l("Give the reason in at most 2,000 characters")
Choices = Mapping[str, str]


class RecognitionForm(FlaskForm):
    """What an activity counts as."""

    activity = StringField(
        _l("Activity"),
        [
            InputRequired(_l("Enter the address of the activity")),
            Length(max=LONGEST_ACTIVITY, message=_l("Enter an address of at most 1,000 characters")),
        ],
    )
    reach = RadioField(
        _l("Which activities"),
        choices=[
            SelectChoice(EXACT, _l("This one")),
            SelectChoice(BEGINNING, _l("All whose address begins like this")),
        ],
        default=EXACT,
        invalid_choice_message=_l("Choose whether this activity is meant or all that begin like it"),
    )
    sender = SelectField(
        _l("Who says so"), invalid_choice_message=_l("Nobody of that name sends anything: choose one from the list")
    )
    target = SelectField(
        _l("It counts as"),
        [InputRequired(_l("Choose what it counts as"))],
        invalid_choice_message=_l("There is no such course or competence: choose one from the list"),
    )
    level = SelectField(_l("Level"), invalid_choice_message=_l("There is no such level: choose one from the list"))
    assurance = RadioField(
        _l("How sure we can be"),
        choices=[
            SelectChoice("participation", _l("Took part")),
            SelectChoice("tested", _l("Passed a test")),
            SelectChoice("verified", _l("Confirmed by an assessor")),
            SelectChoice("certified", _l("Certified")),
        ],
        validators=[InputRequired(_l("Choose how sure we can be"))],
        invalid_choice_message=_l("Choose how sure we can be"),
    )
    why = TextAreaField(_l("Reason"), [InputRequired(_l("Give the reason")), Length(max=LONGEST_WHY, message=LONG_WHY)])

    def __init__(self, senders: Choices, courses: Choices, competences: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sender.choices = [SelectChoice("", _("Anybody")), *(SelectChoice(*pair) for pair in senders.items())]
        self.target.choices = {
            "": [("", _("Choose"))],
            _("Courses"): list(courses.items()),
            _("Competences"): list(competences.items()),
        }
        self.level.choices = [("", _("None")), *((str(level), str(level)) for level in LEVELS)]

    @property
    def terms(self) -> dict[str, Any]:
        """What was chosen, as the decision takes it."""
        return {
            "activity": (self.activity.data or "").strip(),
            "is_prefix": self.reach.data == BEGINNING,
            "sender": self.sender.data or "",
            "target": self.target.data,
            "level": int(self.level.data) if self.level.data else None,
            "assurance": self.assurance.data,
            "why": self.why.data,
        }


class WithdrawalForm(FlaskForm):
    """Why something counts no longer."""

    why = TextAreaField(_l("Reason"), [InputRequired(_l("Give the reason")), Length(max=LONGEST_WHY, message=LONG_WHY)])
