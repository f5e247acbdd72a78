"""A small course as a trainer has it on her disk, with three mistakes or without, and folders packed for sending."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

COURSE = """format: cadre-course/1
id: pap-101
code: PAP-101
title: Less paper at the counter
language: en
licence: CC-BY-4.0
owner: DIG-ACA
topic: change
level: Basic (level 2)
audience: Staff who receive visitors
minutes: 12
summary: Let visitors hand in what they have on their phone, and keep paper for those who need it.
reviewed: 2026-11-01
competences:
  - code: "2.3"
    level: 2
objectives:
  - id: O1
    text: Offer the digital way without refusing the other
    competence: "2.3"
    level: 2
modules:
  - id: m1-counter
    title: At the counter
    folder: 10-at-the-counter
    steps:
      - lesson.md
      - check.md
"""
LESSON = """---
id: pap-101-l1
title: The visitor with a telephone
minutes: 7
objectives: [O1]
competences: ["2.3"]
---

::: situation title="Counter 4, half past nine"
A visitor holds up her telephone: the notice she was sent is on it. The form behind you asks for a printed copy.
:::

## Offer, do not insist

Ask for the reference number on the notice. With it you find the case, and nothing needs to be printed.

{ending}
"""
CHECK = """---
id: pap-101-check
kind: quiz
title: Counter check
pass_mark: 50
---

One question.

## What do you ask the visitor for? {#q-pap-01 .single points=1 competence="2.3" objective="O1"}

- [ ] A printed copy of the notice
  > Nothing needs to be printed when the case is found by its number.
- [{mark}] The reference number on the notice
  > Right. The case is found with it.

::: feedback
The number leads to the case.
:::
"""
ROOT = "less-paper/"
FOLDER = "modules/10-at-the-counter/"
FIRST, SECOND = "Say thank you, and mean it.", "Ask whether a printed copy would help."
COURSE_FILE, LESSON_FILE, CHECK_FILE = "course.yaml", FOLDER + "lesson.md", FOLDER + "check.md"
MISTAKES = {  # what the report calls it, the file, and how the line begins on which it stands
    "OUT_OF_RANGE": (COURSE_FILE, "    level: 12"),
    "IMAGE_MISSING": (LESSON_FILE, "![The counter"),
    "NO_KEY": (CHECK_FILE, "## What do you ask"),
}


def small_course(ending: str = FIRST) -> dict[str, bytes]:
    """The course as it should be."""
    texts = {
        COURSE_FILE: COURSE,
        LESSON_FILE: LESSON.replace("{ending}", ending),
        CHECK_FILE: CHECK.replace("{mark}", "x"),
    }
    return {path: text.encode() for path, text in texts.items()}


def with_three_mistakes() -> dict[str, bytes]:
    """The same with a level that does not exist, a picture that is not there, and a question without a right answer."""
    files = small_course("![The counter seen from the door](media/counter.svg)")
    files[COURSE_FILE] = COURSE.replace("    level: 2", "    level: 12", 1).encode()
    files[CHECK_FILE] = CHECK.replace("{mark}", " ").encode()
    return files


def line_of(files: Mapping[str, bytes], path: str, beginning: str) -> int:
    """The number of the first line of a file that begins so."""
    lines = files[path].decode().split("\n")
    return 1 + next(at for at, line in enumerate(lines) if line.startswith(beginning))


def packed(files: Mapping[str, bytes], top: str = ROOT) -> bytes:
    """The files as a ZIP of one folder."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(top + path, content)
    return target.getvalue()


def on_disk(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
