"""Statements as clients send them: of whom, about what, and about other statements."""

from __future__ import annotations

from typing import Any, cast

from lms.kernel.actor import Actor
from lms.xapi import policy
from tests.rules.statement_corpus import least
from tests.xapi.conftest import Lrs

CLIENT = Actor("client", account_name="key:k-1", powers=policy.powers(["all"]))
Said = dict[str, Any]


def person(name: str) -> Said:
    return {"objectType": "Agent", "mbox": f"mailto:{name}@gov.example"}


def group(*names: str, known: str = "") -> Said:
    found: Said = {"objectType": "Group", "member": [person(name) for name in names]}
    return found | ({"mbox": f"mailto:{known}@gov.example"} if known else {})


def activity(name: str) -> Said:
    return {"objectType": "Activity", "id": f"https://gov.example/{name}"}


def about(statement_id: str, **more: Any) -> Said:
    return least(object={"objectType": "StatementRef", "id": statement_id}, **more)


def stored(lrs: Lrs, *sent: Said) -> list[str]:
    answer = lrs.post(list(sent))
    assert answer.status_code == 200, answer.text
    return cast("list[str]", answer.json)
