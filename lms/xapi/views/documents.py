"""/activities/state, /activities/profile and /agents/profile (xAPI Communication 2.2, 2.3, 2.6, 2.7)."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from lms.web.guards import allowed, current_actor
from lms.xapi.actions import documents
from lms.xapi.actions.documents import Sent
from lms.xapi.queries import documents as kept
from lms.xapi.rules import documents as rules
from lms.xapi.rules.documents import ACTIVITY_PROFILE, AGENT_PROFILE, STATE, Conditions, Resource
from lms.xapi.views.door import blueprint, body, version

ALONE = "sandbox; default-src 'none'"  # whatever a client keeps here never runs as a page of ours


@blueprint.get("/activities/state")
@allowed("state.read", scope="client")
def read_state() -> ResponseReturnValue:
    """A state, or the names of all of an activity and agent."""
    return _read(STATE)


@blueprint.put("/activities/state")
@allowed("state.write", scope="client")
def put_state() -> ResponseReturnValue:
    """Keep a state."""
    return _put(STATE)


@blueprint.post("/activities/state")
@allowed("state.write", scope="client")
def merge_state() -> ResponseReturnValue:
    """Add to a state."""
    return _merge(STATE)


@blueprint.delete("/activities/state")
@allowed("state.write", scope="client")
def remove_state() -> ResponseReturnValue:
    """Remove a state, or all of an activity and agent."""
    place = rules.some(STATE, request.args.to_dict(flat=False), version())
    if place.name is None:
        documents.clear(actor=current_actor(), place=place)
        return Response(status=204)
    return _remove(STATE)


@blueprint.get("/activities/profile")
@allowed("profiles.activities.read", scope="client")
def read_activity_profile() -> ResponseReturnValue:
    """An activity's profile, or the names of all."""
    return _read(ACTIVITY_PROFILE)


@blueprint.put("/activities/profile")
@allowed("profiles.activities.write", scope="client")
def put_activity_profile() -> ResponseReturnValue:
    """Keep an activity's profile."""
    return _put(ACTIVITY_PROFILE)


@blueprint.post("/activities/profile")
@allowed("profiles.activities.write", scope="client")
def merge_activity_profile() -> ResponseReturnValue:
    """Add to an activity's profile."""
    return _merge(ACTIVITY_PROFILE)


@blueprint.delete("/activities/profile")
@allowed("profiles.activities.write", scope="client")
def remove_activity_profile() -> ResponseReturnValue:
    """Remove an activity's profile."""
    return _remove(ACTIVITY_PROFILE)


@blueprint.get("/agents/profile")
@allowed("profiles.agents.read", scope="client")
def read_agent_profile() -> ResponseReturnValue:
    """Somebody's profile, or the names of all."""
    return _read(AGENT_PROFILE)


@blueprint.put("/agents/profile")
@allowed("profiles.agents.write", scope="client")
def put_agent_profile() -> ResponseReturnValue:
    """Keep somebody's profile."""
    return _put(AGENT_PROFILE)


@blueprint.post("/agents/profile")
@allowed("profiles.agents.write", scope="client")
def merge_agent_profile() -> ResponseReturnValue:
    """Add to somebody's profile."""
    return _merge(AGENT_PROFILE)


@blueprint.delete("/agents/profile")
@allowed("profiles.agents.write", scope="client")
def remove_agent_profile() -> ResponseReturnValue:
    """Remove somebody's profile."""
    return _remove(AGENT_PROFILE)


def _read(resource: Resource) -> ResponseReturnValue:
    place = rules.places(resource, request.args.to_dict(flat=False), version())
    if place.name is None:
        return jsonify(kept.names(current_actor(), place))
    found = kept.document(current_actor(), place)
    response = Response(found.content, content_type=found.content_type)
    response.set_etag(found.etag)
    response.last_modified = found.updated
    response.headers["Content-Security-Policy"] = ALONE
    return response.make_conditional(request)


def _put(resource: Resource) -> ResponseReturnValue:
    place = rules.place(resource, request.args.to_dict(flat=False), version())
    return _written(documents.put(actor=current_actor(), place=place, sent=_sent()))


def _merge(resource: Resource) -> ResponseReturnValue:
    place = rules.place(resource, request.args.to_dict(flat=False), version())
    return _written(documents.merge(actor=current_actor(), place=place, sent=_sent()))


def _remove(resource: Resource) -> ResponseReturnValue:
    place = rules.place(resource, request.args.to_dict(flat=False), version())
    documents.remove(actor=current_actor(), place=place, conditions=_conditions(), version=version())
    return Response(status=204)


def _written(etag: str) -> Response:
    response = Response(status=204)
    response.set_etag(etag)
    return response


def _sent() -> Sent:
    kind = rules.content_type(request.headers.get("Content-Type"))
    return Sent(body(), kind, _conditions(), version())


def _conditions() -> Conditions:
    return rules.conditions(request.headers.get("If-Match"), request.headers.get("If-None-Match"))
