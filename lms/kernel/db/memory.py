"""What a worker remembers of this installation's database between units of work, to ask less of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import current_app

Memory = TypeVar("Memory")
_BEGINNING = "cadre.memory."


def memory(name: str, make: Callable[[], Memory]) -> Memory:
    """What is remembered under a name; made where there is nothing yet. Other threads may make use of it meanwhile."""
    kept = current_app.extensions
    found = kept.get(_BEGINNING + name)
    return cast(Memory, kept.setdefault(_BEGINNING + name, make()) if found is None else found)


def forget(name: str) -> None:
    """Remember nothing under a name any more."""
    current_app.extensions.pop(_BEGINNING + name, None)
