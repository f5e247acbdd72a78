"""/xapi/about and /xapi/statements (xAPI Communication 2.1 and 2.8)."""

from __future__ import annotations

import json
from typing import Any

from flask import current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.web.guards import PUBLIC, allowed, current_actor
from lms.xapi import queries
from lms.xapi.actions import inbound
from lms.xapi.rules import more, parameters
from lms.xapi.rules.parameters import Filters, One
from lms.xapi.views.door import answer, blueprint, version


@blueprint.get("/about")
@allowed(PUBLIC, scope="public")
def about() -> ResponseReturnValue:
    """Which versions this record speaks."""
    return jsonify(version=["2.0.0", "1.0.3"], extensions={})


@blueprint.get("/statements")
@allowed("statements.read", scope="client")
def read_statements() -> ResponseReturnValue:
    """One statement, or a page of those that match."""
    wanted = _wanted()
    if isinstance(wanted, One):
        found = queries.single(current_actor(), wanted.id, voided=wanted.voided)
        response = answer(found.statement, through=found.through)
        response.last_modified = found.stored
        return response
    page = queries.statements(current_actor(), wanted)
    address = json.dumps(_address(page.more) if page.more else "")
    return answer(f'{{"statements":[{",".join(page.statements)}],"more":{address}}}', through=page.through)


@blueprint.post("/statements")
@allowed("statements.write", scope="client")
def store_statements() -> ResponseReturnValue:
    """Store a statement or a batch, all or none."""
    parameters.only(request.args.to_dict(flat=False), set())
    stored = inbound.accept(actor=current_actor(), sent=_body(), version=version())
    return answer(json.dumps([str(id) for id in stored]), through=queries.consistent_through())


@blueprint.put("/statements")
@allowed("statements.write", scope="client")
def store_statement() -> ResponseReturnValue:
    """Store one statement under its sender's id."""
    statement_id = parameters.statement_id(request.args.to_dict(flat=False))
    inbound.accept_under(actor=current_actor(), statement_id=statement_id, sent=_body(), version=version())
    return answer("", through=queries.consistent_through(), status=204)


def _wanted() -> One | Filters:
    asked = request.args.to_dict(flat=False)
    if "more" in asked:
        token = parameters.only(asked, {"more"})["more"]
        return more.unseal(token, reader=current_actor().account_name, secret=_secret())
    return parameters.read(asked, version())


def _address(filters: Filters) -> str:
    token = more.seal(filters, reader=current_actor().account_name, secret=_secret())
    return url_for("xapi.read_statements", more=token)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _body() -> Any:
    if request.mimetype != "application/json":
        raise Malformed("Send statements as application/json.")
    return strict_json.read(request.get_data())
