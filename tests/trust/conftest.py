"""The government of the walks, for faults that happen to it."""

from tests.house.conftest import founded, world

__all__ = ["founded", "world"]
