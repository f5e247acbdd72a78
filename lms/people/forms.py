"""Forms of this room."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.people.rules import passwords


class SignInForm(FlaskForm):
    """Mail address and password."""

    email = EmailField(_l("Work e-mail address"), [InputRequired(_l("Enter your e-mail address")), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password")), Length(max=passwords.LONGEST)])
    next = HiddenField()


class PasswordForm(FlaskForm):
    """The present password, and a new one twice."""

    current = PasswordField(_l("Present password"), [InputRequired(_l("Enter your present password"))])
    new = PasswordField(_l("New password"), [InputRequired(_l("Enter a new password"))])
    again = PasswordField(_l("New password once more"), [InputRequired(_l("Enter the new password once more"))])

    def __init__(self, about: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._about = about

    def validate_new(self, field: Field) -> None:
        """What the rules for passwords say, in the reader's language."""
        refusal = passwords.refusal(field.data or "", self._about)
        if refusal:
            raise ValidationError(_reason(refusal))

    def validate_again(self, field: Field) -> None:
        """The two are the same."""
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords are not the same"))


def _reason(refusal: passwords.Refusal) -> str:
    texts: dict[passwords.Refusal, str] = {
        "short": _("Use at least %(count)s characters; a few words in a row work well", count=passwords.SHORTEST),
        "long": _("Use at most %(count)s characters", count=passwords.LONGEST),
        "common": _("This password is among the first that attackers try: choose another"),
        "repeats": _("This password repeats the same few characters: choose another"),
        "about-you": _("This password is made of your name, your address or the service's name: choose another"),
    }
    return texts[refusal]
