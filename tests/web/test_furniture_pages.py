"""Base pages and macros: valid, escaped, one h1, every id once, every error tied to its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from flask import Flask, flash, render_template, render_template_string
from flask_babel import Babel, get_locale
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from lms.web import charts
from lms.web.art import course_art
from lms.web.assets import asset
from lms.web.icons import icon

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
CONTROLS = frozenset({"input", "select", "textarea"})
HOSTILE = "<b>“bold” & 'brash'</b>"
IMPORTS = '{% import "web/components.html" as ui %}{% import "web/form.html" as f %}'
PAGE = '{% extends "web/base.html" %}' + IMPORTS + "{% block title %}People{% endblock %}{% block content %}"


class Reader(HTMLParser):
    """Reads a page strictly: what opens must close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute stands twice on <{tag}>"
        assert "style" not in names
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


class StaffForm(FlaskForm):  # type: ignore[misc]
    """One field of every kind."""

    name = StringField("Full name", [DataRequired("Enter your full name")])
    email = EmailField("Work email address")
    password = PasswordField("Password")
    about = TextAreaField("What do you work on?")
    agency = SelectField("Agency", choices=[SelectChoice("h", "Health & Care")], validate_choice=False)
    remind = RadioField("Remind you?", [DataRequired("Select how")], choices=[SelectChoice("e", "Email")])
    reads = SelectMultipleField("You read", choices=[SelectChoice("en", "English"), SelectChoice("ar", "Arabic")])
    agreed = BooleanField("I have read the notice")
    due = DateField("Due date")
    hours = IntegerField("Hours")
    file = FileField("Staff file")


@pytest.fixture
def app() -> Iterator[Flask]:
    """A bare application with the furniture and no rooms."""
    app = Flask(__name__, template_folder=str(Path(charts.__file__).parents[1] / "templates"))
    app.config.update(SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, locale_selector=lambda: app.config.get("LANGUAGE", "en"))
    actor = Thing(name="Amina Nakamura", is_authenticated=True)
    app.jinja_env.globals.update(
        asset=asset,
        icon=icon,
        course_art=course_art,
        chart=charts,
        get_locale=get_locale,
        Thing=Thing,
        csrf_token=lambda: "token-1",
        current_actor=lambda: actor,
    )
    app.add_url_rule("/people", "people", lambda: "")
    with app.test_request_context():
        yield app


def page(body: str, **facts: Any) -> Reader:
    return Reader(render_template_string(PAGE + body + "{% endblock %}", **facts))


def text_of(source: str, **facts: Any) -> str:
    return render_template_string(IMPORTS + source, **facts)


def test_a_page_has_one_h1_a_skip_link_landmarks_and_every_id_once(app: Flask) -> None:
    reader = page('{{ ui.page_header("People", "Everyone you may see") }}')
    tags = [tag for tag, _ in reader.tags]
    assert [tags.count(tag) for tag in ("h1", "main", "header", "footer")] == [1, 1, 1, 1]
    assert "#main-content" in reader.values("href") and "main-content" in reader.values("id")
    assert len(reader.values("id")) == len(set(reader.values("id")))


def test_the_title_starts_with_the_h1_and_says_error_when_there_is_one(app: Flask) -> None:
    assert "<title>People – Cadre</title>" in render_template_string(PAGE + "{% endblock %}")
    wrong = render_template_string(PAGE + "{% endblock %}", page_errors={"name": ["x"]}, service_name="Academy")
    assert "<title>Error: People – Academy</title>" in wrong


def test_signing_out_is_a_form_with_its_token(app: Flask) -> None:
    text = render_template_string(PAGE + "{% endblock %}")
    assert '<form method="post" action="/sign-out"><input type="hidden" name="csrf_token" value="token-1">' in text


@pytest.mark.parametrize("count", [1, 4, 7])
def test_the_navigation_marks_where_one_is(app: Flask, count: int) -> None:
    items = [Thing(label=f"Place {n}", url=f"/{n}", icon="home", current=n == 0) for n in range(count)]
    reader = page("", nav_items=items)
    assert reader.values("aria-current") == ["page"]
    assert ("cd-menu" in reader.values("class")) is (count > 4)


def test_messages_are_announced_and_escaped(app: Flask) -> None:
    flash(HOSTILE, "error")
    text = render_template_string(PAGE + "{% endblock %}")
    assert '<div class="cd-flashes" role="status">' in text
    assert "cd-notice--bad" in text and "<b>" not in text


def test_a_page_in_arabic_reads_from_right_to_left(app: Flask) -> None:
    app.config["LANGUAGE"] = "ar"
    text = render_template_string(PAGE + "{% endblock %}")
    assert '<html lang="ar" dir="rtl"' in text and "app.rtl.css" in text


def test_an_error_page_says_what_happened_what_to_do_and_the_number(app: Flask) -> None:
    facts = {"code": 404, "title": "Page not found", "what": HOSTILE, "next_steps": ["Check the address."]}
    text = render_template("web/error.html", request_id="0192-77aa", **facts)
    assert Reader(text) and "<b>" not in text
    assert "Check the address." in text and "0192-77aa" in text and "<title>Page not found" in text


FIELDS = """{{ f.error_summary(form) }}<form>{{ f.text(form.name, hint=hint, prefix="#", suffix="x") }}
{{ f.email(form.email) }}{{ f.password(form.password) }}{{ f.textarea(form.about, maxlength=200) }}
{{ f.select(form.agency) }}{{ f.radios(form.remind, hints={"e": hint}) }}{{ f.checkboxes(form.reads) }}
{{ f.checkbox(form.agreed, hint=hint) }}{{ f.date(form.due) }}{{ f.number(form.hours, suffix="hours") }}
{{ f.file(form.file, accept=".csv", hint=hint) }}{{ f.submit("Save") }}</form>"""


