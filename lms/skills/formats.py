"""Reading the product's own framework and role-target files (docs/rules.md, section 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from lms.kernel import strict_json
from lms.kernel.errors import Malformed

FOLDER: Final = Path(__file__).parent / "frameworks"
FRAMEWORK_FILES: Final = ("digcomp-3.0.json", "cadre-supplement-1.0.json")
TARGETS_FILE: Final = "role-targets.json"
FRAMEWORK_FORMAT: Final = "cadre-framework/1"
TARGETS_FORMAT: Final = "cadre-role-targets/1"


@dataclass(frozen=True, slots=True)
class CompetenceEntry:
    """One competence as a framework file lists it."""

    code: str
    title: str
    area_code: str
    area: str


@dataclass(frozen=True, slots=True)
class FrameworkFile:
    """One version of a framework."""

    code: str
    version: str
    title: str
    credit: str
    licence: str
    competences: tuple[CompetenceEntry, ...]


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """A job family and the level it needs in each competence."""

    code: str
    title: str
    targets: Mapping[str, int]


@cache
def shipped_frameworks() -> tuple[FrameworkFile, ...]:
    """The frameworks that ship with the product."""
    return tuple(read_framework((FOLDER / name).read_bytes(), name) for name in FRAMEWORK_FILES)


@cache
def shipped_families() -> tuple[FamilyEntry, ...]:
    """The job families that ship with the product, with their illustrative targets."""
    return read_families((FOLDER / TARGETS_FILE).read_bytes(), TARGETS_FILE)


def read_framework(body: bytes, name: str) -> FrameworkFile:
    """Read a framework file; raises Malformed that names the file."""
    found = _object(body, name, FRAMEWORK_FORMAT)
    try:
        entries = tuple(
            CompetenceEntry(str(item["code"]), str(item["title"]), str(area["code"]), str(area["title"]))
            for area in found["areas"]
            for item in area["competences"]
        )
        return FrameworkFile(
            code=str(found["code"]),
            version=str(found["framework_version"]),
            title=str(found["title"]),
            credit=str(found["credit"]),
            licence=str(found["licence"]),
            competences=entries,
        )
    except (KeyError, TypeError) as error:
        raise _incomplete(name, error) from None


def read_families(body: bytes, name: str) -> tuple[FamilyEntry, ...]:
    """Read a file of role targets; raises Malformed that names the file."""
    found = _object(body, name, TARGETS_FORMAT)
    try:
        return tuple(
            FamilyEntry(str(item["code"]), str(item["title"]), {str(k): int(v) for k, v in item["targets"].items()})
            for item in found["families"]
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _incomplete(name, error) from None


def _object(body: bytes, name: str, wanted: str) -> dict[str, Any]:
    found = strict_json.read(body)
    if not isinstance(found, dict) or found.get("format") != wanted:
        raise Malformed(f"{name} is not of the format {wanted!r}: name the format in its first line.")
    return found


def _incomplete(name: str, error: Exception) -> Malformed:
    return Malformed(f"{name} lacks {error} or gives it a wrong type: compare it with the files that ship.")
