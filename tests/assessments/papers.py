"""A small course with a quiz of every kind of question, written anew for each test."""

from __future__ import annotations

from dataclasses import dataclass, field

CANARY = "canary"
LESSONS = ("first", "second")

COURSE = """\
format: cadre-course/1
id: quiz-101
code: QUIZ-101
title: A course with a quiz
language: en
licence: CC-BY-4.0
attribution: Cadre contributors
owner: GOV
topic: security
level: Intermediate (level 3)
audience: Everyone
minutes: 10
summary: A course for tests.
reviewed: 2026-10-01
competences:
  - code: "4.1"
    level: 3
objectives:
  - id: O1
    text: Recognise an attack
    competence: "4.1"
    level: 3
  - id: O2
    text: Report an attack
    competence: "4.2"
    level: 3
modules:
  - id: m1
    title: Attacks
    folder: 10-attacks
    steps:
      - first.md
      - second.md
      - check.md
"""

LESSON = """\
---
id: quiz-101-{name}
title: The {name} lesson
minutes: 3
objectives: [{objective}]
---

Words of the {name} lesson.
"""


@dataclass(frozen=True)
class Key:
    """What is right in the paper; two papers that differ only in this look alike until they are handed in."""

    single: int = 1
    multi: tuple[int, ...] = (0, 2)
    truth: bool = True
    short: tuple[str, ...] = ("Two factors", "2FA")
    number: str = "3 ± 0.5"
    partners: tuple[int, ...] = (0, 1, 2)
    order: tuple[int, ...] = (0, 1, 2, 3)
    grades: tuple[str, ...] = ("best", "acceptable", "poor")
    word: str = "because"


@dataclass(frozen=True)
class Paper:
    """A quiz file to be: its settings, its key, and which questions it has."""

    key: Key = field(default_factory=Key)
    pass_mark: int = 80
    attempts: int | None = 3
    draw: int | None = None
    shuffle: bool = True
    time_limit: int | None = None
    kinds: tuple[str, ...] = ("single", "multi", "truefalse", "short", "number", "match", "order", "scenario")
    copies: int = 1

    def files(self) -> dict[str, bytes]:
        """The folder of the course."""
        texts = {
            "course.yaml": COURSE,
            "modules/10-attacks/first.md": LESSON.format(name="first", objective="O1"),
            "modules/10-attacks/second.md": LESSON.format(name="second", objective="O2"),
            "modules/10-attacks/check.md": self.text(),
        }
        return {path: text.encode() for path, text in texts.items()}

    def text(self) -> str:
        """The quiz file."""
        settings = {"attempts": self.attempts, "draw": self.draw, "time_limit": self.time_limit}
        lines = ["---", "id: quiz-101-check", "kind: quiz", "title: Final check", f"pass_mark: {self.pass_mark}"]
        lines += [f"{name}: {value}" for name, value in settings.items() if value is not None]
        lines += ["shuffle: true"] * self.shuffle
        lines += ["---", "", "Look back at the lessons as you like.", ""]
        for copy in range(self.copies):
            lines += [line for kind in self.kinds for line in (*self._question(kind, copy), "")]
        return "\n".join(lines)

    def _question(self, kind: str, copy: int) -> list[str]:
        number = f"{copy + 1}" if copy else ""
        objective, competence = ("O1", "4.1") if kind in ("single", "multi", "truefalse", "short") else ("O2", "4.2")
        unit = ' unit="hours"' if kind == "number" else ""
        header = f'{{#q-{kind}{number} .{kind} points=1 competence="{competence}" objective="{objective}"{unit}}}'
        return [f"## The {kind} question{number}? {header}", "", *self._answers(kind), "", *self._reason(kind)]

    def _answers(self, kind: str) -> list[str]:
        key = self.key
        match kind:
            case "single":
                return self._ticked([at == key.single for at in range(4)])
            case "multi":
                return self._ticked([at in key.multi for at in range(4)])
            case "truefalse":
                marks = ("x", " ") if key.truth else (" ", "x")
                return [
                    f"- [{marks[0]}] True",
                    f"  > {key.word} t {CANARY}",
                    f"- [{marks[1]}] False",
                    f"  > {key.word}",
                ]
            case "short":
                return [f"= {text}" for text in key.short]
            case "number":
                return [f"= {key.number}"]
            case "match":
                pairs = [f"- left {at} => right {key.partners[at]}" for at in range(3)]
                return [line for pair in pairs for line in (pair, f"  > {key.word} pair {CANARY}")]
            case "order":
                rows = enumerate(key.order, start=1)
                return [line for n, at in rows for line in (f"{n}. item {at}", f"  > {key.word} item {CANARY}")]
            case _:
                grades = enumerate(key.grades)
                return [line for at, g in grades for line in (f"- [{g}] act {at}", f"  > {key.word} act{at} {CANARY}")]

    def _ticked(self, right: list[bool]) -> list[str]:
        return [
            line
            for at, is_right in enumerate(right)
            for line in (f"- [{'x' if is_right else ' '}] option {at}", f"  > {self.key.word} {at} {CANARY}")
        ]

    def _reason(self, kind: str) -> list[str]:
        return ["::: feedback", f"The reason is {self.key.word} {kind} {CANARY}.", ":::"]


OTHER_KEY = Key(
    single=3,
    multi=(1, 3),
    truth=False,
    short=("Something else entirely", "quite another", "third"),
    number="40..50",
    partners=(2, 0, 1),
    order=(3, 1, 0, 2),
    grades=("poor", "best", "acceptable"),
    word="whereas",
)
