"""A native text course as facts: what its files say, nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from courses.formats.fields import Extra

FORMAT = "cadre-course/1"
TOPICS = ("information", "communication", "content", "security", "inclusion", "change", "data", "ai")


@dataclass(frozen=True)
class CompetenceAim:
    """A competence of a framework, by its code, and the level that the course aims at."""

    code: str
    level: int | None = None
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True)
class Objective:
    """What a learner will be able to do, and the competence and level it shows."""

    id: str
    text: str
    competence: str = ""
    level: int | None = None
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True)
class StepFile:
    """One step of a module: a lesson, or a text whose `kind` says which room reads it.

    `head` is the front matter as it stood in the file; it is kept where the keys still say the same.
    """

    path: str
    step_id: str = ""
    kind: str = "lesson"
    title: str = ""
    minutes: int | None = None
    objectives: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    body: str = ""
    extras: tuple[Extra, ...] = ()
    head: str = field(default="", compare=False, repr=False)

    @property
    def name(self) -> str:
        """Give the file name without its folder."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class MediaFile:
    """A picture or other file of a module, with what must be said about it; `head` is its description as it stood."""

    path: str
    content: bytes = field(repr=False)
    alt: str = ""
    credit: str = ""
    licence: str = ""
    extras: tuple[Extra, ...] = ()
    head: str = field(default="", compare=False, repr=False)

    @property
    def name(self) -> str:
        """Give the name that lessons use: the path from the module's folder."""
        return "/".join(self.path.split("/")[2:])


@dataclass(frozen=True)
class Module:
    """A part of a course; without steps it is announced as in preparation."""

    id: str
    title: str
    folder: str = ""
    steps: tuple[StepFile, ...] = ()
    media: tuple[MediaFile, ...] = ()
    extras: tuple[Extra, ...] = ()

    def find_media(self, name: str) -> MediaFile | None:
        """Find a media file by the name that lessons use, such as `media/inbox.svg`."""
        return next((media for media in self.media if media.name == name), None)


@dataclass(frozen=True)
class OtherFile:
    """A file that no part of the course uses: kept and written back, not shown."""

    path: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Course:
    """A whole course; `head` is its course.yaml as it stood, kept where its keys still say the same."""

    id: str
    code: str = ""
    title: str = ""
    language: str = "en"
    licence: str = ""
    attribution: str = ""
    owner: str = ""
    topic: str = ""
    level: str = ""
    audience: str = ""
    minutes: int | None = None
    summary: str = ""
    valid_months: int | None = None
    reviewed: date | None = None
    competences: tuple[CompetenceAim, ...] = ()
    objectives: tuple[Objective, ...] = ()
    modules: tuple[Module, ...] = ()
    others: tuple[OtherFile, ...] = ()
    extras: tuple[Extra, ...] = ()
    head: str = field(default="", compare=False, repr=False)

    def steps(self) -> Iterator[StepFile]:
        """Go through all steps in the order of the course."""
        return (step for module in self.modules for step in module.steps)
