"""What is a statement and what is not, to the property (xAPI 1.0.3 and 2.0.0, data; rows E6, E7)."""

from __future__ import annotations

from typing import Any

import pytest

from lms.kernel.errors import Malformed
from lms.xapi.rules.validate import Version, validate
from tests.rules.statement_corpus import REFERENCE, SUB, WRONG, Change, full, least

VERSIONS: tuple[Version, ...] = ("1.0.3", "2.0.0")
AGENT = {"mbox": "mailto:a@gov.example"}
TEAM = {"objectType": "Group", "member": [AGENT]}
IRI = "https://gov.example/type"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_full_statement_is_right_in_both_versions(version: Version) -> None:
    validate(full(), version=version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("name", "change", "pointer"), WRONG, ids=[entry[0] for entry in WRONG])
def test_E6_what_is_wrong_is_refused_and_pointed_at(name: str, change: Change, pointer: str, version: Version) -> None:
    statement = full()
    change(statement)
    with pytest.raises(Malformed) as refusal:
        validate(statement, version=version)
    assert list(refusal.value.errors) == [pointer]
    assert refusal.value.detail.startswith(pointer)
    assert refusal.value.status == 400


RIGHT: dict[str, dict[str, Any]] = {
    "nothing but the least": least(),
    "an agent as the object": least(object={"objectType": "Agent", **AGENT}),
    "a group as the object": least(object=TEAM),
    "a group as the actor": least(actor={"objectType": "Group", "mbox": "mailto:all@gov.example"}),
    "a reference": least(object=REFERENCE),
    "a voiding": least(object=REFERENCE, verb={"id": "http://adlnet.gov/expapi/verbs/voided"}),
    "a sub-statement": least(object=SUB),
    "an authority of two": least(authority={"objectType": "Group", "member": [AGENT, AGENT]}),
    "an empty result and context": least(result={}, context={}),
    "a negative score": least(result={"score": {"scaled": -1}}),
    "weeks": least(result={"duration": "P3W"}),
    "a fraction of a second": least(result={"duration": "PT0,5S"}),
    "an opaque IRI": least(object={"id": "urn:uuid:7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11"}),
    "an escaped IRI": least(object={"id": "https://gov.example/%C3%A9"}),
    "a private language": least(context={"language": "x-klingon"}),
    "a grandfathered language": least(context={"language": "i-default"}),
    "a language with everything": least(context={"language": "sl-Latn-IT-rozaj-nedis-a-bcd-x-mine"}),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", RIGHT)
def test_what_the_specification_allows_is_let_in(name: str, version: Version) -> None:
    validate(RIGHT[name], version=version)


CONTEXT_AGENTS: list[tuple[dict[str, Any], str | None]] = [
    ({"contextAgents": [{"objectType": "contextAgent", "agent": AGENT, "relevantTypes": [IRI]}]}, None),
    ({"contextGroups": [{"objectType": "contextGroup", "group": TEAM}]}, None),
    ({"contextAgents": {}}, "/context/contextAgents"),
    ({"contextAgents": [{"objectType": "Agent", "agent": AGENT}]}, "/context/contextAgents/0/objectType"),
    ({"contextAgents": [{"objectType": "contextAgent"}]}, "/context/contextAgents/0"),
    (
        {"contextAgents": [{"objectType": "contextAgent", "agent": AGENT, "relevantTypes": []}]},
        "/context/contextAgents/0/relevantTypes",
    ),
    ({"contextGroups": [{"objectType": "contextGroup", "group": AGENT}]}, "/context/contextGroups/0/group"),
]


@pytest.mark.parametrize(("context", "pointer"), CONTEXT_AGENTS)
def test_context_agents_and_groups_came_with_version_2(context: dict[str, Any], pointer: str | None) -> None:
    with pytest.raises(Malformed):
        validate(least(context=context), version="1.0.3")
    if pointer is None:
        validate(least(context=context))
        return
    with pytest.raises(Malformed) as refusal:
        validate(least(context=context))
    assert list(refusal.value.errors) == [pointer]


def test_a_statement_in_a_batch_is_pointed_at_by_its_place() -> None:
    with pytest.raises(Malformed) as refusal:
        validate(least(result=[]), at="/3")
    assert refusal.value.detail == "/3/result must be an object (a result), not an array."


@pytest.mark.parametrize("value", [None, 1, "x", [], True, 1.5])
def test_what_is_no_object_is_no_statement(value: object) -> None:
    with pytest.raises(Malformed):
        validate(value)


def test_a_version_2_statement_is_not_written_into_a_version_1_conversation() -> None:
    validate(least(version="2.0.0"))
    with pytest.raises(Malformed):
        validate(least(version="2.0.0"), version="1.0.3")


def test_a_key_in_a_pointer_is_escaped_and_cut() -> None:
    statement = least(result={"extensions": {"a/b~" + "c" * 500: 1}})
    with pytest.raises(Malformed) as refusal:
        validate(statement)
    pointer = next(iter(refusal.value.errors))
    assert pointer.startswith("/result/extensions/a~1b~0c")
    assert len(pointer) < 200
