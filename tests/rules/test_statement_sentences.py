"""Statements as sentences that people read on evidence pages."""

from __future__ import annotations

from typing import Any

import pytest

from lms.xapi.rules import verbs
from lms.xapi.rules.sentences import PLAIN, SCORED, sentence
from tests.rules.statement_corpus import REFERENCE, least

NAMED = {"id": "https://gov.example/c", "definition": {"name": {"en": "Security check", "ar": "فحص الأمن"}}}


def said(verb: str, language: str = "en", **more: Any) -> str:
    found = sentence(least(verb={"id": verb}, **{"object": NAMED, **more}), language)
    return found.key % dict(found.parameters)


@pytest.mark.parametrize(
    ("verb", "result", "words"),
    [
        (verbs.PASSED, {"score": {"scaled": 0.8}}, "passed Security check, 80%"),
        (verbs.PASSED, {"score": {"scaled": 0.125}}, "passed Security check, 13%"),
        (verbs.PASSED, {"score": {"raw": 3, "max": 4}}, "passed Security check, 75%"),
        (verbs.PASSED, {"score": {"raw": 3}}, "passed Security check"),
        (verbs.PASSED, {"score": {"raw": 1e300, "max": -1e-300}}, "passed Security check"),
        (verbs.FAILED, {"score": {"scaled": 0}}, "did not pass Security check, 0%"),
        (verbs.COMPLETED, {"completion": True}, "completed Security check"),
        (verbs.ANSWERED, {"success": True}, "answered correctly: “Security check”"),
        (verbs.ANSWERED, {"success": False}, "answered incorrectly: “Security check”"),
        (verbs.ANSWERED, {"response": "a"}, "answered “Security check”"),
        (verbs.REGISTERED, {}, "enrolled in Security check"),
        ("https://gov.example/verbs/pondered", {}, "pondered Security check"),
    ],
)
def test_a_statement_reads_as_a_sentence_without_a_name(verb: str, result: dict[str, Any], words: str) -> None:
    assert said(verb, result=result) == words


@pytest.mark.parametrize("verb", [*PLAIN, *SCORED])
def test_every_known_verb_has_words(verb: str) -> None:
    assert "%" not in said(verb)


def test_names_come_in_the_language_asked_for() -> None:
    assert said(verbs.COMPLETED, "ar") == "completed فحص الأمن"
    assert said(verbs.COMPLETED, "pt-BR") == "completed Security check"
    only = {"id": "https://gov.example/c", "definition": {"name": {"fr-CA": "Contrôle"}}}
    assert said(verbs.COMPLETED, "fr", object=only) == "completed Contrôle"


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ({"id": "https://gov.example/courses/sec-201"}, "completed sec-201"),
        ({"objectType": "Agent", "name": "Registry", "mbox": "mailto:r@gov.example"}, "completed Registry"),
        (REFERENCE, f"completed {REFERENCE['id']}"),
    ],
)
def test_what_has_no_name_is_called_by_what_is_known(thing: dict[str, Any], words: str) -> None:
    assert said(verbs.COMPLETED, object=thing) == words
