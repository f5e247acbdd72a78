"""What the course page says of its quizzes, and how an author reads one in a draft: nothing here knows a key."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import select

from assessments.models.quizzes import Question, Quiz
from courses.formats.markdown import render_inline
from courses.kinds import StepFacts
from lms.kernel.db import db
from lms.kernel.errors import NotThere


def facts(version_id: int) -> Mapping[str, StepFacts]:
    """A note for each quiz of a version, by step key."""
    rows = db.session.execute(
        select(Quiz.step_key, Quiz.question_count, Quiz.pass_mark, Quiz.time_limit).where(Quiz.version_id == version_id)
    )
    return {row.step_key: StepFacts(note(row.question_count, row.pass_mark, row.time_limit)) for row in rows}


def competences(version_id: int) -> frozenset[str]:
    """The codes that the questions of a version's quizzes name."""
    named = select(Question.competence).join(Quiz, Quiz.id == Question.quiz_id)
    return frozenset(db.session.scalars(named.where(Quiz.version_id == version_id, Question.competence != "")))


def note(questions: int, pass_mark: int, time_limit: int | None) -> str:
    """“10 questions, 80% to pass”."""
    parts = [
        ngettext("%(num)d question", "%(num)d questions", questions),
        _("%(mark)d%% to pass", mark=pass_mark),
    ]
    if time_limit:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", time_limit))
    return ", ".join(parts)


def preview(version_id: int, step_key: str) -> str:
    """All questions of a quiz with their options; raises NotThere for a step that is no quiz."""
    quiz = db.session.execute(
        select(Quiz.id, Quiz.title, Quiz.intro_html, Quiz.question_count, Quiz.pass_mark, Quiz.time_limit).where(
            Quiz.version_id == version_id, Quiz.step_key == step_key
        )
    ).first()
    if quiz is None:
        raise NotThere()
    questions = db.session.execute(
        select(Question.key, Question.kind, Question.stem, Question.text_html, Question.choices, Question.points)
        .where(Question.quiz_id == quiz.id)
        .order_by(Question.position)
    ).all()
    return render_template(
        "assessments/preview.html",
        note=note(quiz.question_count, quiz.pass_mark, quiz.time_limit),
        intro=Markup(quiz.intro_html),
        questions=questions,
        inline=lambda text: Markup(render_inline(text)),
    )
