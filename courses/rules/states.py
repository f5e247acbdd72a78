"""The life of a course version and of an enrolment."""

from __future__ import annotations


def may_turn(old: str, new: str) -> bool:
    """Whether a course version may go from one state to another."""
    match (old, new):
        case ("draft", "published" | "discarded") | ("published", "superseded"):
            return True
        case _:
            return False


def may_close(old: str, new: str) -> bool:
    """Whether an enrolment may go from one state to another; what is closed stays closed."""
    match (old, new):
        case ("active", "completed" | "left"):
            return True
        case _:
            return False
