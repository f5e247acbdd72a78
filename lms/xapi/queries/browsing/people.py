"""Who people are: the record knows accounts only, so a room above tells it the names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """A person by name and pseudonymous account."""

    id: int
    name: str
    account_name: str


Names = Callable[[Collection[int]], Mapping[int, str]]
Search = Callable[[str, int], Sequence[Known]]


def _no_names(ids: Collection[int]) -> Mapping[int, str]:
    return {}


def _nobody(text: str, limit: int) -> Sequence[Known]:
    return ()


_names: Names = _no_names
_search: Search = _nobody


def set_directory(names: Names, search: Search) -> None:
    """Say how persons' ids become names, and how persons are found by name; called once, by the factory."""
    global _names, _search
    _names, _search = names, search


def names_of(ids: Collection[int]) -> Mapping[int, str]:
    """The names of persons; those nobody knows any more are left out."""
    return _names(ids) if ids else {}


def people_called(text: str, limit: int) -> Sequence[Known]:
    """Persons whose name, HR number, address or account somebody may mean, at most so many."""
    return _search(text, limit)
