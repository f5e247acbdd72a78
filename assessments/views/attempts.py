"""Within an attempt: one question a page, saved as it is answered, and the review before handing in."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import forms
from assessments.actions.attempts import AlreadySubmitted, Saved, StaleAnswer, TimeOver, save
from assessments.queries import attempts
from assessments.views.blueprint import blueprint
from assessments.views.wording import lead, minutes_left, saved_text
from lms.kernel import clock
from lms.kernel.errors import Refused
from lms.web.guards import allowed, current_actor

ATTEMPT = "/learn/attempts/<int(max=2147483647):attempt_id>"
QUESTION = ATTEMPT + "/questions/<int(max=9999):position>"


@blueprint.get(QUESTION)
@allowed("learning.take", scope="own")
def question(attempt_id: int, position: int) -> ResponseReturnValue:
    """One question with the answer saved so far."""
    page = attempts.question_page(current_actor(), attempt_id, position)
    if not page.head.is_open:
        return redirect(url_for("assessments.result", attempt_id=attempt_id))
    if page.head.overdue:
        return redirect(url_for("assessments.review", attempt_id=attempt_id))
    return _shown(page)


@blueprint.post(QUESTION)
@allowed("learning.take", scope="own")
def answer(attempt_id: int, position: int) -> ResponseReturnValue:
    """Save the answer and go on; works without script."""
    sent = forms.read_answer(request.form)
    try:
        _save(attempt_id, position, sent)
    except StaleAnswer as stale:
        return _shown(attempts.question_page(current_actor(), attempt_id, position), stale=stale, sent=sent), 409
    except (TimeOver, AlreadySubmitted):
        return _closed(attempt_id), 409
    except Refused as refused:
        return _shown(attempts.question_page(current_actor(), attempt_id, position), refused=refused, sent=sent), 422
    return redirect(_next_address(attempt_id, position, sent.go), 303)


@blueprint.post(QUESTION + "/answer")
@allowed("learning.take", scope="own")
def autosave(attempt_id: int, position: int) -> ResponseReturnValue:
    """Save the answer while it is being given; the reply says when, and nothing of right or wrong."""
    try:
        saved = _save(attempt_id, position, forms.read_answer(request.form))
    except StaleAnswer as stale:
        return {
            "title": _("This question was answered elsewhere meanwhile"),
            "detail": _("Another page or device saved a different answer. Choose which one stands."),
            "yours": stale.yours or _("No answer"),
            "theirs": stale.theirs or _("No answer"),
            "revision": stale.revision,
        }, 409
    return {
        "revision": saved.revision,
        "saved_at": saved.saved_at.isoformat(),
        "saved_text": saved_text(saved.saved_at),
    }


@blueprint.get(ATTEMPT + "/review")
@allowed("learning.take", scope="own")
def review(attempt_id: int) -> ResponseReturnValue:
    """Every question with its state, before handing in; all that is left once the time is over."""
    head = attempts.attempt_head(current_actor(), attempt_id)
    if not head.is_open:
        return redirect(url_for("assessments.result", attempt_id=attempt_id))
    spots = attempts.review_list(attempt_id)
    return render_template(
        "assessments/review.html",
        head=head,
        spots=spots,
        minutes_left=minutes_left(head, clock.now()),
        now=clock.now(),
    )


def _save(attempt_id: int, position: int, sent: forms.AnswerSent) -> Saved:
    return save(
        actor=current_actor(),
        attempt_id=attempt_id,
        position=position,
        values=sent.values,
        revision=sent.revision,
        save_id=sent.save_id,
        flagged=sent.flagged,
    )


def _shown(
    page: attempts.QuestionPage,
    *,
    stale: StaleAnswer | None = None,
    refused: Refused | None = None,
    sent: forms.AnswerSent | None = None,
) -> str:
    """The question's page; with an answer that could not be saved, that answer stays on it."""
    if sent is not None:
        page = attempts.with_values(page, sent.values, sent.flagged)
    return render_template(
        "assessments/question.html",
        page=page,
        lead=lead(page.kind),
        saved=saved_text(page.saved_at),
        minutes_left=minutes_left(page.head, clock.now()),
        now=clock.now(),
        stale=stale,
        page_errors=refused.errors if refused else None,
    )


def _closed(attempt_id: int) -> str:
    head = attempts.attempt_head(current_actor(), attempt_id)
    return render_template("assessments/closed.html", head=head)


def _next_address(attempt_id: int, position: int, go: str) -> str:
    count = attempts.question_count(attempt_id)
    at = {"next": position + 1, "previous": max(1, position - 1)}.get(go, position)
    if go == "review" or at > count:
        return url_for("assessments.review", attempt_id=attempt_id)
    return url_for("assessments.question", attempt_id=attempt_id, position=at)
