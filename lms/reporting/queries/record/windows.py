"""What is known of the record by number, and whose facts a change concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from lms.reporting.queries.record.extents import SOURCES, WINDOW, Extent, Look, Row, State

FEW: Final = 500  # rows; with more of them it is quicker to begin anew


@dataclass(frozen=True, slots=True)
class Window:
    """Of one source: how many rows were read, the last numbers among them, and which had ended, with whom."""

    count: int
    last: int
    recent: frozenset[int]
    ended: Mapping[int, int]

    @property
    def extent(self) -> Extent:
        """What is known, in the form of what is on record."""
        return Extent(self.count, self.last, len(self.ended))

    @property
    def floor(self) -> int:
        """Above which number rows are looked at again."""
        return self.last - WINDOW


@dataclass(frozen=True, slots=True)
class Known:
    """What was read so far; `last_person` is the pseudonym of whoever was the last then."""

    database: str
    windows: Mapping[str, Window]
    last_person: str

    @property
    def state(self) -> State:
        """What is known, in the form of what is on record."""
        extents = sorted((name, window.extent) for name, window in self.windows.items())
        return State(self.database, tuple(extents), self.last_person)

    @property
    def floors(self) -> dict[str, int]:
        """Above which numbers rows are looked at again, by source."""
        return {name: window.floor for name, window in self.windows.items()}

    def precedes(self, look: Look) -> bool:
        """Whether a state can have come of this one by a few rows: in the same database, with the same tree."""
        if look.state.database != self.database or look.before != self.last_person or not look.before:
            return False
        more = 0
        for name, extent in look.state.extents:
            now = self.windows[name].extent
            if extent.rows < now.rows or extent.last < now.last or extent.ended < now.ended:
                return False
            more += extent.rows - now.rows + extent.ended - now.ended
        return more <= FEW and look.state.tree == self.state.tree

    def exceeds(self, state: State) -> bool:
        """Whether of something less is on record than is known: it is gone, or whoever looks sees an earlier moment."""
        if state.database != self.database:
            return False
        return any(
            there < known
            for name, extent in state.extents
            for there, known in zip(extent, self.windows[name].extent, strict=True)
        )

    def with_other_ends(self, state: State) -> list[str]:
        """The sources of which other rows have ended than were known."""
        return [name for name, extent in state.extents if extent.ended != len(self.windows[name].ended)]


def known_at_first(state: State, rows: Iterable[Row]) -> Known:
    """What is known after everything was read, later than the state was: whatever came in between is still news."""
    by_source = _by_source(rows)
    windows = {}
    for name, extent in state.extents:
        recent, ended = by_source[name]
        numbers = frozenset(id for id in recent if extent.last - WINDOW < id <= extent.last)
        windows[name] = Window(extent.rows, extent.last, numbers, {id: row.who for id, row in ended.items()})
    return Known(state.database, windows, state.last_person)


def carried(known: Known, rows: Iterable[Row], looked: Iterable[str]) -> tuple[Known, frozenset[int]] | None:
    """What is known with some news, and whom they concern; None where they cannot follow from what is known."""
    by_source, with_ends = _by_source(rows), set(looked)
    windows: dict[str, Window] = {}
    people: set[int] = set()
    for name, window in known.windows.items():
        recent, ended = by_source[name]
        gone = {id: row.who for id, row in ended.items()} if name in with_ends else window.ended
        if not window.ended.keys() <= gone.keys():
            return None
        new = {id: row.who for id, row in recent.items() if id not in window.recent}
        people.update(new.values(), (gone[id] for id in gone.keys() - window.ended.keys()))
        windows[name] = _window_moved(window, new, gone)
    last = by_source["person"][0].get(windows["person"].last)
    return Known(known.database, windows, last.word if last else known.last_person), frozenset(people)


def _window_moved(window: Window, new: Mapping[int, int], ended: Mapping[int, int]) -> Window:
    last = max(window.last, *new) if new else window.last
    recent = frozenset(id for id in (*window.recent, *new) if id > last - WINDOW)
    return Window(window.count + len(new), last, recent, ended)


def _by_source(rows: Iterable[Row]) -> dict[str, tuple[dict[int, Row], dict[int, Row]]]:
    found: dict[str, tuple[dict[int, Row], dict[int, Row]]] = {name: ({}, {}) for name in SOURCES}
    for row in rows:
        found[row.source][row.has_ended][row.id] = row
    return found
