"""What is carried forward of a statement that goes: what progress and attainments follow from, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules.facets import target_of
from lms.xapi.rules.facts import Fact
from lms.xapi.rules.iris import extension

Part = Mapping[str, Any]
EXTENSIONS = ("source", "assurance", "competences", "competence-months", "valid-months", "levels")
_FLAGS = ("success", "completion")
_MARKS = ("scaled", "raw", "min", "max")


def essence(fact: Fact) -> dict[str, Any]:
    """What projectors read of a fact: how it ended, of which version, and what it earns or withdraws.

    No actor, no answer, no name, and nothing that was said in words. Of the word of others, whose word it is stays
    too: the authority is a key of ours or of a system, never a person.
    """
    said, found = fact.statement, dict[str, Any]()
    result = _result(said.get("result", {}))
    if result:
        found["result"] = result
    context = _context(said.get("context", {})) if fact.own else {}
    if context:
        found["context"] = context
    target = target_of(said)
    if target is not None:
        found["object"] = {"objectType": "StatementRef", "id": target}
    if not fact.own:
        found["authority"] = said["authority"]
    return found


def restored(kept: Part, verb: str, object_iri: str) -> dict[str, Any]:
    """An essence in the form of a statement, as projectors read one."""
    return {"verb": {"id": verb}, "object": {"objectType": "Activity", "id": object_iri}, **kept}


def _result(said: Part) -> dict[str, Any]:
    found: dict[str, Any] = {name: said[name] for name in _FLAGS if isinstance(said.get(name), bool)}
    marks = said.get("score", {})
    score = {name: marks[name] for name in _MARKS if name in marks}
    if score:
        found["score"] = score
    return found


def _context(said: Part) -> dict[str, Any]:
    found = {name: said[name] for name in ("registration", "revision") if name in said}
    given = said.get("extensions", {})
    named = {extension(name): given[extension(name)] for name in EXTENSIONS if extension(name) in given}
    if named:
        found["extensions"] = named
    return found
