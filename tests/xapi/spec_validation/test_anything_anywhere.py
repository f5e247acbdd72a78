"""Anything in any place of a good statement is let in or pointed at, and never breaks the rules themselves (E6)."""

from __future__ import annotations

from typing import Any

import pytest

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.xapi.rules.validate import Version, validate
from tests.xapi.hostile import ODD
from tests.xapi.spec_validation.cases import GOOD, VERSIONS, at, nodes


def stands(statement: Any, pointer: str) -> bool:
    """Whether a JSON pointer leads somewhere, or to a place that is only missing its last step."""
    place = statement
    for part in pointer.strip("/").split("/")[:-1]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(place, list):
            place = place[int(key)]
        elif isinstance(place, dict) and key in place:
            place = place[key]
        else:
            return False
    return isinstance(place, dict | list)


@pytest.mark.parametrize("version", VERSIONS)
def test_E6_anything_anywhere_is_let_in_or_pointed_at(version: Version) -> None:
    refused = 0
    for path, _ in nodes(GOOD):
        for value in ODD:
            statement = at(path, value)
            try:
                validate(statement, version=version, at="/7")
            except Malformed as refusal:
                refused += 1
                (pointer,) = refusal.errors
                assert pointer.startswith("/7")
                assert stands({"7": statement}, pointer), pointer
                assert strict_json.write(dict(refusal.errors))
    assert refused > 5000
