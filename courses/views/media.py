"""Files of a course on their way out: only kinds on the list, never able to run, never kept by a cache."""

from __future__ import annotations

from flask import Response, request

from courses import queries
from courses.rules.media_types import POLICY, showing
from lms.kernel.errors import NotThere


def media_answer(version_id: int, path: str) -> Response:
    """A file of a version; raises NotThere for what is no media, such as a lesson's source or a quiz with its key."""
    how = showing(path)
    if how is None or "/media/" not in path:
        raise NotThere()
    content = queries.media(version_id, path)
    response = Response(content, content_type=how.content_type)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    if not how.inline:
        response.headers.set("Content-Disposition", "attachment", filename=path.rpartition("/")[2])
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response
