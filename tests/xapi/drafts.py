"""Drafts of own statements for tests."""

from __future__ import annotations

import json
from typing import Any

from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Stamp, Thing
from lms.xapi.statements import iri


def course(slug: str = "sec-201") -> Thing:
    return Thing(iri=iri("courses", slug), type=verbs.COURSE, name={"en": "Security check"})


def draft(person: int = 1, *, verb: str = verbs.COMPLETED, slug: str = "sec-201", **more: Any) -> Draft:
    stamp = Stamp(account_name=f"p-{person}", person_id=person, agency_id=10 + person)
    return Draft(stamp=stamp, verb=verb, object=course(slug), **more)


def body(sent: Any) -> bytes:
    """What a client sends, as bytes."""
    return json.dumps(sent).encode()
