"""Forms of the studio."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length


class ImportForm(FlaskForm):
    """A course as a ZIP, or as a folder where the browser can send one."""

    archive = FileField(_l("Course as a ZIP file"))
    folder = MultipleFileField(_l("Or a folder"))
    owner = SelectField(_l("Owner"), validate_choice=True)


class PublishForm(FlaskForm):
    """What is new in a version."""

    note = TextAreaField(
        _l("What is new"),
        validators=[Length(max=2000, message=_l("Write at most 2,000 characters."))],
    )
