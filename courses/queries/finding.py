"""The catalogue: every published course, searched by words and narrowed by topic, level and minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from courses.models import Course, CourseVersion
from courses.queries.enrolling import EnrolmentRow, my_enrolments
from courses.rules.searching import pattern, terms
from lms.kernel.actor import Actor
from lms.kernel.db import db

PAGE = 24


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; empty fields do not narrow. `longest` is in minutes."""

    text: str = ""
    topics: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A published course in the catalogue, and how far the reader has come with it."""

    slug: str
    code: str
    title: str
    summary: str
    topic: str
    level: str
    minutes: int
    language: str
    enrolment: EnrolmentRow | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One page of what was found; the counts are of all that the words find, before narrowing."""

    cards: Sequence[CourseCard]
    total: int
    page: int
    pages: int
    topics: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)


def catalogue(actor: Actor, wish: Wish = Wish(), *, page: int = 1) -> Catalogue:
    """What the catalogue holds for a wish, by title."""
    found = _published(CourseVersion.topic, CourseVersion.level).where(_matches(wish.text))
    topics, levels = _counted(db.session.execute(found).all())
    narrowed = and_(_matches(wish.text), _narrows(wish))
    total = db.session.scalar(_published(func.count()).where(narrowed)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.execute(_cards().where(narrowed).limit(PAGE).offset((page - 1) * PAGE)).all()
    mine = _mine(actor)
    lines = ((*row[1:], mine.get(row[0])) for row in rows)
    return Catalogue([CourseCard(*line) for line in lines], total, page, pages, topics, levels)


def band(level: str) -> str:
    """The first words of a level: "Intermediate (levels 3-4)" is "Intermediate"."""
    return level.partition("(")[0].strip()


def _published(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Course)
        .join(CourseVersion, CourseVersion.id == Course.published_version_id)
        .where(Course.retired_at.is_(None))
    )


def _cards() -> Select[Any]:
    shown = (CourseVersion.title, CourseVersion.summary, CourseVersion.topic, CourseVersion.level)
    columns = (Course.id, Course.slug, Course.code, *shown, CourseVersion.minutes, CourseVersion.language)
    return _published(*columns).order_by(func.lower(CourseVersion.title), Course.slug)


def _matches(text: str) -> ColumnElement[bool]:
    return and_(True, *(CourseVersion.search_text.like(pattern(term), escape="/") for term in terms(text)))


def _narrows(wish: Wish) -> ColumnElement[bool]:
    narrowing: list[ColumnElement[bool]] = []
    if wish.topics:
        narrowing.append(CourseVersion.topic.in_(wish.topics))
    if wish.levels:
        narrowing.append(or_(*(CourseVersion.level.startswith(level, autoescape=True) for level in wish.levels)))
    if wish.longest is not None:
        narrowing.append(CourseVersion.minutes <= wish.longest)
    return and_(True, *narrowing)


def _counted(rows: Sequence[Any]) -> tuple[Counter[str], Counter[str]]:
    return Counter(row.topic for row in rows if row.topic), Counter(band(row.level) for row in rows if row.level)


def _mine(actor: Actor) -> dict[int, EnrolmentRow]:
    """The reader's enrolments by course, the open one before an earlier one."""
    mine: dict[int, EnrolmentRow] = {}
    for row in my_enrolments(actor.person_id) if actor.person_id else ():
        mine.setdefault(row.course_id, row)
    return mine
