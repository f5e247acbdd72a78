"""The door of the record: which key, which version of xAPI, and what every answer carries."""

from __future__ import annotations

import re
from datetime import datetime

from flask import Blueprint, Response, g, request

from lms.kernel.actor import ANONYMOUS, Actor
from lms.kernel.db import glance
from lms.kernel.errors import Malformed
from lms.xapi import policy
from lms.xapi.queries import keys
from lms.xapi.rules.errors import KeyRefused
from lms.xapi.rules.validate import Version
from lms.xapi.statements import moment

blueprint = Blueprint("xapi", __name__, url_prefix="/xapi", template_folder="../templates")
VERSION_HEADER = "X-Experience-API-Version"
OPEN = frozenset({"xapi.about"})
BENEATH = f"{blueprint.url_prefix}/"


def load_actor() -> Actor:
    """Who shows which key (Basic credentials); raises KeyRefused where a key is needed and none opens."""
    if request.endpoint in OPEN:
        return ANONYMOUS
    shown = request.authorization
    if shown is None or shown.type != "basic":
        raise KeyRefused("Send your key and its secret as Basic credentials.")
    with glance():
        holder = keys.holder(shown.username or "", shown.password or "")
    if holder is None:
        raise KeyRefused("This key and secret do not open the record: they do not match, or the key has ended.")
    return Actor("client", name=holder.name, account_name=f"key:{holder.key}", powers=policy.powers(holder.scopes))


@blueprint.before_request
def _agree_on_version() -> None:
    """2.0.0 unless the caller says 1.0.x (xAPI Communication 3.3); who says nothing is answered in 2.0.0."""
    said = request.headers.get(VERSION_HEADER, "2.0.0").strip()
    if re.fullmatch(r"2\.0\.[0-9]{1,3}", said):
        g.xapi_version = "2.0.0"
    elif re.fullmatch(r"1\.0(\.[0-9]{1,3})?", said):
        g.xapi_version = "1.0.3"
    elif request.endpoint not in OPEN:
        raise Malformed(f"{VERSION_HEADER} is {said[:20]!r}: this record speaks 2.0.0 and 1.0.3.")


@blueprint.after_app_request
def _dress(response: Response) -> Response:
    """Every answer of the record says its version, also where there is no such resource or method."""
    if not request.path.startswith(BENEATH):
        return response
    response.headers[VERSION_HEADER] = version()
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    return response


def version() -> Version:
    """The version of xAPI that this request speaks."""
    agreed: Version = g.get("xapi_version", "2.0.0")
    return agreed


def answer(body: str, *, through: datetime, status: int = 200) -> Response:
    """An answer about statements, which says up to when it is complete."""
    response = Response(body, status=status, content_type="application/json")
    response.headers["X-Experience-API-Consistent-Through"] = moment(through)
    return response
