"""Courses for tests: the library's folders, a small one to change at will, and people who teach and learn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from courses import actions
from courses.formats import archive
from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from tests.factories import Made, Make

LIBRARY = Path(__file__).resolve().parents[2] / "courses" / "library"
OUTLINE = """format: cadre-course/1
id: {slug}
code: {code}
title: {title}
language: en
licence: CC-BY-4.0
attribution: Cadre contributors
owner: {owner}
topic: security
level: Basic (level 1)
audience: Everyone
minutes: 20
summary: A small course.
competences:
  - code: "4.1"
    level: 2
objectives:
  - id: O1
    text: Do one thing well
    competence: "4.1"
    level: 2
modules:
  - id: m1
    title: First part
    folder: 10-first
    steps:
{steps}
  - id: m2
    title: Second part
    steps: []
"""
LESSON = """---
id: {key}
title: {title}
minutes: 5
objectives: [O1]
competences: ["4.1"]
---

Words to read.

![A red square](media/square.svg)

::: remember
One thing.
:::
"""
SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9H0z" fill="red"/></svg>\n'
BESIDE = b"alt: A red square\ncredit: Cadre contributors\nlicence: CC-BY-4.0\n"
Folder = dict[str, bytes]


def small(slug: str = "one-thing", *, lessons: int = 3, owner: str = "GOV", title: str = "One thing") -> Folder:
    """A small course of lessons with a picture."""
    names = [f"{number:02d}.md" for number in range(1, lessons + 1)]
    steps = "\n".join(f"      - {name}" for name in names)
    outline = OUTLINE.format(slug=slug, code=slug.upper(), title=title, owner=owner, steps=steps)
    files = {"course.yaml": outline.encode()}
    folder = "modules/10-first"
    for number, name in enumerate(names, 1):
        text = LESSON.format(key=f"lesson-{number}", title=f"Lesson {number}")
        files[f"{folder}/{name}"] = text.encode()
    return files | {f"{folder}/media/square.svg": SQUARE, f"{folder}/media/square.svg.yaml": BESIDE}


def changed(files: Folder, path: str, old: str, new: str) -> Folder:
    """The same folder with one passage of one file replaced."""
    text = files[path].decode()
    assert old in text
    return files | {path: text.replace(old, new).encode()}


@pytest.fixture
def government(make: Make) -> int:
    """The topmost agency."""
    return make.root()


@pytest.fixture
def library(government: int) -> Callable[[str], Folder]:
    """The files of a course that ships."""
    return lambda name: archive.read_folder(LIBRARY / name)


Published = Callable[..., int]


@pytest.fixture
def published(app: Flask, government: int) -> Published:
    """Imports and publishes a folder; gives the version."""

    def publish(files: Folder | None = None, note: str = "") -> int:
        with transaction():
            outcome = actions.import_course(actor=SYSTEM, files=small() if files is None else files, name="folder")
            assert outcome.version_id is not None, outcome.report.issues
            actions.publish(actor=SYSTEM, version_id=outcome.version_id, note=note)
            return outcome.version_id

    return publish


@pytest.fixture
def learner(make: Make, government: int) -> Made:
    return make.person(agency=government, roles=["learner"])


@pytest.fixture
def trainer(make: Make, government: int) -> Made:
    return make.person(agency=government, roles=["trainer"])


@pytest.fixture
def reader(client: FlaskClient, make: Make, learner: Made) -> FlaskClient:
    """A browser in which the learner has signed in."""
    make.sign_in(client, learner)
    return client
