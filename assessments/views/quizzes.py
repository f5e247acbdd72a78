"""The start page of a quiz: what to expect, what is saved, and the button that begins."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessments import forms
from assessments.actions.attempts import start
from assessments.actions.submission import submit_if_overdue
from assessments.queries import quizzes
from assessments.queries.adjustments import minutes_for
from assessments.queries.wording import further_text
from assessments.rules.timing import time_is_over
from assessments.views.blueprint import blueprint
from assessments.views.wording import attempt_entries, moment_text
from lms.kernel import clock
from lms.web.guards import allowed, current_actor

QUIZ = "/learn/quizzes/<uuid:registration>/<step_key>"


@blueprint.get(QUIZ)
@allowed("learning.take", scope="own")
def quiz(registration: UUID, step_key: str) -> ResponseReturnValue:
    """What awaits the learner, and the attempts made so far."""
    place = quizzes.quiz_place(current_actor(), registration, step_key)
    standing = quizzes.standing(place.enrolment_id, place.quiz_id, place.attempts)
    return render_template(
        "assessments/start.html",
        place=place,
        standing=standing,
        minutes=minutes_for(place.person_id, place.time_limit),
        attempts=attempt_entries(standing.past),
        overdue=standing.open is not None and time_is_over(clock.now(), standing.open.deadline_at),
        intro=further_text(place.intro_html, place.registration),
        moment=moment_text,
    )


@blueprint.post(QUIZ)
@allowed("learning.take", scope="own")
def begin(registration: UUID, step_key: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the open one; one whose time is over is handed in first."""
    forms.read_nothing(request.form)
    place = quizzes.quiz_place(current_actor(), registration, step_key)
    ended = submit_if_overdue(actor=current_actor(), enrolment_id=place.enrolment_id, quiz_id=place.quiz_id)
    if ended:
        return redirect(url_for("assessments.result", attempt_id=ended.attempt_id), 303)
    attempt_id = start(actor=current_actor(), registration=registration, step_key=step_key)
    return redirect(_going_on(attempt_id), 303)


def _going_on(attempt_id: int) -> str:
    """The first question without an answer, or the review when every one has its answer."""
    position = quizzes.first_unanswered(attempt_id)
    if position is None:
        return url_for("assessments.review", attempt_id=attempt_id)
    return url_for("assessments.question", attempt_id=attempt_id, position=position)
