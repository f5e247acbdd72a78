"""What every template may use, and the files that every page loads."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations
from flask import Blueprint, Flask, send_from_directory
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, get_translations

from lms.web import charts, slots
from lms.web.art import course_art
from lms.web.assets import asset
from lms.web.guards import PUBLIC, allowed, current_actor
from lms.web.icons import icon
from lms.web.tokens import form_token

HERE = Path(__file__).parent
FOR_EVER = "public, max-age=31536000, immutable"
blueprint = Blueprint("web", __name__, template_folder="templates")


@allowed(PUBLIC, scope="public")
def static(filename: str) -> ResponseReturnValue:
    """A file of the product itself; its address carries its hash, so it may be kept for ever."""
    answer = send_from_directory(HERE / "static", filename)
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


@lru_cache(maxsize=50)
def _catalogue(locale: Locale | None) -> NullTranslations:
    """What a language says: looked up once, as a page asks for dozens of texts."""
    found: NullTranslations = get_translations()
    return found


def install(app: Flask) -> None:
    """Give templates their furniture."""
    app.register_blueprint(blueprint)
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # an extension's own
        gettext=lambda text: _catalogue(get_locale()).ugettext(text),
        ngettext=lambda one, many, count: _catalogue(get_locale()).ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _catalogue(get_locale()).upgettext(context, text),
        npgettext=lambda context, one, many, count: _catalogue(get_locale()).unpgettext(context, one, many, count),
    )
    app.context_processor(lambda: {"csrf_token": form_token})  # in the place of a signature for each page
    app.jinja_env.globals.update(
        asset=asset,
        icon=icon,
        course_art=course_art,
        chart=charts,
        slot=slots.slot,
        csrf_token=form_token,
        current_actor=current_actor,
        get_locale=get_locale,
    )
