"""A long row of hostile statements: none breaks the record, and both databases say the same of each (rows E6, E7)."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from sqlalchemy import make_url

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.xapi.rules.validate import validate
from tests.xapi.conftest import Lrs
from tests.xapi.hostile import Body, bodies

COUNT = 10_000 if os.environ.get("CADRE_EVIDENCE") else 1_000
Verdict = tuple[int, tuple[str, ...]]
_said: dict[str, list[Verdict]] = {}

pytestmark = pytest.mark.xdist_group("hostile")  # both databases in one place, so that they can be compared


def allowed_in(body: Body) -> bool:
    """Whether the rules alone let it in, before a store has a say."""
    try:
        for piece in strict_json.pieces(body.sent).each:
            validate(piece.value, version=body.version)
    except Malformed:
        return False
    return True


def verdict(lrs: Lrs, body: Body) -> Verdict:
    """The status, and where the finger points."""
    answer = lrs.post(body.sent, headers={"X-Experience-API-Version": body.version})
    if answer.status_code == 200:
        return 200, ()
    assert answer.content_type == "application/problem+json"
    return answer.status_code, tuple(error["field"] for error in answer.json.get("errors", ()))


def test_E6_hostile_statements_break_nothing_and_both_databases_say_the_same(lrs: Lrs, database: str) -> None:
    row = list(bodies(COUNT))
    found = [verdict(lrs, body) for body in row]
    statuses = Counter(status for status, _ in found)
    assert set(statuses) <= {200, 400, 409}, statuses
    taken_wrongly = [
        body for body, (status, _) in zip(row, found, strict=True) if status == 200 and not allowed_in(body)
    ]
    assert taken_wrongly == []
    assert min(statuses[200], statuses[400]) > COUNT / 20, statuses
    assert {body.kind for body, (status, _) in zip(row, found, strict=True) if status == 200} >= {
        "odd_but_right",
        "timed",
    }
    _said[make_url(database).get_backend_name()] = found
    if len(_said) == 2:
        one, other = _said.values()
        differing = [(body, a, b) for body, a, b in zip(row, one, other, strict=True) if a != b]
        assert differing == []