def wrong_form() -> StaffForm:
    form = StaffForm(formdata=MultiDict({"due": "tomorrow", "hours": "many", "email": HOSTILE}))
    assert not form.validate()
    return form


def test_every_control_has_a_label_and_every_description_exists(app: Flask) -> None:
    reader = Reader(text_of(FIELDS, form=wrong_form(), hint=HOSTILE))
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    assert {part for value in reader.values("aria-describedby") for part in value.split()} <= set(ids)
    shown = [attrs for tag, attrs in reader.tags if tag in CONTROLS and attrs.get("type") != "hidden"]
    controls = {attrs["id"] for attrs in shown}
    assert controls == set(reader.values("for"))


def test_an_error_stands_in_the_summary_and_beside_its_field(app: Flask) -> None:
    text = text_of(FIELDS, form=wrong_form(), hint=None)
    reader = Reader(text)
    links = {link[1:] for link in reader.values("href")}
    assert {"name", "remind", "due", "hours"} <= links <= set(reader.values("id"))
    assert text.count("Enter your full name") == 2
    named = next(a for tag, a in reader.tags if a.get("id") == "name" and tag == "input")
    assert named["aria-describedby"] == "name-error"


def test_what_was_typed_is_kept_and_escaped(app: Flask) -> None:
    text = text_of(FIELDS, form=wrong_form(), hint=HOSTILE)
    assert "<b>" not in text and 'value="tomorrow"' in text


def test_a_form_without_errors_has_no_summary(app: Flask) -> None:
    assert text_of("{{ f.error_summary(form) }}", form=StaffForm()).strip() == ""


@pytest.mark.parametrize(
    "name", ["name", "email", "password", "about", "agency", "remind", "reads", "agreed", "due", "hours", "file"]
)
def test_a_field_finds_its_own_kind(app: Flask, name: str) -> None:
    reader = Reader(text_of("{{ f.field(form[name]) }}", form=StaffForm(), name=name))
    assert name in reader.values("id")


PIECES = [
    "{{ ui.page_header(x, x, x) }}",
    '{% call ui.page_header(x) %}<a href="/">x</a>{% endcall %}',
    '{{ ui.hero(x, x, x, "/go", x, topic="data", seed=x) }}',
    "{% call ui.panel(x, id='p', icon_name='flag', tone='warn') %}{{ x }}{% endcall %}",
    "<ul>{{ ui.tile(x, x, x, 'bad', '/go', 'people') }}</ul>",
    "{{ ui.chip('overdue', x) }}{{ ui.chip('no such status', x) }}",
    "{{ ui.progress(3, 8, x, x) }}{{ ui.progress(0, 0) }}",
    "{{ ui.empty_state('search', x, x, '/go', x) }}",
    "<ul>{{ ui.course_card(x, '/go', 'ai', 1, [x], ('due', x), 20, x, x) }}</ul>",
    "<ul>{{ ui.work_row(x, '/go', [x], ('overdue', x), x, 'ai', 1, x, 100) }}</ul>",
    "{{ ui.breadcrumbs([(x, '/go'), (x, None)]) }}",
    "{{ ui.pagination(5, 12, 'people', q=x) }}",
    "{% call ui.notice('bad', x, live=True) %}{{ x }}{% endcall %}",
    "{{ ui.dl([(x, x), (x, x, x)]) }}",
    "{{ ui.outline([Thing(title=x, url='/go', state='done', kind='quiz', minutes=5), {'title': x}], x) }}",
    "{{ ui.module_list([Thing(title=x, state='locked', note=x, steps=[Thing(title=x, state='todo')])]) }}",
    "{{ ui.timeline([Thing(when=x, iso='2026-11-23', title=x, text=x, icon='award', tone='ok', url='/go')]) }}",
    "{{ ui.step_bar([x, x, x], 2) }}",
    "{% call ui.celebration(x, x, x) %}<a href='/'>x</a>{% endcall %}",
    "{{ ui.as_at(x) }}{{ ui.save_state(x) }}",
    "<table><thead><tr>{{ ui.sort_header(x, 'name', 'name', False, 'people', q=x) }}</tr></thead></table>",
    "{% call ui.block('try', x) %}{{ x }}{% endcall %}{% call ui.block('details', x) %}{{ x }}{% endcall %}",
    "{{ f.post_button('/go', x, fields={'a': x}, icon_name='bell') }}",
]


@pytest.mark.parametrize("piece", PIECES, ids=[re.findall(r"(?:ui|f)\.(\w+)", piece)[0] for piece in PIECES])
def test_a_piece_is_well_formed_and_escapes_what_it_shows(app: Flask, piece: str) -> None:
    text = text_of(piece, x=HOSTILE)
    assert Reader(text).tags
    assert "<b>" not in text and ("&lt;b&gt;" in text or "%3Cb%3E" in text)


def test_markup_that_a_page_built_itself_is_shown_as_it_is(app: Flask) -> None:
    assert "<em>safe</em>" in text_of("{{ ui.dl([('a', x)]) }}", x=Markup("<em>safe</em>"))


def test_sorting_again_turns_the_order_round(app: Flask) -> None:
    text = text_of("{{ ui.sort_header('Name', 'name', 'name', False, 'people') }}")
    assert 'aria-sort="ascending"' in text and "/people?sort=name&amp;desc=1" in text


def test_pages_far_away_are_left_out(app: Flask) -> None:
    reader = Reader(text_of("{{ ui.pagination(6, 40, 'people') }}"))
    assert len(reader.values("href")) == 7
    assert text_of("{{ ui.pagination(1, 1, 'people') }}").strip() == ""
