"""Parts of statements that others wrote to test learning record stores: the good are let in, the bad are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.xapi.rules.validate import Version, validate
from tests.xapi.spec_validation.cases import LEAST, VERSIONS

PLACES = {
    "activities": "object",
    "agents": "actor",
    "contexts": "context",
    "groups": "actor",
    "results": "result",
    "substatements": "object",
    "verbs": "verb",
}
LACKING: tuple[str, ...] = (
    "invalid",
    "no_id",
    "no_actor",
    "no_verb",
    "no_object",
    "no_homepage",
    "account_no_name",
    "anonymous_no_member",
)
LACKING += ("numeric_", "string_", "multiple_actor")
HOLLOW = {  # forms to be filled in: a part is still empty
    "contexts": {"instructor", "team"},
    "statements": {"actor", "authority", "object_activity", "object_actor", "object_substatement", "verb"},
    "substatements": {"activity", "actor", "agent", "group", "verb"},
    "verbs": {"voided"},  # voids an activity here
}
LIKE_GOOD = {"no_objectType"}


def bad(file: Path) -> bool:
    """Whether a file is one that has to be refused, by its name."""
    name = file.stem
    wanting = any(word in name for word in LACKING) and name not in LIKE_GOOD
    return wanting or name in HOLLOW.get(file.parent.name, ())


def verdict(file: Path, version: Version) -> str:
    """What is said against the part within an otherwise good statement."""
    try:
        part: Any = strict_json.read(file.read_bytes())
        place = PLACES.get(file.parent.name)
        validate({**LEAST, place: part} if place else part, version=version)
    except Malformed as refusal:
        return refusal.detail
    return ""


@pytest.mark.parametrize("version", VERSIONS)
def test_E6_the_good_are_let_in_and_the_bad_are_not(shared_files: Path, version: Version) -> None:
    files = sorted((shared_files / "xapi" / "lrs-conformance-templates").rglob("*.json"))
    assert len(files) == 119
    said = {file: verdict(file, version) for file in files}
    assert [file for file in files if bool(said[file]) != bad(file)] == [], json.dumps(list(map(str, said.values())))
    assert sum(map(bool, said.values())) == 46
