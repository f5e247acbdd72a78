"""Which questions an attempt shows and in what order: fixed by its seed, on every machine and in every release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import Protocol


class Drawable(Protocol):
    """A question as drawing sees it."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def objective(self) -> str | None:
        """The objective it tests."""
        ...


def draw(
    questions: Sequence[Drawable], per_objective: int | None, seed: int | str, seen: Collection[str] = ()
) -> tuple[str, ...]:
    """Draw so many questions for each objective, those not yet seen first; None takes all, in order.

    Objectives keep the order of the paper; questions without one form a group of their own.
    """
    if per_objective is None:
        return tuple(question.id for question in questions)
    groups: dict[str | None, list[str]] = {}
    for question in questions:
        groups.setdefault(question.objective, []).append(question.id)
    drawn: list[str] = []
    for group in groups.values():
        ranked = sorted(group, key=lambda name: (name in seen, _lot(seed, name)))
        drawn += shuffled(ranked[:per_objective], seed)
    return tuple(drawn)


def shuffled(option_ids: Iterable[str], seed: int | str) -> tuple[str, ...]:
    """Shuffle ids; the outcome depends on seed and ids alone, never on the order they came in.

    Give each question a seed of its own, such as the attempt's with the question's id.
    """
    return tuple(sorted(option_ids, key=lambda name: _lot(seed, name)))


def aliases(option_ids: Iterable[str], seed: int | str) -> dict[str, str]:
    """Give ids other names for one attempt (`1`, `2` …, in shuffled order), where the ids would tell the answer."""
    return {name: str(number) for number, name in enumerate(shuffled(option_ids, seed), start=1)}


def _lot(seed: int | str, name: str) -> tuple[bytes, str]:
    """Cast the lot of one id under a seed."""
    return sha256(f"{seed}\x00{name}".encode()).digest(), name
