"""/activities and /agents (xAPI Communication 2.4, 2.5): what is known of what statements speak of."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from lms.web.guards import allowed, current_actor
from lms.xapi.queries import terms
from lms.xapi.rules import documents
from lms.xapi.views.door import blueprint, version


@blueprint.get("/activities")
@allowed("terms.read", scope="client")
def read_activity() -> ResponseReturnValue:
    """An activity with all that was said of it."""
    iri = documents.activity(request.args.to_dict(flat=False), version())
    return jsonify(terms.activity(current_actor(), iri))


@blueprint.get("/agents")
@allowed("terms.read", scope="client")
def read_agent() -> ResponseReturnValue:
    """Somebody as a Person."""
    agent = documents.agent(request.args.to_dict(flat=False), version())
    return jsonify(terms.person(current_actor(), agent))
