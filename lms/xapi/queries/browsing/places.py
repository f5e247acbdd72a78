"""Which agencies a reader may choose from: the record knows their numbers only, so a room above tells it the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from lms.kernel.actor import Reach


@dataclass(frozen=True, slots=True)
class Place:
    """An agency and how deep it stands within what the reader may see; one that closed stands where it stood last."""

    id: int
    code: str
    name: str
    depth: int
    is_open: bool


Government = Callable[[Reach], Sequence[Place]]


def _nowhere(reach: Reach) -> Sequence[Place]:
    return ()


_government: Government = _nowhere


def set_government(government: Government) -> None:
    """Say how a reach becomes agencies, each before everything beneath it; called once, by the factory."""
    global _government
    _government = government


def places(reach: Reach) -> Sequence[Place]:
    """The agencies within a reach, from the top down, those that have closed among them."""
    return _government(reach)


def beneath(known: Sequence[Place], code: str) -> frozenset[int]:
    """An agency and everything beneath it, by number; nothing where no agency has the code."""
    at = next((number for number, place in enumerate(known) if place.code == code), len(known))
    below = takewhile(lambda place: place.depth > known[at].depth, known[at + 1 :])
    return frozenset(place.id for place in (*known[at : at + 1], *below))
