"""Where a learner stands in a course: states of steps and modules, what comes next, what is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

State = Literal["done", "started", "todo"]


def step_state(key: str, done: Collection[str], seen: Collection[str]) -> State:
    """Give the state of one step."""
    if key in done:
        return "done"
    return "started" if key in seen else "todo"


def whole_state(states: Sequence[State]) -> State:
    """Give the state of a module from those of its steps; one without steps has not been started."""
    if states and all(state == "done" for state in states):
        return "done"
    return "todo" if all(state == "todo" for state in states) else "started"


def is_complete(required: Collection[str], done: Collection[str]) -> bool:
    """Apply the completion rule: every required step is done, and there is at least one."""
    return bool(required) and all(key in done for key in required)


def continue_at(keys: Sequence[str], done: Collection[str], last: str | None) -> str | None:
    """Say at which step to go on: the one last opened, else the next that is not done, else the first such."""
    start = keys.index(last) if last in keys else 0
    return next((key for key in (*keys[start:], *keys[:start]) if key not in done), None)


def percent_done(required: Collection[str], done: Collection[str]) -> int:
    """Give the share of required steps that are done, rounded down so that 100 means all."""
    if not required:
        return 0
    return 100 * sum(key in done for key in required) // len(required)
