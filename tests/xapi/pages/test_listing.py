"""The list of statements: sentences, filters, pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lms.kernel import ids
from lms.kernel.db import transaction
from lms.xapi.rules import verbs
from tests.counting import Counting, count_queries  # noqa: F401
from tests.factories import Make
from tests.xapi.conftest import Lrs
from tests.xapi.pages.conftest import Reader, does, later, link, sent

PASSED = {"score": {"scaled": 0.8}, "success": True}


def test_statements_are_sentences_newest_first(auditor: Reader, make: Make, lrs: Lrs) -> None:
    amina = make.person(name="Amina Diallo")
    does(amina, verbs.REGISTERED)
    does(amina, verbs.PASSED, result=PASSED)
    lrs.post(sent())
    assert auditor.sentences() == [
        "Vera Visitor practised Fire drill",
        "Amina Diallo passed Security check, 80%",
        "Amina Diallo enrolled in Security check",
    ]
