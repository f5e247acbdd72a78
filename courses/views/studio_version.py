"""A version in the studio: read it as a learner, download it, publish or discard it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses import actions, queries
from courses.formats.archive import write_zip
from courses.forms import PublishForm
from courses.kinds import LESSON, kind_of
from courses.policy import AUTHOR, SEE_DRAFTS
from courses.queries import StepRow, VersionPage
from courses.views import words
from courses.views.media import media_answer
from courses.views.room import blueprint
from lms.web.guards import allowed, current_actor


@blueprint.get("/studio/versions/<int(max=2147483647):version_id>")
@allowed(SEE_DRAFTS, scope="agency")
def studio_version(version_id: int) -> ResponseReturnValue:
    """A version with its outline, what the import noted, and what can be done with it."""
    return _shown(queries.version_page(current_actor(), version_id), PublishForm())


@blueprint.get("/studio/versions/<int(max=2147483647):version_id>/steps/<step_key>")
@allowed(SEE_DRAFTS, scope="agency")
def studio_step(version_id: int, step_key: str) -> ResponseReturnValue:
    """A step as learners will see it, without answers."""
    page = queries.version_page(current_actor(), version_id)
    step = page.structure.step(step_key)
    steps = page.structure.steps
    at = steps.index(step)
    neighbours = (steps[at - 1] if at else None, steps[at + 1] if at + 1 < len(steps) else None)
    html = _preview(version_id, step)
    shown = {"page": page, "course": page.structure, "step": step, "neighbours": neighbours, "words": words}
    return render_template("courses/preview.html", html=html, **shown)


@blueprint.get("/studio/versions/<int(max=2147483647):version_id>/steps/media/<path:path>")
@allowed(SEE_DRAFTS, scope="agency")
def studio_media(version_id: int, path: str) -> ResponseReturnValue:
    """A picture of a version, for its preview."""
    queries.version_page(current_actor(), version_id)
    return media_answer(version_id, path)


@blueprint.get("/studio/versions/<int(max=2147483647):version_id>/folder.zip")
@allowed(SEE_DRAFTS, scope="agency")
def studio_download(version_id: int) -> ResponseReturnValue:
    """The version's folder as it came, packed."""
    course = queries.version_page(current_actor(), version_id).structure
    response = Response(write_zip(queries.export_files(version_id)), content_type="application/zip")
    name = f"{course.slug}-v{course.number}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.post("/studio/versions/<int(max=2147483647):version_id>/publish")
@allowed(AUTHOR, scope="agency")
def studio_publish(version_id: int) -> ResponseReturnValue:
    """Put the draft before learners."""
    form = PublishForm()
    if not form.validate_on_submit():
        return _shown(queries.version_page(current_actor(), version_id), form), 422
    if actions.publish(actor=current_actor(), version_id=version_id, note=form.note.data or ""):
        flash(_("The course is published. Whoever has begun an earlier version stays on it."), "success")
    else:
        flash(_("The course is published, and learners can find it."), "success")
    return redirect(url_for("courses.studio_version", version_id=version_id), 303)


@blueprint.post("/studio/versions/<int(max=2147483647):version_id>/discard")
@allowed(AUTHOR, scope="agency")
def studio_discard(version_id: int) -> ResponseReturnValue:
    """Throw the draft away."""
    actions.discard(actor=current_actor(), version_id=version_id)
    flash(_("The draft is gone. Import the folder again if you need it back."), "message")
    return redirect(url_for("courses.studio"), 303)


def _shown(page: VersionPage, form: PublishForm) -> str:
    notes = queries.version_notes(page.structure.version_id)
    shown = {"page": page, "course": page.structure, "notes": notes, "form": form, "words": words}
    return render_template("courses/version.html", page_errors=form.errors, **shown)


def _preview(version_id: int, step: StepRow) -> str:
    if step.kind == LESSON:
        return queries.step_html(version_id, step.key)
    kind = kind_of(step.kind)
    return kind.preview(version_id=version_id, step_key=step.key) if kind else ""
