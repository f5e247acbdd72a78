"""Who sat down to which quiz, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Stamp, Thing
from lms.xapi.statements import extension, iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Who sat down to which quiz of which course version, and how often before."""

    stamp: Stamp
    registration: UUID
    slug: str
    course_title: str
    language: str
    version_number: int
    step_key: str
    quiz_title: str
    number: int


def attempted(sitting: Sitting, *, at: datetime) -> Draft:
    """“Amara attempted the check.”"""
    return draft(sitting, verbs.ATTEMPTED, step(sitting), at=at)


def draft(
    sitting: Sitting,
    verb: str,
    thing: Thing,
    *,
    at: datetime,
    result: Mapping[str, Any] | None = None,
    parent: tuple[Thing, ...] = (),
) -> Draft:
    """A statement about this sitting: every one names its course, version, registration and attempt."""
    return Draft(
        stamp=sitting.stamp,
        verb=verb,
        object=thing,
        registration=sitting.registration,
        revision=str(sitting.version_number),
        result=result,
        parent=parent,
        grouping=(_course(sitting),),
        extensions={extension("attempt"): sitting.number},
        timestamp=at,
    )


def step(sitting: Sitting) -> Thing:
    """The quiz as a step of its course."""
    return Thing(
        iri=iri("courses", sitting.slug, "steps", sitting.step_key),
        type=verbs.ASSESSMENT,
        name={sitting.language: sitting.quiz_title},
    )


def _course(sitting: Sitting) -> Thing:
    return Thing(iri=iri("courses", sitting.slug), type=verbs.COURSE, name={sitting.language: sitting.course_title})
