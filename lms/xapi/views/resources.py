"""/xapi/about and /xapi/statements (xAPI Communication 2.1 and 2.8)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import orjson
from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from lms.kernel import clock
from lms.kernel.errors import Malformed
from lms.web.guards import PUBLIC, allowed, current_actor
from lms.xapi import queries
from lms.xapi.actions import inbound
from lms.xapi.rules import more, multipart, parameters
from lms.xapi.rules.parameters import Filters, One
from lms.xapi.rules.versions import SPOKEN
from lms.xapi.views import door, wording
from lms.xapi.views.door import answer, blueprint, version

Parts = Mapping[str, multipart.Part]


@blueprint.get("/about")
@allowed(PUBLIC, scope="public")
def about() -> ResponseReturnValue:
    """Which versions this record speaks."""
    return jsonify(version=list(SPOKEN), extensions={})


@blueprint.get("/statements")
@allowed("statements.read", scope="client")
def read_statements() -> ResponseReturnValue:
    """One statement, or a page of those that match; also a refusal says up to when the record is complete."""
    through = queries.consistent_through()
    door.note_through(through)
    wanted = _wanted()
    return _single(wanted, through) if isinstance(wanted, One) else _page(wanted, through)


@blueprint.post("/statements")
@allowed("statements.write", scope="client")
def store_statements() -> ResponseReturnValue:
    """Store a statement or a batch, all or none."""
    parameters.only(request.args.to_dict(flat=False), set())
    body, parts = _body()
    stored = inbound.accept(actor=current_actor(), body=body, version=version(), parts=parts)
    return answer(orjson.dumps(stored), through=queries.consistent_lately())


@blueprint.put("/statements")
@allowed("statements.write", scope="client")
def store_statement() -> ResponseReturnValue:
    """Store one statement under its sender's id."""
    statement_id = parameters.statement_id(request.args.to_dict(flat=False))
    body, parts = _body()
    inbound.accept_under(actor=current_actor(), statement_id=statement_id, body=body, version=version(), parts=parts)
    return answer("", through=queries.consistent_lately(), status=204)


def _single(wanted: One, through: datetime) -> Response:
    found = queries.single(current_actor(), wanted.id, voided=wanted.voided, through=through)
    (text,) = wording.worded([found.statement], wanted)
    response = wording.given(text, [text], wanted, found.through)
    response.last_modified = found.stored
    return response


def _page(wanted: Filters, through: datetime) -> Response:
    page = queries.statements(current_actor(), wanted, through)
    texts = wording.worded(page.statements, wanted)
    address = json.dumps(_address(page.more) if page.more else "")
    return wording.given(f'{{"statements":[{",".join(texts)}],"more":{address}}}', texts, wanted, page.through)


def _wanted() -> One | Filters:
    asked = request.args.to_dict(flat=False)
    if "more" in asked:
        token = parameters.only(asked, {"more"})["more"]
        return more.unseal(token, reader=current_actor().account_name, secret=_secret(), now=clock.now())
    return parameters.read(asked, version())


def _address(filters: Filters) -> str:
    """Where the next page is: under the same mount, without scheme and host."""
    token = more.seal(filters, reader=current_actor().account_name, secret=_secret(), now=clock.now())
    return f"{request.root_path}{request.path}?more={token}"


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _body() -> tuple[bytes, Parts]:
    """The statements that were sent, as JSON, and the contents of attachments that came with them."""
    if request.mimetype == "application/json":
        return door.body(), multipart.NO_PARTS
    if request.mimetype != "multipart/mixed":
        raise Malformed("Send statements as application/json, or as multipart/mixed with their attachments' contents.")
    sent = multipart.read(door.body(), request.mimetype_params.get("boundary"))
    return sent.statements, sent.parts
