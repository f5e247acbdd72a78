"""What a reader found wrong, and the one shape of every import report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning"]
Verdict = Literal["whole", "unchanged", "changed", "kept_as_source", "refused"]


@dataclass(frozen=True)
class Issue:
    """One finding at one place of a file; line 0 means the file as a whole."""

    file: str
    line: int
    code: str
    message: str
    level: Level = "error"

    @property
    def place(self) -> str:
        """Say where it is, the way compilers do."""
        return f"{self.file}:{self.line}" if self.line else self.file


def has_errors(issues: Iterable[Issue]) -> bool:
    """Tell whether anything found forbids the import."""
    return any(issue.level == "error" for issue in issues)


def in_reading_order(issues: Iterable[Issue]) -> list[Issue]:
    """Sort findings by file and line, each said once."""
    return sorted(dict.fromkeys(issues), key=lambda issue: (issue.file, issue.line, issue.code, issue.message))


@dataclass(frozen=True)
class Note:
    """A coded remark in plain words about one item of an import."""

    code: str
    message: str
    line: int = 0
    level: Level = "warning"

    def to_json(self) -> dict[str, object]:
        """Give the remark in the shape of an import report."""
        return {"code": self.code, "message": self.message, "line": self.line, "level": self.level}


@dataclass(frozen=True)
class Item:
    """What became of one thing found in the source."""

    position: str
    id: str
    verdict: Verdict
    notes: tuple[Note, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the item in the shape of an import report."""
        notes = [note.to_json() for note in self.notes]
        return {"position": self.position, "id": self.id, "verdict": self.verdict, "notes": notes}


@dataclass(frozen=True)
class Tally:
    """How often a feature was found, and what became of it."""

    found: int = 0
    stored: int = 0
    noted: int = 0
    dropped: int = 0

    def to_json(self) -> dict[str, int]:
        """Give the tally in the shape of an import report."""
        return {"found": self.found, "stored": self.stored, "noted": self.noted, "dropped": self.dropped}


@dataclass(frozen=True)
class Report:
    """An import told item by item; the four sums add up to what was found."""

    file: str
    format: str
    sha256: str
    items: tuple[Item, ...] = ()
    ledger: Mapping[str, Tally] = field(default_factory=dict)

    def count(self, *verdicts: Verdict) -> int:
        """Count the items with one of these verdicts."""
        return sum(item.verdict in verdicts for item in self.items)

    def to_json(self) -> dict[str, object]:
        """Give the report in its one shape; `unchanged` items are part of the whole ones."""
        return {
            "file": self.file,
            "format": self.format,
            "sha256": self.sha256,
            "found": len(self.items),
            "whole": self.count("whole", "unchanged"),
            "unchanged": self.count("unchanged"),
            "changed": self.count("changed"),
            "kept_as_source": self.count("kept_as_source"),
            "refused": self.count("refused"),
            "items": [item.to_json() for item in self.items],
            "ledger": {name: tally.to_json() for name, tally in self.ledger.items()},
        }
