"""How statements are given out: in the form and with the attachments that were asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Response, request

from lms.kernel import strict_json
from lms.web.guards import current_actor
from lms.xapi.queries import attachments
from lms.xapi.queries.terms import definitions
from lms.xapi.rules import formats, multipart
from lms.xapi.rules.parameters import Filters, One
from lms.xapi.views.door import answer

Asked = One | Filters


def worded(statements: Sequence[str], asked: Asked) -> Sequence[str]:
    """The statements in the form asked for; their text as stored where that is exact."""
    if asked.format == "exact":
        return statements
    parsed = [json.loads(text) for text in statements]
    if asked.format == "ids":
        return [strict_json.write(formats.ids(statement)) for statement in parsed]
    known = definitions({iri for statement in parsed for iri in formats.activities(statement)})
    languages = [tag for tag in request.accept_languages.values() if tag != "*"]
    return [strict_json.write(formats.canonical(statement, known, languages)) for statement in parsed]


def given(body: str, statements: Iterable[str], asked: Asked, through: datetime) -> Response:
    """The answer: JSON, or multipart/mixed with the contents of the attachments where they were asked for."""
    if not asked.attachments:
        return answer(body, through=through)
    hashes = {sha2 for text in statements for sha2 in formats.hashes(json.loads(text))}
    whole, kind = multipart.write(body, attachments.contents(current_actor(), hashes))
    return answer(whole, through=through, kind=kind)
